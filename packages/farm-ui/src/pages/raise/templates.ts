/** The examples of the repository with the files that they name, put here by `tools/page` when the page is built. */
declare const COOP_EXAMPLES: string;

/** A manifest to begin with. */
export interface Template {
  /** Its file's name without the ending: `demo`. */
  readonly name: string;
  readonly text: string;
  /** Its first words, in one sentence. */
  readonly says: string;
  /** Files that it names (`model: file:PATH`), by that name. */
  readonly files: Readonly<Record<string, string>>;
}

interface Example {
  readonly name: string;
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
}

const FIRST: readonly string[] = ["demo", "aria", "local-ollama", "manager", "worker"];

/** What a hen can begin with, the simplest first. */
export const TEMPLATES: readonly Template[] = (JSON.parse(COOP_EXAMPLES) as readonly Example[])
  .map((example) => ({ ...example, says: firstSentence(example.text) }))
  .sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));

/** A template by its name. */
export function templateOf(name: string | null | undefined): Template | undefined {
  return TEMPLATES.find((template) => template.name === name);
}

/** The first sentence of the comment that a manifest begins with. */
export function firstSentence(text: string): string {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !/^#\s*\S/.test(line));
  const comment = lines
    .slice(0, Math.max(0, end))
    .map((line) => line.replace(/^#\s*/, ""))
    .join(" ");
  return /^.*?[.:](?=\s|$)/.exec(comment)?.[0].replace(/:$/, ".") ?? comment;
}

function rank(name: string): number {
  const at = FIRST.indexOf(name);
  return at < 0 ? FIRST.length : at;
}

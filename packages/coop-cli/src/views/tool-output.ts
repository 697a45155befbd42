/** What a tool gave back, taken apart for a person. */
export interface ToolOutput {
  /** Short facts, as `exit_code 1`. */
  readonly facts: readonly string[];
  /** Something went another way than usual: a command failed, an output was cut. */
  readonly isUnusual: boolean;
  /** Texts worth their own lines, the main one without a name. */
  readonly texts: readonly { readonly name: string; readonly text: string }[];
}

/** The field of each tool's output that is what one wanted to know (contract/tools-sandbox.md §1). */
const MAIN_FIELDS: readonly string[] = ["stdout", "content", "output", "body"];
/** Shown only when they say something went another way than usual. */
const USUAL: Readonly<Record<string, unknown>> = { exit_code: 0, timed_out: false, truncated: false, stderr: "" };
/** Left out for a person, who finds them in the journal's JSON. */
const UNTOLD_FIELDS: readonly string[] = ["headers"];
const FACT_CHARS_MAX = 80;

/** Takes the JSON of a tool's result apart; anything else is one text. */
export function readToolOutput(content: string): ToolOutput {
  const fields = parseObject(content);
  if (fields === undefined) return { facts: [], isUnusual: false, texts: [{ name: "", text: content }] };
  const facts: string[] = [];
  const texts: { name: string; text: string }[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (UNTOLD_FIELDS.includes(name) || (Object.hasOwn(USUAL, name) && USUAL[name] === value)) continue;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (MAIN_FIELDS.includes(name)) texts.unshift({ name: "", text });
    else if (text.length > FACT_CHARS_MAX || text.includes("\n") || name === "stderr") texts.push({ name, text });
    else facts.push(`${name} ${text}`);
  }
  const isUnusual = ["exit_code", "timed_out", "truncated"].some(
    (name) => fields[name] && fields[name] !== USUAL[name],
  );
  return { facts, isUnusual, texts };
}

function parseObject(content: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined; // an error text, or a tool that answers in prose
  }
}

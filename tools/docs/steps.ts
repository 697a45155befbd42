import type { Block, Page } from "./page.ts";

/** What a reader does with a page, in order. */
export type Step =
  /** Types a block of commands and compares what it shows. */
  | {
      readonly kind: "run";
      readonly line: number;
      readonly script: string;
      readonly exit: number;
      readonly shows?: string;
    }
  /** Starts a daemon in a terminal of its own; the one before is stopped first. */
  | { readonly kind: "daemon"; readonly line: number; readonly script: string }
  /** Saves a block as a file in the folder that they are in. */
  | { readonly kind: "file"; readonly line: number; readonly name: string; readonly text: string }
  /** What can't be done here, and why. */
  | { readonly kind: "skip"; readonly line: number; readonly reason: string };

/** The languages that a block may have; so a command cannot hide in one that nobody runs. */
const LANGUAGES = new Set(["sh", "text", "yaml", "json", "http", "ini", "nginx", "dockerfile", "caddyfile"]);
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  sh: ["skip", "exit", "daemon"],
  text: ["output"],
  yaml: ["file", "script", "foreign"],
  json: ["file"],
};
/** What only a block that is run may begin a line with. */
const COMMAND = /^(?:\$ )?(?:coop|coopd|npm|npx|sudo|docker|curl|systemctl|apt-get) /m;

/**
 * The steps of a page: ` ```sh ` runs, ` ```sh exit=7 ` must end with 7, ` ```sh daemon ` starts a daemon, ` ```sh skip="reason" ` is not
 * run and says why, ` ```text output ` right behind a block is what it shows, ` ```yaml file=NAME ` is saved.
 * @throws Error naming page and line of a block that is none of these
 */
export function toSteps(page: Page): readonly Step[] {
  const steps: Step[] = [];
  let before: Block | undefined;
  for (const block of page.blocks) {
    const place = `${page.path}:${block.line}`;
    checkBlock(place, block);
    const { language, attributes, text, line } = block;
    const file = attributes.get("file");
    const reason = attributes.get("skip");
    if (language === "sh" && reason !== undefined) steps.push({ kind: "skip", line, reason });
    else if (language === "sh" && attributes.has("daemon")) steps.push({ kind: "daemon", line, script: text });
    else if (language === "sh") {
      steps.push({ kind: "run", line, script: text, exit: Number(attributes.get("exit") ?? 0) });
    } else if (file !== undefined) steps.push({ kind: "file", line, name: file, text });
    else if (attributes.has("output")) {
      const last = steps.at(-1);
      if (before?.language !== "sh") throw new Error(`${place}: an output stands right behind its sh block`);
      if (last?.kind === "run") steps[steps.length - 1] = { ...last, shows: text };
    }
    before = block;
  }
  return steps;
}

function checkBlock(place: string, { language, attributes, text }: Block): void {
  if (!LANGUAGES.has(language)) {
    throw new Error(`${place}: the block's language is "${language}"; one of ${[...LANGUAGES].join(", ")} is needed`);
  }
  for (const name of attributes.keys()) {
    if (!(ATTRIBUTES[language] ?? []).includes(name)) throw new Error(`${place}: ${language} knows no "${name}"`);
  }
  const reason = attributes.get("skip");
  if (reason !== undefined && reason.length < 10) throw new Error(`${place}: skip wants a reason in words`);
  if (!/^\d+$/.test(attributes.get("exit") ?? "0")) throw new Error(`${place}: exit wants a number`);
  if (language === "text" && !attributes.has("output") && COMMAND.test(text)) {
    throw new Error(`${place}: has a command in it that nobody runs; make it a sh block`);
  }
}

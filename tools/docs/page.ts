/** A fenced block of a Markdown page. */
export interface Block {
  /** The first word of its info string; empty when it has none. */
  readonly language: string;
  /** The rest of its info string: `exit=7`, `skip="reason"`, a bare word is `true`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
  /** Of its fence, from 1. */
  readonly line: number;
}

/** A link or a picture that points at something of this repository. */
export interface PageLink {
  /** As written, `file.md#anchor`. */
  readonly target: string;
  readonly line: number;
}

/** What the documents' test needs to know of a Markdown file. */
export interface Page {
  /** From the repository's root. */
  readonly path: string;
  readonly blocks: readonly Block[];
  readonly links: readonly PageLink[];
  /** What `#…` may name: the headings as GitHub makes them anchors. */
  readonly anchors: ReadonlySet<string>;
  /** `inline code`, with its line. */
  readonly code: readonly { readonly text: string; readonly line: number }[];
  /** Lines that Markdown would show as code without a fence, which would keep a command from being run. */
  readonly indentedCode: readonly number[];
}

const FENCE = /^( *)(`{3,})([^`]*)$/;

/** Reads one Markdown file. @throws Error naming the line of a fence that is never closed or an attribute that is none */
export function parsePage(path: string, markdown: string): Page {
  const { blocks, prose } = splitFences(path, markdown);
  const links: PageLink[] = [];
  const code: { text: string; line: number }[] = [];
  const anchors = new Set<string>();
  const indentedCode: number[] = [];
  let isList = false;
  for (const [at, text] of prose.entries()) {
    const line = at + 1;
    const heading = /^#{1,6} +(.+?) *$/.exec(text)?.[1];
    if (heading !== undefined) anchors.add(nextAnchor(anchors, toAnchor(heading)));
    if (/^ *(?:[-*]|\d+\.) /.test(text)) isList = true;
    else if (/^\S/.test(text)) isList = false;
    if (!isList && /^ {4,}\S/.test(text) && (prose[at - 1] ?? "").trim() === "") indentedCode.push(line);
    for (const match of text.matchAll(/`([^`]+)`/g)) code.push({ text: match[1] ?? "", line });
    const words = text.replace(/`[^`]*`/g, (inner) => "`".repeat(inner.length));
    for (const match of words.matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)) links.push({ target: match[1] ?? "", line });
  }
  return { path, blocks, links, anchors, code, indentedCode };
}

/** The blocks, and every line of the page with those of the blocks emptied. */
function splitFences(path: string, markdown: string): { blocks: readonly Block[]; prose: readonly string[] } {
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { indent: string; ticks: string; info: string; line: number; lines: string[] } | undefined;
  for (const [at, text] of markdown.split("\n").entries()) {
    const [, indent = "", ticks = "", info = ""] = FENCE.exec(text) ?? [];
    if (open === undefined && ticks !== "") {
      open = { indent, ticks, info: info.trim(), line: at + 1, lines: [] };
    } else if (open !== undefined && ticks === open.ticks && info.trim() === "") {
      const { language, attributes } = parseInfo(`${path}:${open.line}`, open.info);
      blocks.push({ language, attributes, text: `${open.lines.join("\n")}\n`, line: open.line });
      open = undefined;
    } else if (open !== undefined) {
      open.lines.push(text.startsWith(open.indent) ? text.slice(open.indent.length) : text.trimStart());
    }
    prose.push(open === undefined && ticks === "" ? text : "");
  }
  if (open !== undefined) throw new Error(`${path}:${open.line}: the block is never closed`);
  return { blocks, prose };
}

function parseInfo(place: string, info: string): Pick<Block, "language" | "attributes"> {
  const [language = "", rest = ""] = [/^\S*/.exec(info)?.[0] ?? "", info.replace(/^\S*\s*/, "")];
  const attributes = new Map<string, string>();
  const left = rest.replace(/([a-z]+)(?:=(?:"([^"]*)"|([^\s"]+)))?(?:\s+|$)/g, (_, name, quoted, bare) => {
    attributes.set(name, quoted ?? bare ?? "true");
    return "";
  });
  if (left !== "") throw new Error(`${place}: "${left}" is no attribute: NAME, NAME=WORD or NAME="WORDS"`);
  return { language, attributes };
}

/** As GitHub does: lower case, marks taken out, blanks to dashes. */
function toAnchor(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}

function nextAnchor(taken: ReadonlySet<string>, anchor: string): string {
  if (!taken.has(anchor)) return anchor;
  let count = 1;
  while (taken.has(`${anchor}-${count}`)) count += 1;
  return `${anchor}-${count}`;
}

/** Where a cursor stands in a manifest: what may be written there. */
export interface YamlPlace {
  /** Keys down to there; `"[]"` is an item of a list. For a value the last one is its own key. */
  readonly path: readonly string[];
  readonly kind: "key" | "value";
  /** What was begun to be written, right before the cursor. */
  readonly begun: string;
  /** Keys that the same map has already, for a key. */
  readonly taken: readonly string[];
  /** How far the key stands from the left edge, for what goes below it. */
  readonly indent: number;
}

interface Line {
  /** Where its key begins, behind dashes. */
  readonly indent: number;
  /** Where its first dash stands; undefined without one. */
  readonly dash: number | undefined;
  readonly key: string | undefined;
}

const KEY = /^(["']?)([\w.-]+)\1\s*:(?:\s|$)/;

/**
 * What may be written at `offset`, by the indentation of the lines above and by braces in the line itself: it is asked while the
 * text is not YAML yet, so it does not parse. Undefined in comments, in long texts, and where nothing can be told.
 */
export function placeAt(text: string, offset: number): YamlPlace | undefined {
  const lines = text.split("\n");
  const row = text.slice(0, offset).split("\n").length - 1;
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const before = text.slice(start, offset);
  const [, lead = "", rest = ""] = /^(\s*(?:-\s+)*)(.*)$/.exec(before) ?? [];
  if (/(?:^|\s)#/.test(rest)) return undefined;
  const dash = lead.includes("-") ? lead.indexOf("-") : undefined;
  const here: Line = { indent: lead.length, dash, key: undefined };
  const path = parentsOf(lines, row, here);
  const flow = inFlow(rest);
  if (flow !== undefined) return { ...flow, path: [...path, ...flow.path], indent: lead.length };
  const value = /^(["']?)([\w.-]+)\1\s*:\s+(\S*)$/.exec(rest);
  if (value !== null) {
    const [, , key = "", begun = ""] = value;
    return { path: [...path, key], kind: "value", begun, taken: [], indent: lead.length };
  }
  if (!/^[\w.-]*$/.test(rest)) return undefined;
  return { path, kind: "key", begun: rest, taken: siblings(lines, row, here), indent: lead.length };
}

function toLine(text: string): Line | undefined {
  const [, lead = "", rest = ""] = /^(\s*(?:-\s+)*)(.*)$/.exec(text) ?? [];
  if (rest === "" || rest.startsWith("#")) return undefined;
  return {
    indent: lead.length,
    dash: lead.includes("-") ? lead.indexOf("-") : undefined,
    key: KEY.exec(rest)?.[2],
  };
}

function parentsOf(lines: readonly string[], row: number, here: Line): string[] {
  const path: string[] = [];
  let { indent } = here;
  let isList = false;
  const stepOut = (dash: number) => {
    path.unshift("[]");
    indent = dash;
    isList = true; // `tools:` may stand right above `- bash`, as far in
  };
  if (here.dash !== undefined) stepOut(here.dash);
  for (let at = row - 1; at >= 0 && (indent > 0 || isList); at -= 1) {
    const line = toLine(lines[at] ?? "");
    if (line === undefined) continue;
    if (line.indent === indent && line.dash !== undefined && !isList) {
      stepOut(line.dash);
    } else if (line.key !== undefined && (line.indent < indent || (isList && line.indent === indent && !line.dash))) {
      path.unshift(line.key);
      indent = line.indent;
      isList = false;
      if (line.dash !== undefined) stepOut(line.dash);
    }
  }
  return path;
}

function siblings(lines: readonly string[], row: number, here: Line): string[] {
  const found: string[] = [];
  const look = (step: -1 | 1) => {
    if (step === -1 && here.dash !== undefined) return;
    for (let at = row + step; at >= 0 && at < lines.length; at += step) {
      const line = toLine(lines[at] ?? "");
      if (line === undefined) continue;
      if (line.indent < here.indent || (step === 1 && line.dash !== undefined && line.dash < here.indent)) return;
      if (line.indent === here.indent && line.key !== undefined) found.push(line.key);
      if (line.indent === here.indent && line.dash !== undefined) return;
    }
  };
  look(-1);
  look(1);
  return found;
}

/** `brain: { provider: a, mo|`, `tools: [bash, ht|`: what stands inside braces that the line itself opened. */
function inFlow(rest: string): Omit<YamlPlace, "indent"> | undefined {
  const open: { readonly brace: string; readonly keys: string[]; key: string | undefined }[] = [];
  let word = "";
  let key = KEY.exec(rest)?.[2];
  for (const char of rest.slice(key === undefined ? 0 : rest.indexOf(":") + 1)) {
    const inner = open.at(-1);
    if (char === "{" || char === "[") {
      open.push({ brace: char, keys: [], key });
      key = undefined;
      word = "";
    } else if (char === "}" || char === "]") {
      open.pop();
      word = "";
    } else if (char === ",") {
      key = undefined;
      word = "";
    } else if (char === ":" && inner?.brace === "{") {
      key = word.trim();
      inner.keys.push(key);
      word = "";
    } else word += char;
  }
  const last = open.at(-1);
  if (last === undefined) return undefined;
  const path = open.flatMap((one) => (one.key === undefined ? [] : [one.key]));
  const begun = word.trim();
  if (last.brace === "[") return { path: [...path, "[]"], kind: "value", begun, taken: [] };
  if (key !== undefined) return { path: [...path, key], kind: "value", begun, taken: [] };
  return { path, kind: "key", begun, taken: last.keys };
}

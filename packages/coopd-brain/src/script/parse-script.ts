import { CoopError, quote } from "coopd-core";
import { type Document, LineCounter, parseDocument } from "yaml";
import { readPlaces } from "./read-places.ts";
import { SCRIPT_BYTES_MAX, type Script } from "./script.ts";
import { FAULTS_MAX, type ScriptFault, toScriptError } from "./script-fault.ts";
import { placeAt, placeOf, scanNodes } from "./yaml-places.ts";

/** How often one anchor may be used; the library counts aliases inside aliases too, so a YAML bomb ends here. */
const ALIASES_MAX = 1_000;

/**
 * Reads a script (docs/scripted-brain.md). Never hangs and never overflows the stack, whatever the text: 256 KiB of the
 * worst take about 0.5 s.
 * @throws CoopError `script_invalid` with up to 20 faults in its message and in `details.faults`
 */
export function parseScript(text: string): Script {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > SCRIPT_BYTES_MAX) {
    const message = `has ${bytes} bytes; the limit is ${SCRIPT_BYTES_MAX}`;
    throw toScriptError([{ line: 1, column: 1, path: "", message }]);
  }
  const lines = new LineCounter();
  const { doc, value } = parseYaml(text, lines);
  const faults: ScriptFault[] = [];
  const places = readPlaces(value, (path, message, key) => {
    if (faults.length >= FAULTS_MAX) return;
    faults.push({ ...placeOf(doc, lines, path, key), path: pathText(path), message });
  });
  if (faults.length > 0) throw toScriptError(faults);
  return { places };
}

function parseYaml(text: string, lines: LineCounter): { doc: Document; value: unknown } {
  const fault = (offset: number, message: string) => ({ ...placeAt(lines, offset), path: "", message });
  try {
    const doc = parseDocument(text, { ...YAML_OPTIONS, lineCounter: lines });
    const problems = [...doc.errors, ...doc.warnings].slice(0, FAULTS_MAX);
    if (problems.length > 0) throw toScriptError(problems.map((it) => fault(it.pos[0], yamlMessage(it.message))));
    const { repeatedKeys, loneAliases } = scanNodes(doc);
    const faults = [
      ...repeatedKeys.map(({ name, offset }) => fault(offset, `has the key ${quote(name)} twice`)),
      ...loneAliases.map(({ name, offset }) => fault(offset, `has the alias ${quote(name)}, which no anchor defines`)),
    ];
    if (faults.length > 0) throw toScriptError(faults.slice(0, FAULTS_MAX));
    return { doc, value: doc.toJS({ maxAliasCount: ALIASES_MAX }) };
  } catch (error) {
    if (error instanceof CoopError) throw error;
    // The library throws RangeError where nesting overflows its stack and ReferenceError on too many aliases.
    throw toScriptError([fault(0, "is nested too deeply, or uses its aliases too often or too early")], error);
  }
}

/**
 * Only what JSON has, too: no tags of YAML 1.1 (a `!!binary` would become a Buffer). The library's check of keys that
 * occur twice takes seconds on a map of 30,000 keys, so {@link scanNodes} does it in linear time.
 */
const YAML_OPTIONS = { schema: "core", resolveKnownTags: false, uniqueKeys: false, prettyErrors: false } as const;

/** The library quotes the text, which may be long and have control characters in it. */
function yamlMessage(message: string): string {
  return `is not YAML: ${message.slice(0, 200).replaceAll(/\p{Cc}/gu, " ")}`;
}

/** As a person counts turns: `turn 2: cases[0].tools[1].name`. */
function pathText(path: readonly PropertyKey[]): string {
  const [turn, ...rest] = path;
  if (turn === undefined) return "";
  const inside = rest.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return `turn ${Number(turn) + 1}: ${inside.slice(1)}`.trimEnd();
}

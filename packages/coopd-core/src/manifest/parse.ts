import { createFaultList, type FaultList, type ManifestFault, toManifestError } from "./faults.ts";
import type { Manifest } from "./manifest.ts";
import { type Draft, readDraft } from "./read/draft.ts";
import { createReading, type Reading } from "./read/reading.ts";
import { judgeAgent, judgeLease, judgeResources, judgeTools } from "./rules/agent.ts";
import { judgeBrain } from "./rules/brain.ts";
import { judgeNetwork } from "./rules/network.ts";
import type { Rule } from "./rules/report.ts";
import { warn } from "./rules/warnings.ts";
import { manifestSchema } from "./schema/manifest.ts";
import { checkSource, decodeSource } from "./source/text.ts";
import { parseTree } from "./source/tree.ts";

export interface ParsedManifest {
  /** With every default filled in, as it is stored and sent. */
  readonly manifest: Manifest;
  /** What is valid and still has no effect, or not the one it seems to have; in the order of the text. */
  readonly warnings: readonly ManifestFault[];
}

const RULES: readonly Rule[] = [judgeAgent, judgeBrain, judgeTools, judgeLease, judgeNetwork, judgeResources];

/**
 * Reads agent.yaml (contract/manifest.md). JSON is YAML, so a stored manifest reads back as itself.
 *
 * @throws CoopError `manifest_invalid`, and nothing else whatever the text: its message and `details.faults`
 * ({@link ManifestFault}[]) name every fault at once, each with line, column and path. Takes at most some 0.3 s.
 */
export function parseManifest(text: string): ParsedManifest {
  const faults = createFaultList();
  const tree = checkSource(text, faults) ? parseTree(text, faults) : undefined;
  if (tree === undefined) throw toManifestError(faults);
  const reading = createReading(faults);
  const draft = readDraft(tree, reading);
  for (const rule of RULES) apply(rule, draft, reading, faults);
  if (faults.count > 0) throw toManifestError(faults);
  const warnings = createFaultList();
  apply(warn, draft, reading, warnings);
  return { manifest: toManifest(draft, faults), warnings: warnings.sorted() };
}

/** The schema has the last word: what it refuses of a draft without faults is refused, were the reader ever wrong. */
function toManifest(draft: Draft<Manifest>, faults: FaultList): Manifest {
  const verdict = manifestSchema.safeParse(draft);
  if (verdict.success) return verdict.data;
  for (const { path, message } of verdict.error.issues) {
    faults.add({ line: 1, column: 1, path: path.join("."), message });
  }
  throw toManifestError(faults);
}

/**
 * Reads agent.yaml as it came: UTF-8 without a byte order mark, at most 262,144 bytes.
 *
 * @throws CoopError `manifest_invalid`, as {@link parseManifest}
 */
export function parseManifestBytes(bytes: Uint8Array): ParsedManifest {
  const faults = createFaultList();
  const text = decodeSource(bytes, faults);
  if (text === undefined) throw toManifestError(faults);
  return parseManifest(text);
}

/** A rule names a path; the fault stands at that value, or at the nearest one around it that is written in the text. */
function apply(rule: Rule, draft: Draft<Manifest>, reading: Reading, into: FaultList): void {
  const { places } = reading;
  rule(
    draft,
    (path, message, { expected, nearest } = {}) => {
      let written = path;
      while (written !== "" && !places.has(written)) written = written.replace(/(?:^|\.)[^.[\]]+$|\[\d+\]$/, "");
      into.add({
        ...(places.get(written) ?? { line: 1, column: 1 }),
        path,
        message,
        ...(expected === undefined ? {} : { expected }),
        ...(nearest === undefined ? {} : { nearest }),
      });
    },
    (path) => places.has(path),
  );
}

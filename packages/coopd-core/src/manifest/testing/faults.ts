import { CoopError } from "../../errors/coop-error.ts";
import { describeFault, type ManifestFault } from "../faults.ts";
import { parseManifest } from "../parse.ts";

/** Six lines that are a whole manifest; what a test adds starts in line 7. */
export const WHOLE = `spec_version: coop/v1
name: pip
brain:
  provider: script
  model: demo
  provider_id: none
`;

/** A manifest whose brain is these lines; they start in line 4. */
export function withBrain(lines: string): string {
  return `spec_version: coop/v1\nname: pip\nbrain:\n${lines}\n`;
}

/** The faults of a text that must be refused, each as `line:column path: message; …`, in the order of the text. */
export function faultsOf(text: string): readonly string[] {
  return rawFaultsOf(() => parseManifest(text)).map(describeFault);
}

/** What `read` refuses with; anything but `manifest_invalid` goes on as it is, and fails the test. */
export function rawFaultsOf(read: () => unknown): readonly ManifestFault[] {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof CoopError && thrown.code === "manifest_invalid") {
      return thrown.details?.faults as readonly ManifestFault[];
    }
    throw thrown;
  }
  return [];
}

/** Each fault cut to the length of what is expected in its place, so that a test need not repeat long lists. */
export function beginnings(found: readonly string[], expected: readonly string[]): string[] {
  return found.map((fault, index) => fault.slice(0, expected[index]?.length));
}

/** A test case: what it is, the text, and how each of its faults begins. */
export type BadManifest = readonly [name: string, text: string, ...faults: string[]];

import type { Manifest } from "../manifest.ts";
import type { Draft } from "../read/draft.ts";

/** What may be wrong between keys. Each rule looks only at parts that are sound; a part at fault is undefined in the draft. */
export type Rule = (draft: Draft<Manifest>, report: Report, isWritten: (path: string) => boolean) => void;

/** Says that a rule is broken, or, from the warnings, that something written has no effect. */
export type Report = (
  path: string,
  message: string,
  more?: { readonly expected?: string; readonly nearest?: string | undefined },
) => void;

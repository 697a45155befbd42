import { keep, readKept } from "../../data/browser-store.ts";
import { hens } from "../../data/farm-state.ts";
import { readValues, valueAt, withValue } from "../../manifest/manifest-document.ts";
import { pickName } from "./hen-names.ts";
import { TEMPLATES, type Template } from "./templates.ts";

/** Names that hens of this farm have. */
export function takenNames(): ReadonlySet<string> {
  return new Set([...hens.peek().values()].map(({ manifest }) => manifest.name));
}

/** A template's text with a name that is free, and, for an heir, with whose memory it begins. */
export function startText(template: Template | undefined, heirOf: string | null): string {
  const chosen = template ?? TEMPLATES[0];
  const taken = takenNames();
  let text = chosen?.text ?? "spec_version: coop/v1\n";
  const name = valueAt(readValues(text).values, ["name"]);
  const isFree = template !== undefined && typeof name === "string" && !taken.has(name);
  if (!isFree) text = withValue(text, ["name"], pickName(taken)) ?? text;
  if (template === undefined)
    text = text.replace(/^(?:#.*\n)+/, "# A hen of your own: the form and this text are one thing.\n");
  return heirOf === null ? text : (withValue(text, ["memory", "inherit_from"], heirOf) ?? text);
}

const KEPT = "coop-raise-text";

/** What was being written when the page was left or loaded anew; a tab's own. */
export function keptText(): string | undefined {
  return readKept(KEPT, "tab");
}

/** Keeps it, or, with undefined, lets go of it. */
export function keepText(text: string | undefined): void {
  keep(KEPT, text, "tab");
}

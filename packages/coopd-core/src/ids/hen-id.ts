import { CoopError } from "../errors/coop-error.ts";
import type { Brand } from "./brand.ts";

/** `<CoopId>/<name>` (contract/domain.md §1). */
export type HenId = Brand<"HenId">;
/** A farm's DNS-like name, as `local.coop`. */
export type CoopId = Brand<"CoopId">;

const COOP_ID = /^[a-z0-9.\-:[\]]{1,253}$/;
const HEN_NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** @throws CoopError `bad_id` when the text is not 1–253 of `a-z0-9.-:[]`. */
export function parseCoopId(text: string): CoopId {
  if (!COOP_ID.test(text)) {
    throw new CoopError("bad_id", `"${clip(text)}" is not a coop id: 1-253 characters of a-z 0-9 . - : [ ]`);
  }
  return text as CoopId;
}

/** True for 1–32 of `a-z0-9-` starting with a letter. */
export function isHenName(text: string): boolean {
  return HEN_NAME.test(text);
}

/** @throws CoopError `bad_id` when the name is not 1–32 of `a-z0-9-` starting with a letter. */
export function parseHenName(text: string): string {
  if (!isHenName(text)) {
    throw new CoopError(
      "bad_id",
      `"${clip(text)}" is not a hen name: 1-32 characters of a-z 0-9 -, the first a letter, as in "aria"`,
    );
  }
  return text;
}

/** Splits at the first `/`. @throws CoopError `bad_id` */
export function parseHenId(text: string): HenId {
  const slash = text.indexOf("/");
  if (slash < 0) throw new CoopError("bad_id", `"${clip(text)}" is not a hen id: <coop>/<name>, as in local.coop/aria`);
  parseCoopId(text.slice(0, slash));
  parseHenName(text.slice(slash + 1));
  return text as HenId;
}

/** The id of a farm's hen. @throws CoopError `bad_id` for a name outside the grammar */
export function toHenId(coop: CoopId, name: string): HenId {
  return `${coop}/${parseHenName(name)}` as HenId;
}

/** The part behind the slash. */
export function henName(id: HenId): string {
  return id.slice(id.indexOf("/") + 1);
}

/**
 * The folder name of a hen's workdir: `local.coop/aria` → `local-coop__aria` (contract/domain.md §1).
 * The original maps `a.b` and `a-b` to one folder; a coop id with anything but letters, digits and dots
 * therefore carries its own bytes in hex behind the name, so two hens never share a workdir.
 */
export function workdirKey(id: HenId): string {
  const coop = id.slice(0, id.indexOf("/"));
  const plain = `${coop.replace(/[^a-z0-9-]/g, "-")}__${henName(id)}`;
  if (/^[a-z0-9.]+$/.test(coop)) return plain;
  const bytes = Array.from(new TextEncoder().encode(coop), (byte) => byte.toString(16).padStart(2, "0"));
  return `${plain}__${bytes.join("")}`;
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

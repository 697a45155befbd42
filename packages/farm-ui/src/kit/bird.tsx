import type { HenAnswer } from "coop-client";
import { toSeenText } from "./plain-text.tsx";

/** The feathers of hens whose manifest says nothing about them. */
const FEATHERS: readonly string[] = ["#c8843a", "#efe3cc", "#7c5a41", "#d9a94f", "#5d5651", "#b9b0a4", "#a4552f"];

/** A number that stays the same for a hen, 0 to 1; `salt` makes another. */
export function luckOf(id: string, salt = 0): number {
  let hash = 2_166_136_261 ^ salt;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 16_777_619);
  hash ^= hash >>> 15;
  return ((Math.imul(hash, 2_246_822_519) >>> 8) & 0xffff) / 0x10000;
}

/** The colour of its manifest, where that is a plain one. */
export function colourOf(hen: HenAnswer): string | undefined {
  const wanted = hen.manifest.visual?.theme_color?.trim() ?? "";
  return /^(?:#[0-9a-f]{3,8}|[a-z]{3,24})$/i.test(wanted) && CSS.supports("color", wanted) ? wanted : undefined;
}

/** The colour of its feathers: its manifest's, else one by its name. */
function feathersOf(hen: HenAnswer): string {
  return colourOf(hen) ?? FEATHERS[Math.floor(luckOf(hen.id) * FEATHERS.length)] ?? "#c8843a";
}

/** The emoji of its manifest: its first sign alone, since the field may hold anything; empty where there is none. */
export function emojiOf(hen: HenAnswer): string {
  const wanted = hen.manifest.visual?.emoji ?? "";
  if (wanted === "") return "";
  const [first] = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(wanted.slice(0, EMOJI_UNITS_MAX));
  return toSeenText(first?.segment ?? "");
}

/** The longest family emoji has 11 code points. */
const EMOJI_UNITS_MAX = 28;

/** Which drawing a hen is. */
function drawingOf(hen: HenAnswer): string {
  if (hen.state === "DEFINED") return "bird-egg";
  if (hen.state === "HATCHING") return "bird-hatching";
  if (hen.state === "ARCHIVED") return "bird-portrait";
  if (hen.state === "SLEEPING" || hen.state === "DORMANT") return "bird-asleep";
  return hen.manifest.sex === "rooster" ? "bird-rooster" : "bird-hen";
}

/** A hen as it is drawn. */
export function BirdDrawing({ hen }: { readonly hen: HenAnswer }) {
  return (
    <svg
      class="bird-drawing"
      viewBox="0 0 64 58"
      aria-hidden="true"
      focusable="false"
      style={{ "--feather": feathersOf(hen) }}
    >
      <use href={`#${drawingOf(hen)}`} />
    </svg>
  );
}

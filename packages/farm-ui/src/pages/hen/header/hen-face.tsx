import type { HenAnswer } from "coop-client";
import { Icon } from "../../../kit/icon.tsx";
import { toSeenText } from "../../../kit/plain-text.tsx";

const LETTERS = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Its emoji on its colour, where the manifest has such; the address of a picture is never followed. */
export function HenFace({ hen }: { readonly hen: HenAnswer }) {
  const { emoji, theme_color: colour } = hen.manifest.visual ?? {};
  const [letter] = LETTERS.segment(emoji ?? "");
  const isColour = typeof colour === "string" && CSS.supports("color", colour) && !/var\(|url\(/i.test(colour);
  return (
    <span class="hen-face" aria-hidden="true" style={isColour ? { backgroundColor: colour } : undefined}>
      {letter === undefined ? <Icon name="hen" /> : toSeenText(letter.segment)}
    </span>
  );
}

import type { HenAnswer } from "coop-client";
import { BirdDrawing, colourOf, emojiOf } from "../../../kit/bird.tsx";
import { BirdSymbols } from "../../../kit/bird-symbols.tsx";

/** Its emoji on its colour, where the manifest has such, else the bird of the yard; the address of a picture is never followed. */
export function HenFace({ hen }: { readonly hen: HenAnswer }) {
  const emoji = emojiOf(hen);
  if (emoji === "") {
    return (
      <span class="hen-face hen-face-drawn" aria-hidden="true">
        <BirdSymbols />
        <BirdDrawing hen={hen} />
      </span>
    );
  }
  const colour = colourOf(hen);
  return (
    <span class="hen-face" aria-hidden="true" style={colour === undefined ? undefined : { backgroundColor: colour }}>
      {emoji}
    </span>
  );
}

import type { JournalEntry, LiveEvent } from "coopd-core";
import type { Paint } from "../output/paint.ts";
import { toPlainText } from "../output/plain-text.ts";
import type { JournalStory } from "./journal-story.ts";

type Answer = Extract<JournalEntry, { readonly kind: "brain.response" }>;
type Shown = "text" | "thinking";

/**
 * Tells a job's journal together with what its brain says just now: text as it comes, and once the turn is in the journal
 * only what is new. Where the two do not agree, the journal is told whole. One story per job.
 */
export class LiveStory {
  readonly #story: JournalStory;
  readonly #paint: Paint;
  #turn = 0;
  /** The newest turn that the journal has told. */
  #told = 0;
  #shown: Record<Shown, string> = { text: "", thinking: "" };
  #last: Shown | undefined;
  /** White space that is shown only if something follows it. */
  #held = "";
  #isLineStart = true;
  /** Something of the turn is missing, so nothing more of it is shown until the journal has it. */
  #isBroken = false;

  constructor(story: JournalStory, paint: Paint) {
    this.#story = story;
    this.#paint = paint;
  }

  /** What to print for a live event; empty where there is nothing new. */
  tellLive(event: LiveEvent): string {
    switch (event.type) {
      case "turn":
        return event.turn > this.#told ? this.#begin(event.turn) : "";
      case "text":
      case "thinking":
        if (event.turn !== this.#turn || this.#isBroken) return "";
        return this.#show(event.type, event.delta);
      case "restart":
        return event.turn === this.#turn ? this.#restart() : "";
      case "gap":
        this.#isBroken = true;
        return this.#freshLine();
      default:
        return "";
    }
  }

  /** What to print for an entry of the journal. */
  tellEntry(entry: JournalEntry): string {
    if (entry.kind !== "brain.response") return this.#freshLine() + this.#story.tell(entry);
    this.#told = entry.turn;
    const isBegun = entry.turn === this.#turn && this.#last !== undefined && !this.#isBroken;
    const rest = isBegun ? this.#rest(entry) : undefined;
    this.#turn = 0;
    if (rest !== undefined) return `${rest}${this.#freshLine()}${this.#story.tellEffort(entry)}`;
    return this.#freshLine() + this.#story.tell(entry);
  }

  #begin(turn: number): string {
    const end = this.#freshLine();
    this.#turn = turn;
    this.#forget();
    return end;
  }

  #forget(): void {
    this.#shown = { text: "", thinking: "" };
    this.#last = undefined;
    this.#held = "";
    this.#isBroken = false;
  }

  #restart(): string {
    const wasShown = this.#last !== undefined;
    const end = this.#freshLine();
    this.#forget();
    return wasShown ? `${end}${this.#paint.yellow("  the answer broke off and begins anew")}\n` : end;
  }

  #show(kind: Shown, delta: string): string {
    const text = toPlainText(delta);
    if (text === "") return "";
    this.#shown[kind] += delta;
    const isFirst = this.#last === undefined;
    if (isFirst && text.trim() === "") return "";
    const head = isFirst ? `\n${this.#paint.cyan(`turn ${this.#turn}`)}\n` : "";
    const between = !isFirst && this.#last !== kind ? this.#freshLine() : "";
    const isFresh = this.#last !== kind;
    this.#last = kind;
    return head + between + this.#indented(isFresh ? text.trimStart() : text, kind);
  }

  #indented(text: string, kind: Shown): string {
    const all = this.#held + text;
    const seen = all.trimEnd();
    this.#held = all.slice(seen.length);
    if (seen === "") return "";
    const lead = this.#isLineStart ? "  " : "";
    this.#isLineStart = false;
    const lines = `${lead}${seen.replaceAll("\n", "\n  ")}`;
    return kind === "thinking" ? this.#paint.dim(lines) : lines;
  }

  /** What of the answer was not shown yet; undefined when it is another than what was shown. */
  #rest({ content }: Answer): string | undefined {
    const textOf = (kind: Shown) => content.map((it) => (it.type === kind ? it.text : "")).join("");
    const [thinking, text] = [textOf("thinking"), textOf("text")];
    if (!thinking.startsWith(this.#shown.thinking) || !text.startsWith(this.#shown.text)) return undefined;
    const restOf = (kind: Shown, all: string) => {
      const rest = all.slice(this.#shown[kind].length);
      return rest === "" ? "" : this.#show(kind, rest);
    };
    const isThoughtOver = this.#shown.text !== "";
    return (isThoughtOver ? "" : restOf("thinking", thinking)) + restOf("text", text);
  }

  #freshLine(): string {
    this.#held = "";
    if (this.#isLineStart) return "";
    this.#isLineStart = true;
    return "\n";
  }
}

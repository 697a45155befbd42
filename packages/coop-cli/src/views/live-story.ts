import type { JournalEntry, LiveEvent } from "coopd-core";
import type { Paint } from "../output/paint.ts";
import { toPlainText } from "../output/plain-text.ts";
import type { JournalStory } from "./journal-story.ts";

type Answer = Extract<JournalEntry, { readonly kind: "brain.response" }>;
type Shown = "text" | "thinking";

/** The journal is never further behind than a flush and a request; beyond, the turn is left to it. */
const EARLY_MAX = 4_096;

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
  /** The newest turn of which the journal has told the beginning. */
  #asked = 0;
  /** What was heard of a turn before the journal has told what led to it. */
  #early: LiveEvent[] = [];
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

  /** What to print for a live event; empty where there is nothing new, or what led to it is not told yet. */
  tellLive(event: LiveEvent): string {
    const isEarly = this.#early.length > 0 || ("turn" in event && event.turn > this.#asked);
    if (!isEarly) return this.#hear(event);
    if (this.#early.length < EARLY_MAX) this.#early.push(event);
    else this.#early = [{ type: "gap", reason: "slow" }];
    return "";
  }

  #hear(event: LiveEvent): string {
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
    if (entry.kind === "brain.request") return this.#tellAsked(entry);
    if (entry.kind !== "brain.response") return this.#freshLine() + this.#story.tell(entry);
    this.#told = entry.turn;
    const isBegun = entry.turn === this.#turn && this.#last !== undefined && !this.#isBroken;
    const rest = isBegun ? this.#rest(entry) : undefined;
    this.#turn = 0;
    if (rest !== undefined) return `${rest}${this.#freshLine()}${this.#story.tellEffort(entry)}`;
    return this.#freshLine() + this.#story.tell(entry);
  }

  /** The model is asked: what it has said meanwhile can be told. */
  #tellAsked(entry: Extract<JournalEntry, { readonly kind: "brain.request" }>): string {
    this.#asked = Math.max(this.#asked, entry.turn);
    const early = this.#early;
    this.#early = [];
    return this.#story.tell(entry) + early.map((event) => this.tellLive(event)).join("");
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

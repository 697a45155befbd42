import { type ContentBlock, inputOf, type JournalEntry } from "coopd-core";
import { type Paint, paintState } from "../output/paint.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { toDurationText } from "../output/time-text.ts";
import { clipToWidth } from "../output/width.ts";
import { toDollars } from "./cost-text.ts";
import { foldText } from "./folded-text.ts";
import { toReasonText } from "./progress-text.ts";
import { readToolOutput } from "./tool-output.ts";

export interface StoryParts {
  readonly paint: Paint;
  /** Lines shown of each tool's input and output; 0 shows all. */
  readonly linesMax: number;
  readonly columns: number;
}

type Entry<Kind extends JournalEntry["kind"]> = Extract<JournalEntry, { readonly kind: Kind }>;

/** Tells a job's journal, entry by entry, as a person would want to read it. One story per job. */
export class JournalStory {
  readonly #paint: Paint;
  readonly #linesMax: number;
  readonly #columns: number;
  #lastText = "";
  readonly #announced = new Set<string>();

  constructor({ paint, linesMax, columns }: StoryParts) {
    this.#paint = paint;
    this.#linesMax = linesMax;
    this.#columns = Math.min(columns, 200);
  }

  /** The entry's lines with a line break at the end, or nothing where a person has nothing to learn. */
  tell(entry: JournalEntry): string {
    const text = this.#lines(entry);
    return text === "" ? "" : `${text}\n`;
  }

  /** What an answer took, for a story that has shown its text already. */
  tellEffort(entry: Entry<"brain.response">): string {
    this.#lastText = entry.content.findLast((block) => block.type === "text")?.text.trim() ?? this.#lastText;
    return `${this.#paint.dim(`  ${this.#effort(entry)}`)}\n`;
  }

  #lines(entry: JournalEntry): string {
    switch (entry.kind) {
      case "opened":
        return this.#tellOpened(entry);
      case "brain.request":
        return "";
      case "brain.failed":
        return this.#tellFailure(entry);
      case "brain.response":
        return this.#tellAnswer(entry);
      case "tool.intent":
        return this.#tellCall(entry.turn, entry.call_id, entry.tool, entry.input);
      case "tool.result":
        return this.#tellResult(entry);
      case "child.spawned":
        return this.#paint.magenta(`  ↳ ${toPlainLine(entry.hen_id)} works on it as job ${toPlainLine(entry.job_id)}`);
      case "child.result":
        return this.#paint.magenta(`  ↳ job ${toPlainLine(entry.job_id)} ended ${toPlainLine(entry.status)}`);
      case "note":
        return this.#paint.yellow(this.#fold(entry.text, "· "));
      case "settled":
        return this.#tellEnd(entry);
      default:
        return this.#paint.dim(toPlainLine(JSON.stringify(entry))); // an entry of a newer daemon
    }
  }

  #tellOpened({ prompt, model, tools, memory, route }: Entry<"opened">): string {
    const names = tools.map((tool) => tool.name).join(" ") || "no tools";
    const remembers = memory === null ? "" : ", with memory of earlier jobs";
    const chosen = route === undefined ? "" : `, chosen for its ${route.tier} size (${toPlainLine(route.rule)})`;
    const about = this.#paint.dim(`${toPlainLine(model)}${chosen} · ${toPlainLine(names)}${remembers}`);
    return `${this.#paint.bold(this.#fold(prompt, "» "))}\n${about}`;
  }

  #tellFailure({ provider, model, error }: Entry<"brain.failed">): string {
    return this.#paint.yellow(this.#fold(`${provider} ${model} gave no answer: ${error}`, "· "));
  }

  #tellAnswer(entry: Entry<"brain.response">): string {
    const lines = [`\n${this.#paint.cyan(`turn ${entry.turn}`)} ${this.#paint.dim(this.#effort(entry))}`];
    for (const block of entry.content) lines.push(this.#tellBlock(block));
    return lines.filter((line) => line !== "").join("\n");
  }

  #effort({ usage, latency_ms, finish_reason, call }: Entry<"brain.response">): string {
    const cut = finish_reason === "max_tokens" ? " · cut at its token limit" : "";
    const input = inputOf(usage);
    const tokens = input + usage.output_tokens > 0 ? ` · ${input} → ${usage.output_tokens} tokens` : "";
    return `${toDurationText(latency_ms)}${tokens}${paidText(call)}${cut}`;
  }

  #tellBlock(block: ContentBlock): string {
    if (block.type === "thinking") return block.text === "" ? "" : this.#paint.dim(this.#fold(block.text, "  "));
    if (block.type !== "text") return ""; // its intent follows
    this.#lastText = block.text.trim();
    return this.#fold(block.text, "  ", 0);
  }

  #tellCall(turn: number, callId: string, tool: string, input: unknown): string {
    this.#announced.add(`${turn}:${callId}`);
    const head = `${this.#paint.yellow("▸")} ${this.#paint.bold(toPlainLine(tool))}`;
    const text = inputText(input);
    const line = toPlainLine(text);
    const room = this.#columns - toPlainLine(tool).length - 3;
    if (!text.trim().includes("\n") && line.length <= room) return `${head} ${line}`.trimEnd();
    return text.trim().includes("\n")
      ? `${head}\n${this.#paint.dim(foldText(text, "  │ ", this.#linesMax))}`
      : `${head} ${this.#linesMax === 0 ? line : clipToWidth(line, Math.max(20, room))}`;
  }

  #tellResult(entry: Entry<"tool.result">): string {
    const paint = this.#paint;
    const lines: string[] = [];
    if (!this.#announced.has(`${entry.turn}:${entry.call_id}`)) {
      lines.push(this.#tellCall(entry.turn, entry.call_id, entry.tool, undefined)); // refused before it was intended
    }
    const { facts, isUnusual, texts } = readToolOutput(entry.content);
    for (const { name, text } of texts) {
      const folded = this.#fold(text, name === "" ? "  " : `  ${paint.dim(`${toPlainLine(name)}:`)} `);
      if (folded !== "") lines.push(entry.is_error ? paint.red(folded) : paint.dim(folded));
    }
    const mark = entry.is_error ? paint.red("✗") : isUnusual ? paint.yellow("!") : paint.green("✓");
    const unknown =
      entry.outcome === "unknown" ? [paint.yellow("outcome unknown: the daemon stopped while it ran")] : [];
    const tail = [paint.dim([toDurationText(entry.duration_ms), ...facts.map(toPlainLine)].join(" · ")), ...unknown];
    lines.push(`  ${mark} ${tail.join(" ")}`);
    return lines.join("\n");
  }

  #tellEnd({ status, result, error }: Entry<"settled">): string {
    const lines = [`\n${this.#paint.bold(paintState(this.#paint, status))}`];
    if (error !== null && toReasonText(status, error) !== "") {
      lines[0] += `: ${this.#paint.red(this.#fold(error, "  ").trimStart())}`;
    }
    const isNews = result !== null && result.trim() !== this.#lastText;
    if (isNews) lines.push(this.#fold(result, "  ", 0));
    return lines.filter((line) => line !== "").join("\n");
  }

  /** Folded, the first line behind `lead`, the rest below it. What the brain says is what one came for, and kept whole. */
  #fold(text: string, lead: string, linesMax = this.#linesMax): string {
    const indent = " ".repeat(lead.startsWith("  ") ? 2 : lead.length);
    const folded = foldText(text, indent, linesMax);
    return folded === "" ? "" : lead + folded.slice(indent.length);
  }
}

/** What an answer cost; nothing where nobody is paid. */
function paidText(call: Entry<"brain.response">["call"]): string {
  if (call === undefined || call.provider === "script") return "";
  if (call.cached === true) return " · from the farm's cache";
  return call.usd_micros === null ? " · cost unknown" : ` · ${toDollars(call.usd_micros)}`;
}

/** The one text of an input that has only one (a command, a path), else its JSON. */
function inputText(input: unknown): string {
  if (typeof input === "string") return input;
  if (typeof input !== "object" || input === null) return input === undefined ? "" : JSON.stringify(input);
  const entries = Object.entries(input);
  const [only] = entries;
  if (entries.length === 1 && typeof only?.[1] === "string") return only[1];
  const texts = entries.filter(([, value]) => typeof value === "string" && value.includes("\n"));
  if (texts.length === 0) return entries.map(([name, value]) => `${name}=${shortValue(value)}`).join(" ");
  const short = entries.filter(([, value]) => !(typeof value === "string" && value.includes("\n")));
  const head = short.map(([name, value]) => `${name}=${shortValue(value)}`).join(" ");
  return [head, ...texts.map(([, value]) => String(value))].filter((part) => part !== "").join("\n");
}

function shortValue(value: unknown): string {
  return typeof value === "string" && /^[^\s"]+$/.test(value) ? value : JSON.stringify(value);
}

import { toJsonArrayText, toJsonLine, toJsonText } from "./json-text.ts";
import { createPaint, type Paint } from "./paint.ts";
import { toPlainText } from "./plain-text.ts";
import type { Screen } from "./screen.ts";
import { type Column, renderTable } from "./table.ts";
import type { Writer } from "./writer.ts";

/** What `--output` takes. */
export const FORMATS = ["table", "json", "jsonl", "yaml"] as const;
/** `table` is whatever suits a person: a table, a page, a sentence. */
export type Format = (typeof FORMATS)[number];

/** `stdout` and `stderr` say what the two are, `out` and `err` write to them. */
export interface OutputParts {
  readonly format: Format;
  readonly isQuiet: boolean;
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly out: Writer;
  readonly err: Writer;
}

/** A result of many rows. */
export interface Rows<Row> {
  readonly rows: AsyncIterable<Row> | Iterable<Row>;
  readonly columns: readonly Column<Row>[];
  /** What `-q` prints of a row. */
  readonly idOf: (row: Row) => string;
  /** Said on a terminal when there is none. */
  readonly empty: string;
}

/**
 * The one way to print. Results go to stdout, in the format that was asked for; remarks go to stderr, and none of them
 * with `-q` or where nobody looks. Views get a paint and must put whatever came from outside through `toPlainText`.
 */
export class Output {
  readonly format: Format;
  readonly isQuiet: boolean;
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly paint: Paint;
  readonly #out: Writer;
  readonly #err: Writer;
  readonly #errPaint: Paint;

  constructor(parts: OutputParts) {
    this.format = parts.format;
    this.isQuiet = parts.isQuiet;
    this.stdout = parts.stdout;
    this.stderr = parts.stderr;
    this.paint = createPaint(parts.stdout.hasColor);
    this.#errPaint = createPaint(parts.stderr.hasColor);
    this.#out = parts.out;
    this.#err = parts.err;
  }

  /** One value: as it is for programs, as the view for people. */
  async value(value: unknown, view: (paint: Paint) => string): Promise<void> {
    await this.text(this.format === "table" ? view(this.paint) : await this.#serialise(value));
  }

  /** Many rows, written as they come except for a table, whose widths need all of them. */
  async rows<Row>({ rows, columns, idOf, empty }: Rows<Row>): Promise<void> {
    if (this.isQuiet) {
      for await (const row of rows) await this.text(`${toPlainText(idOf(row))}\n`);
    } else if (this.format === "json") {
      for await (const text of toJsonArrayText(rows)) await this.text(text);
    } else if (this.format === "jsonl") {
      for await (const row of rows) await this.text(toJsonLine(row));
    } else {
      const all: Row[] = [];
      for await (const row of rows) all.push(row);
      if (this.format === "yaml") await this.text(await this.#serialise(all));
      else if (all.length === 0) await this.note(empty);
      else await this.text(renderTable(columns, all, this.paint, this.stdout.columns()));
    }
  }

  /** Bare text to stdout. Resolves when it is on its way, so that a slow reader slows the writer down. */
  text(text: string): Promise<void> {
    return this.#out.write(text);
  }

  /** Bytes to stdout, as they are: only where no terminal would act on them. */
  bytes(piece: Uint8Array): Promise<void> {
    return this.#out.write(piece);
  }

  /** A remark for a person at a terminal: what could be done next, what was left out. */
  async note(text: string): Promise<void> {
    if (!this.isQuiet && this.stderr.isTerminal) await this.#err.write(`${this.#errPaint.dim(toPlainText(text))}\n`);
  }

  /** Something that a script's log should have too. */
  async warn(text: string): Promise<void> {
    if (!this.isQuiet) await this.#err.write(`${this.#errPaint.yellow("warning:")} ${toPlainText(text)}\n`);
  }

  /** What must not go unheard, in a script's log and with `-q` too, and is no error. */
  async tell(text: string): Promise<void> {
    await this.#err.write(`${toPlainText(text)}\n`);
  }

  /** What `--log debug` asks for. */
  async debug(text: string): Promise<void> {
    await this.#err.write(`${this.#errPaint.dim(`debug: ${toPlainText(text)}`)}\n`);
  }

  /** `Error: …` and the next step, always, on stderr (contract/cli.md). */
  async error(message: string, next: string | undefined): Promise<void> {
    const text = toPlainText(message).replaceAll("\n", "\n  ");
    const step =
      next === undefined ? "" : `  ${this.#errPaint.dim("next:")} ${toPlainText(next).replaceAll("\n", "\n  ")}\n`;
    await this.#err.write(`${this.#errPaint.bold(this.#errPaint.red("Error:"))} ${text}\n${step}`);
  }

  /** Ends the line on which a terminal has echoed `^C`, so that the shell's prompt does not stand behind it. */
  async freshLine(): Promise<void> {
    if (this.stderr.isTerminal) await this.#err.write("\n");
  }

  /** Straight to stderr; for lines that are drawn over. */
  draw(text: string): Promise<void> {
    return this.#err.write(text);
  }

  async #serialise(value: unknown): Promise<string> {
    if (this.format === "jsonl") {
      return Array.isArray(value) ? value.map((row) => toJsonLine(row)).join("") : toJsonLine(value);
    }
    if (this.format === "yaml") return (await import("./yaml-text.ts")).toYamlText(value);
    return toJsonText(value);
  }
}

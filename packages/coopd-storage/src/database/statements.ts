import type { Database, Statement } from "bun:sqlite";

/** Values by name; SQL texts write them as `$name`. Instants are integers, milliseconds since 1970. */
export type Params = Readonly<Record<string, string | number | null>>;

/** The largest number of different SQL texts, so that a text built from input by mistake cannot fill memory. */
const TEXTS_MAX = 256;

/**
 * The text with each `$name` written `+$name`, which SQLite takes for the same value, of no other type or affinity. Its
 * planner looks at the value of a bare parameter and, because a plan may then hang on it, compiles the statement again for
 * every execution (3.54: 30 µs for a job by its id, against 5 µs); it does not look through an operator, so a plan is made
 * once and for every value. The switch that SQLite has for this (SQLITE_DBCONFIG_ENABLE_QPSG) is not in Bun's reach.
 */
export function planOnce(text: string): string {
  return text.replaceAll(/\$(?=[A-Za-z])/g, "+$$"); // '$.lease' is a path of JSON
}

/**
 * SQL texts as prepared statements, each compiled once for the life of the database: a batch of 500 operations runs some
 * 5,000 statements, and compiling is ten times the cost of running. Errors are SQLite's own; the commit loop turns
 * them into CoopErrors.
 */
export class Statements {
  readonly #db: Database;
  readonly #prepared = new Map<string, Statement>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** The first row. With RETURNING, the row that a guarded write changed; undefined when the guard held it off. */
  get<Row>(text: string, params: Params = {}): Row | undefined {
    return (this.#prepare(text).get(params) as Row | null) ?? undefined;
  }

  all<Row>(text: string, params: Params = {}): Row[] {
    return this.#prepare(text).all(params) as Row[];
  }

  run(text: string, params: Params = {}): void {
    this.#prepare(text).run(params);
  }

  /** @returns the new row's rowid */
  insert(text: string, params: Params = {}): number {
    return Number(this.#prepare(text).run(params).lastInsertRowid);
  }

  /** To be called before the database is closed. */
  finalize(): void {
    for (const statement of this.#prepared.values()) statement.finalize();
    this.#prepared.clear();
  }

  #prepare(text: string): Statement {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    if (this.#prepared.size >= TEXTS_MAX) throw new Error(`more than ${TEXTS_MAX} SQL texts: one is built from input`);
    const statement = this.#db.prepare(planOnce(text));
    this.#prepared.set(text, statement);
    return statement;
  }
}

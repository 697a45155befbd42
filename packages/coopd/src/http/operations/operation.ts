/** One row a route; a test holds it against the routes that are really served. */
export interface Operation {
  readonly method: "get" | "post" | "put" | "delete";
  readonly path: string;
  readonly summary: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Takes an `Idempotency-Key`. */
  readonly isOnce?: true;
  /** Needs `If-Match`. */
  readonly isConditional?: true;
  /** Takes `If-Match`; without it the last one wins. */
  readonly mayBeConditional?: true;
  readonly body?: Readonly<Record<string, { readonly schema: Readonly<Record<string, unknown>> }>>;
  readonly status: number;
  readonly answers: string;
  /** Name of the answer's JSON schema; none for an empty or non-JSON answer. */
  readonly schema?: string;
}

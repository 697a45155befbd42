/** What a model is told about a tool. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema 2020-12 of the input object. */
  readonly input_schema: Readonly<Record<string, unknown>>;
}

/**
 * What running a call twice would mean; recovery acts on it (architecture §4).
 * pure: nothing, it runs again · keyed: the second run finds the first by key · once: never run twice.
 */
export type EffectClass = "pure" | "keyed" | "once";

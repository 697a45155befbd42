import * as z from "zod";

/** For each leaf the form that is right there, in the words of an error message. */
export const EXPECTED = z.registry<{ readonly expected: string }>();

/** The words for a value that is not what its schema asks for; both the reader and JSON Schema use the schema alone. */
export function expectedBy(schema: z.ZodType): string {
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return "a map";
  if (schema instanceof z.ZodArray) return "a list";
  return EXPECTED.get(schema)?.expected ?? "another value";
}

/** Room for any sensible name, address or word; a manifest as a whole is capped elsewhere. */
const TEXT_MAX = 4096;

interface TextForm {
  readonly expected?: string;
  readonly max?: number;
  /** Kept in lower case, however it was written. */
  readonly isLower?: boolean;
  /** Words for what is wrong, reading behind the path; null when nothing is. */
  readonly fault?: (text: string) => string | null;
}

/** Any plain or quoted scalar, by its text. */
export function text(form: TextForm = {}): z.ZodString {
  const max = form.max ?? TEXT_MAX;
  let schema = z.string().max(max);
  if (form.isLower === true) schema = schema.toLowerCase();
  const { fault } = form;
  if (fault !== undefined) {
    schema = schema.check((check) => {
      const message = fault(check.value);
      if (message !== null) check.issues.push({ code: "custom", message, input: check.value });
    });
  }
  return schema.register(EXPECTED, { expected: form.expected ?? `text of at most ${max} characters` });
}

/** A whole number, both ends included. */
export function whole(min: number, max: number): z.ZodInt {
  const schema = z.int().min(min).max(max);
  return schema.register(EXPECTED, { expected: `a whole number from ${min} to ${max}` });
}

/** A number above `above`, up to and with `max`. */
export function decimal(above: number, max: number): z.ZodNumber {
  return z
    .number()
    .gt(above)
    .max(max)
    .register(EXPECTED, { expected: `a number above ${above}, at most ${max}` });
}

/** True or false, and no other spelling. */
export function flag(): z.ZodBoolean {
  return z.boolean().register(EXPECTED, { expected: "true or false" });
}

/** One of a few words, as written. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words).register(EXPECTED, { expected: words.length === 1 ? words[0] : `one of ${words.join(", ")}` });
}

/** A key that may be left out: it is then null, and `~` says the same. */
export function orNull<Inner extends z.ZodType>(inner: Inner, description: string) {
  return inner.nullable().default(null).describe(description);
}

/** A map in which the farmer may write anything that JSON can hold. */
export function freeMap() {
  return z.record(z.string(), z.unknown());
}

import { createHash } from "node:crypto";
import { CoopError, type OnceKey, parseIdempotencyKey } from "coopd-core";
import type { Context } from "hono";
import type { Farm } from "../farm/farm.ts";

/** A request that makes something, as far as repeating it goes. */
export interface Making {
  /** What was asked, in JSON's terms and in a fixed order of keys: two requests are the same when this is. */
  readonly request: readonly unknown[];
  /** Makes it and answers its id; what it hands the store binds the key in the same transaction. */
  readonly make: (once: OnceKey | undefined) => Promise<string>;
  /** The answer, from the id alone, so that it is the same every time. */
  readonly answer: (id: string) => Response | Promise<Response>;
}

/**
 * Answers a request that makes something. With an `Idempotency-Key` it is made once: the same request with the same key
 * gets the same status and body for a day, whatever became of the thing since, and `Idempotency-Replayed: true`. A
 * refusal makes nothing and binds nothing, so it may be repeated. @throws CoopError `bad_request`, `idempotency_conflict`
 */
export async function answerOnce(c: Context, farm: Farm, { request, make, answer }: Making): Promise<Response> {
  const once = readOnceKey(c, request);
  if (once === undefined) return answer(await make(undefined));
  const known = await farm.madeBy(once);
  if (known !== undefined) return replay(c, known, answer);
  try {
    return await answer(await make(once));
  } catch (error) {
    if (!(error instanceof CoopError && error.code === "idempotency_conflict")) throw error;
    const first = await farm.madeBy(once); // the same request, which arrived at the same time and won
    if (first === undefined) throw error;
    return replay(c, first, answer);
  }
}

function replay(c: Context, id: string, answer: Making["answer"]): Response | Promise<Response> {
  c.header("Idempotency-Replayed", "true");
  return answer(id);
}

function readOnceKey(c: Context, request: readonly unknown[]): OnceKey | undefined {
  const text = c.req.header("idempotency-key");
  if (text === undefined) return undefined;
  const hash = createHash("sha256").update(JSON.stringify(request)).digest("hex");
  return { key: parseIdempotencyKey(text), request: hash };
}

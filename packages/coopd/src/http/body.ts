import { CoopError } from "coopd-core";
import type { Context } from "hono";
import type { z } from "zod";
import type { Bindings } from "./bindings.ts";

/** The original's limit (contract/http-api.md §1); apart from the prompt cap, which is about the model. */
export const BODY_BYTES_MAX = 2_097_152;

/** Once a request is here, its answer may take so long, and a streamed one may be read so slowly, s: the most that Bun takes. */
export const ANSWER_SECS = 255;

/** Reads a body up to the limit, and not a byte more. @throws CoopError `body_too_large` */
export async function readBytes(c: Context): Promise<Uint8Array> {
  const bytes = await readWithin(c);
  (c.env as Partial<Bindings> | undefined)?.server?.timeout(c.req.raw, ANSWER_SECS);
  return bytes;
}

async function readWithin(c: Context): Promise<Uint8Array> {
  const declared = Number(c.req.header("content-length") ?? "0");
  if (declared > BODY_BYTES_MAX) throw tooLarge();
  try {
    // HTTP holds a body to its declared length, so the whole is read at once: it spares a stream for each request.
    if (declared > 0) return new Uint8Array(await c.req.raw.arrayBuffer());
    return await readChunks(c.req.raw.body);
  } catch (error) {
    if (error instanceof CoopError) throw error;
    throw new CoopError("bad_request", "the body broke off", { cause: error });
  }
}

async function readChunks(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (stream ?? []) as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/**
 * Reads JSON of a shape. Unknown fields are ignored, as the original's clients rely on.
 * @throws CoopError `bad_media_type`, `body_too_large`, `bad_json` (not JSON, or bytes behind it), `bad_shape`
 */
export async function readJson<Shape extends z.ZodType>(c: Context, shape: Shape): Promise<z.infer<Shape>> {
  const type = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (!/^application\/(?:[\w.-]+\+)?json$/.test(type)) {
    throw new CoopError("bad_media_type", `expected Content-Type application/json, got "${type}"`);
  }
  const parsed = shape.safeParse(parseJson(await readBytes(c)));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`);
  throw new CoopError("bad_shape", faults.join("; "), { details: { faults } });
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    // Without the engine's words: they quote the body, and what is malformed may be a secret on its way to the vault.
    throw new CoopError("bad_json", bytes.length === 0 ? "the body is empty, not JSON" : "the body is not JSON");
  }
}

function tooLarge(): CoopError {
  return new CoopError("body_too_large", `the body is larger than ${BODY_BYTES_MAX} bytes`);
}

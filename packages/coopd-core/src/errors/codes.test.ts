import { expect, test } from "bun:test";
import { ERROR_CODES, type ErrorCode, exitCodeOf, isErrorCode, statusOf } from "./codes.ts";
import { CoopError, toCoopError, toErrorEnvelope } from "./coop-error.ts";

const CODES = Object.keys(ERROR_CODES) as readonly ErrorCode[];

test("every code is a refusal on the wire and on the command line", () => {
  for (const code of CODES) {
    expect(code).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
    expect(statusOf(code)).toBeWithin(400, 600);
    expect(exitCodeOf(code)).toBeWithin(1, 10);
    expect(isErrorCode(code)).toBe(true);
  }
});

test("the codes behind the contract's statuses have them (contract/http-api.md §1, §3)", () => {
  const contract: Readonly<Partial<Record<ErrorCode, number>>> = {
    bad_id: 400,
    manifest_invalid: 400,
    illegal_move: 400,
    bad_json: 400,
    bad_query: 400,
    delegation_refused: 400,
    unauthorized: 401,
    host_refused: 403,
    origin_refused: 403,
    walls_missing: 403,
    topic_refused: 403,
    not_found: 404,
    hen_not_found: 404,
    job_not_found: 404,
    task_not_found: 404,
    method_not_allowed: 405,
    hen_exists: 409,
    hen_busy: 409,
    body_too_large: 413,
    prompt_too_large: 413,
    bad_media_type: 415,
    bad_shape: 422,
    queue_full: 429,
    internal: 500,
  };
  for (const [code, status] of Object.entries(contract))
    expect(`${code} ${statusOf(code as ErrorCode)}`).toBe(`${code} ${status}`);
});

test("what is no code is none, also where every object has a property of that name", () => {
  for (const text of ["", "nope", "constructor", "__proto__", "toString", "Internal"])
    expect(isErrorCode(text)).toBe(false);
});

test("a usage error ends with 2 and a missing thing with 4, so that scripts can tell", () => {
  expect(exitCodeOf("bad_request")).toBe(2);
  expect(exitCodeOf("hen_not_found")).toBe(4);
  expect(exitCodeOf("job_not_found")).toBe(4);
  expect(exitCodeOf("internal")).toBe(1);
});

test("the envelope has the original's field first asked for, its keys sorted, and never the cause", () => {
  const cause = new Error("/home/farmer/.ssh/id_ed25519");
  const error = new CoopError("hen_busy", "pip is busy", { next: "Wait.", details: { job_id: "j" }, cause });
  expect(JSON.stringify(toErrorEnvelope(error))).toBe(
    '{"code":"hen_busy","detail":{"job_id":"j"},"details":{"job_id":"j"},"error":"pip is busy","next":"Wait."}',
  );
  expect(JSON.stringify(toErrorEnvelope(new CoopError("internal", "x")))).toBe(
    '{"code":"internal","detail":null,"error":"x"}',
  );
  expect(error.cause).toBe(cause);
});

test("a foreign error becomes one of ours and keeps its text from the client unless a code is given for it", () => {
  const foreign = new Error("password=hunter2");
  expect(toCoopError(foreign)).toMatchObject({
    code: "internal",
    message: "internal error; see the daemon's log",
    cause: foreign,
  });
  expect(toCoopError(foreign, "timeout")).toMatchObject({
    code: "timeout",
    message: "password=hunter2",
    cause: foreign,
  });
  expect(toCoopError("text", "timeout")).toMatchObject({ code: "timeout", message: "text" });
  expect(toCoopError(undefined)).toMatchObject({ code: "internal" });
  const ours = new CoopError("cancelled", "x");
  expect(toCoopError(ours, "timeout")).toBe(ours);
});

import { expect, test } from "bun:test";
import { CoopError, type ErrorCode } from "coopd-core";
import { fallsOver, mayBeCharged } from "./fall-over.ts";

const rows: readonly (readonly [ErrorCode, Readonly<Record<string, unknown>>, boolean])[] = [
  ["brain_unavailable", {}, true], // broke off
  ["timeout", {}, true],
  ["cancelled", {}, true],
  ["internal", {}, true],
  ["brain_refused", {}, true], // the model itself declined
  ["brain_answer_invalid", {}, true],
  ["brain_unavailable", { is_connection: true }, false],
  ["brain_unavailable", { status: 502 }, false],
  ["brain_refused", { status: 400 }, false], // a filter before the model
  ["brain_overloaded", { status: 529 }, false],
  ["brain_rate_limited", {}, false],
  ["brain_auth", {}, false],
  ["brain_bad_request", {}, false],
  ["brain_context_too_long", {}, false],
  ["secret_unavailable", {}, false],
];

test.each(rows)("%s %j may be charged before a word has come: %j, and after one always", (code, details, expected) => {
  const error = new CoopError(code, "", { details });
  expect(mayBeCharged(error, false)).toBe(expected);
  expect(mayBeCharged(error, true)).toBe(true);
});

test("only what another model may help with falls over", () => {
  const codes = rows.map(([code]) => code).filter((code) => fallsOver(new CoopError(code, "")));
  expect(new Set(codes)).toEqual(
    new Set<ErrorCode>([
      "brain_unavailable",
      "brain_answer_invalid",
      "brain_overloaded",
      "brain_rate_limited",
      "secret_unavailable",
    ]),
  );
  for (const code of ["limit_cost", "brain_output_cut", "brain_unsupported", "policy_denied"] as const) {
    expect(fallsOver(new CoopError(code, ""))).toBe(false);
  }
});

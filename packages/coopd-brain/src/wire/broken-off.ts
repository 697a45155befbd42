import { CoopError } from "coopd-core";

/** The connection ended before the answer did. */
export function brokenOff(name: string, cause?: unknown): CoopError {
  return new CoopError("brain_unavailable", `${name}: the answer broke off before its end`, {
    next: "Try again; the server or the network dropped the connection.",
    cause,
  });
}

/** What came is no answer of this wire. */
export function invalidAnswer(name: string, message: string, cause?: unknown): CoopError {
  return new CoopError("brain_answer_invalid", `${name}: ${message}`, {
    next: "Check that brain.base_url is a server of brain.provider and that it has brain.model.",
    cause,
  });
}

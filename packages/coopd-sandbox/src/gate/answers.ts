import { allowCommand, CoopError, type EgressDenial, type HenId, toErrorEnvelope } from "coopd-core";
import type { EgressRefusal } from "../dial/refusal.ts";
import { socksReply } from "./parse/socks.ts";

/** HTTP status of a refusal: 403 where policy said no, 400 for what is no request, 5xx for what could not be done. */
const STATUS: Readonly<Record<EgressDenial, readonly [status: number, words: string]>> = {
  policy_off: [403, "Forbidden"],
  no_rule: [403, "Forbidden"],
  port_not_listed: [403, "Forbidden"],
  method_not_listed: [403, "Forbidden"],
  path_not_listed: [403, "Forbidden"],
  private_address: [403, "Forbidden"],
  sni_mismatch: [403, "Forbidden"],
  host_invalid: [400, "Bad Request"],
  request_invalid: [400, "Bad Request"],
  quota: [503, "Service Unavailable"],
  name_unresolved: [502, "Bad Gateway"],
  unreachable: [502, "Bad Gateway"],
};

/** The refusal as an HTTP answer: the house's error envelope, which a model can read and a program act on. */
export function httpRefusal(henId: HenId, refusal: EgressRefusal): Uint8Array {
  const { code, rule, reason, allow } = refusal;
  const [status, words] = STATUS[code];
  const next = nextStep(henId, refusal);
  const error = new CoopError(status === 502 ? "unreachable" : "policy_denied", `Coop's gate: ${reason}`, {
    details: { code, rule, reason, allow },
    ...(next === null ? {} : { next }),
  });
  const body = Buffer.from(`${JSON.stringify(toErrorEnvelope(error))}\n`);
  const head = [
    `HTTP/1.1 ${status} ${words} (coop gate: ${code})`,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    `X-Coop-Denied: ${code}`,
    "Cache-Control: no-store",
    ...(code === "quota" ? ["Retry-After: 1"] : []),
    "Connection: close",
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]);
}

function nextStep(henId: HenId, { code, allow }: EgressRefusal): string | null {
  if (code === "quota") return "close connections that are not needed, and try again";
  const command = allowCommand(henId, { code, host: allow?.replace(/:\d+$/, "") ?? "", allow });
  return command === null ? null : `the farmer can allow it: ${command}`;
}

/** The refusal as a SOCKS reply. */
export function socksRefusal({ code }: EgressRefusal): Uint8Array {
  if (code === "quota") return socksReply("general");
  return socksReply(code === "unreachable" || code === "name_unresolved" ? "host_unreachable" : "not_allowed");
}

/** A fatal TLS alert, which clients show in words: access_denied, or internal_error where policy was not the reason (RFC 8446 §6). */
export function tlsRefusal({ code }: EgressRefusal): Uint8Array {
  const isPolicy = STATUS[code][0] === 403;
  return Uint8Array.of(0x15, 3, 3, 0, 2, 2, isPolicy ? 49 : 80);
}

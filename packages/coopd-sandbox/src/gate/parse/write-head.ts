import type { RequestHead } from "./request-head.ts";

/**
 * The head that goes to the server, written from what was read and from nothing else. One request for each connection:
 * whatever the server makes of it, no second request can hide behind it.
 */
export function writeRequestHead(head: RequestHead, host: string, port: number): Uint8Array {
  const { method, target, version, fields, body, isWebSocket } = head;
  const lines = [`${method} ${target} HTTP/${version}`, `Host: ${port === 80 ? host : `${host}:${port}`}`];
  for (const [name, value] of fields) lines.push(`${name}: ${value}`);
  if (body.kind === "length") lines.push(`Content-Length: ${body.bytes}`);
  if (body.kind === "chunked") lines.push("Transfer-Encoding: chunked");
  if (isWebSocket) lines.push("Connection: Upgrade", "Upgrade: websocket");
  else lines.push("Connection: close");
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

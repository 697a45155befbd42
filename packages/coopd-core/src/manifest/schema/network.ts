import * as z from "zod";
import { hostPatternFault } from "../../net/host-pattern.ts";
import { NET_METHODS } from "../manifest.ts";
import { flag, oneOf, orNull, text, whole } from "./leaves.ts";

/** Each rule is looked at on each connection; the largest lists that people keep by hand have some dozens. */
const RULES_MAX = 256;
const PORTS_MAX = 64;
const PATHS_MAX = 64;

/** A prefix is compared with a path as it was sent, so it may hold nothing that a path is cleared of first. */
function pathPrefixFault(prefix: string): string | null {
  if (!prefix.startsWith("/")) return "does not start with `/`";
  if (!/^[\x21-\x7e]*$/.test(prefix)) return "has a character that must be percent-encoded in a path";
  if (/[?#\\]/.test(prefix)) return "has `?`, `#` or a backslash in it; only the path is compared";
  if (prefix.split("/").some((part) => part === "." || part === "..")) return "has `.` or `..` as a part";
  return null;
}

const RULE = z.strictObject({
  host: text({ max: 255, isLower: true, fault: hostPatternFault, expected: "a host name, or *. before one" }).describe(
    "A host name in lower case, or `*.` before one for everything below it.",
  ),
  ports: z.array(whole(1, 65_535)).max(PORTS_MAX).default([443]).describe("TCP ports. An empty list never matches."),
  private: flag()
    .default(false)
    .describe("True opens exactly this private host and these ports, as for a model server on this machine."),
  methods: orNull(z.array(oneOf(NET_METHODS)).min(1), "HTTP methods, where Coop sees them. Left out: any."),
  paths: orNull(
    z
      .array(text({ max: 1024, fault: pathPrefixFault, expected: "a path prefix, as in /v1/" }))
      .min(1)
      .max(PATHS_MAX),
    "Path prefixes, where Coop sees them; each ends where a part of the path ends. Left out: any.",
  ),
});

/** `network:` (contract/manifest.md, network). */
export const networkSchema = z.strictObject({
  policy: oneOf(["off", "allowlist", "open"]).describe(
    "off: no network. allowlist: what `allow` lists. open: any public host.",
  ),
  allow: z.array(RULE).max(RULES_MAX).default([]).describe("What policy allowlist lets out."),
});

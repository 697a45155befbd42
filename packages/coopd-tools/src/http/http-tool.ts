import { CoopError, type EffectClass, type HenId, type NetworkSpec, type Tool, type ToolContext } from "coopd-core";
import { type Door, type DoorRequest, type DoorSocket, refusalOf } from "coopd-sandbox";
import { parseInput } from "../registry/parse-input.ts";
import { exchange, type HttpAnswer } from "./exchange.ts";
import { followRedirect, REDIRECTS_MAX } from "./follow-redirect.ts";
import { HttpInput, type HttpRequest, toHttpRequest } from "./http-request.ts";
import { secureSocket } from "./secure-socket.ts";

/** What the http tool acts with. */
export interface HttpToolParts {
  /** The only way out. */
  readonly door: Door;
  /** The hen's policy as it is at this moment, which is not always the one its job began under. */
  readonly networkOf: (henId: HenId) => Promise<NetworkSpec | null>;
  /** Certificates to trust instead of the system's; only tests have their own. */
  readonly roots?: string;
  /** Of a whole call, redirects included, ms. */
  readonly deadlineMs?: number;
}

/** The original allows this for each hop; ours is for all of them together. */
const DEADLINE_MS = 60_000;

const SPEC = {
  name: "http",
  description:
    "Make one HTTP request. Redirects are followed, at most 3; credentials are not sent on to another origin. Returns " +
    "status, headers and the body as text, cut at 1 MiB. Your network policy decides which hosts can be reached; a " +
    "refusal names the rule.",
  input_schema: {
    type: "object",
    properties: {
      url: { type: "string", description: "Absolute, http or https." },
      method: { type: "string", enum: ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"], default: "GET" },
      headers: { type: "object", additionalProperties: { type: "string" } },
      body: { type: ["string", "null"], description: "Sent as UTF-8." },
    },
    required: ["url"],
  },
} as const;

/** `http` v1.0.0 (contract/tools-sandbox.md §1, §3). It starts no process, so it works where nothing can be confined. */
export function createHttpTool({ door, networkOf, roots, deadlineMs = DEADLINE_MS }: HttpToolParts): Tool {
  async function invoke(input: unknown, context: ToolContext) {
    const request = toHttpRequest(parseInput("http", HttpInput, input));
    if (context.signal.aborted) throw new CoopError("cancelled", "cancelled before the request was sent");
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(tooLate(request, deadlineMs)), deadlineMs);
    const signal = AbortSignal.any([context.signal, deadline.signal]);
    try {
      return toOutput(await follow(request, (hop) => send(hop, context, signal)));
    } catch (error) {
      if (context.signal.aborted) throw new CoopError("cancelled", "the request was cancelled", { cause: error });
      throw deadline.signal.aborted ? deadline.signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** One hop: decided anew, over a socket of its own. */
  async function send(request: HttpRequest, { henId }: ToolContext, signal: AbortSignal): Promise<HttpAnswer> {
    const { url, method } = request;
    const isSecure = url.protocol === "https:";
    const port = url.port === "" ? (isSecure ? 443 : 80) : Number(url.port);
    const asked = { henId, host: url.hostname, port, via: "http_tool", method, path: url.pathname } as const;
    const { socket, host, meter } = await goOut(asked, signal);
    try {
      const way = isSecure ? await secureSocket({ socket, host, roots, meter }, signal) : socket;
      return await exchange(request, way, signal);
    } finally {
      socket.destroy();
    }
  }

  /**
   * Through the door under the policy that holds when it is passed: a change in between is either seen by the second look,
   * and decided anew, or comes later, and the door cuts what it would not let out any more.
   */
  async function goOut(asked: Omit<DoorRequest, "network">, signal: AbortSignal): Promise<DoorSocket> {
    for (;;) {
      const network = await networkOf(asked.henId);
      const passed = await door.connect({ ...asked, network }, signal).catch((error) => {
        throw toRefusal(error, `${asked.method} ${asked.host}:${asked.port}`);
      });
      const now = await networkOf(asked.henId).catch((error) => {
        passed.socket.destroy();
        throw error;
      });
      if (!signal.aborted && JSON.stringify(now) === JSON.stringify(network)) return passed;
      passed.socket.destroy();
      if (signal.aborted) throw signal.reason;
    }
  }

  return { spec: SPEC, effectOf, invoke };
}

async function follow(first: HttpRequest, send: (hop: HttpRequest) => Promise<HttpAnswer>): Promise<HttpAnswer> {
  let request = first;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await send(request);
    const next = followRedirect(request, answer.status, answer.location);
    if (next === undefined) return answer;
    if (redirects === REDIRECTS_MAX) {
      throw new CoopError("tool_failed", `more than ${REDIRECTS_MAX} redirects, the last one to ${next.url.host}`);
    }
    request = next;
  }
}

/** Asking twice leaves what asking once does for GET and HEAD (RFC 9110 §9.2.1); anything else may have done something. */
function effectOf(input: unknown): EffectClass {
  const parsed = HttpInput.safeParse(input);
  if (!parsed.success) return "pure";
  return parsed.data.method === "GET" || parsed.data.method === "HEAD" ? "pure" : "once";
}

function toOutput({ status, headers, bytes, isCut }: HttpAnswer) {
  return { status, headers, body: decodeText(bytes, headers["content-type"] ?? ""), truncated: isCut };
}

/** Lossy, in the charset that the server names where it is known, else UTF-8. */
function decodeText(bytes: Buffer, contentType: string): string {
  const label = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1] ?? "utf-8";
  return createDecoder(label).decode(bytes);
}

function createDecoder(label: string): TextDecoder {
  try {
    return new TextDecoder(label as "utf-8");
  } catch {
    return new TextDecoder(); // a charset that nobody knows
  }
}

/** The refusal as the model is told: what was asked, why not, and that it cannot change that itself. */
function toRefusal(error: unknown, asked: string): unknown {
  const refusal = refusalOf(error);
  if (refusal === undefined || !(error instanceof CoopError)) return error;
  const { code, rule, reason, allow } = refusal;
  if (error.code === "unreachable") {
    return new CoopError("unreachable", `${asked} was let out, and not reached: ${reason} (${code})`, { cause: error });
  }
  const near = rule === null ? "" : `, rule ${rule}`;
  return new CoopError("policy_denied", `${asked} was not let out: ${reason} (${code}${near})`, {
    next:
      allow === null ? "Nothing you send can change that." : "Only the farmer can allow it; the farm's log says how.",
    details: { code, rule, reason, allow },
    cause: error,
  });
}

function tooLate({ url, method }: HttpRequest, deadlineMs: number): CoopError {
  return new CoopError("timeout", `${method} ${url.host} did not end within ${deadlineMs / 1_000} s`);
}

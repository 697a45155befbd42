import { isErrorCode } from "coopd-core";
import type { ApiDocument } from "./from-document.ts";
import { type FuzzRequest, fuzzRequests } from "./fuzz-requests.ts";

/** What a run came to. */
export interface FuzzResult {
  readonly requests: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Requests that were answered as they must not be, with the answer; at most twenty. */
  readonly faults: readonly string[];
}

/** What there is to do. */
export interface FuzzRun {
  readonly base: string;
  readonly token: string;
  readonly document: ApiDocument;
  readonly seed: number;
  readonly count: number;
  /** Requests at the same time. */
  readonly atOnce: number;
  /** Called now and then with how many were sent. */
  readonly onProgress?: (sent: number) => void;
}

const FAULTS_MAX = 20;
/** An answer that takes longer hangs, ms. */
const ANSWER_MS_MAX = 20_000;
/** A farm that is stopped or busy says so: that is an answer. */
const FINE_ABOVE_500: readonly number[] = [503, 504];

/** Sends requests made of the document and of the seed, and holds every answer to: no 5xx of ours, and one envelope. */
export async function runFuzz({
  base,
  token,
  document,
  seed,
  count,
  atOnce,
  onProgress,
}: FuzzRun): Promise<FuzzResult> {
  const requests = fuzzRequests(document, drawFrom(seed));
  const byStatus: Record<string, number> = {};
  const faults: string[] = [];
  let sent = 0;
  const worker = async () => {
    while (sent < count) {
      sent += 1;
      if (sent % 10_000 === 0) onProgress?.(sent);
      const { value } = requests.next();
      const { status, fault } = await ask(base, token, value as FuzzRequest);
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      if (fault !== undefined && faults.length < FAULTS_MAX) faults.push(fault);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { requests: sent, byStatus, faults };
}

async function ask(base: string, token: string, request: FuzzRequest): Promise<{ status: string; fault?: string }> {
  const shown = `${request.method} ${request.path} ${JSON.stringify(request.headers)} ${String(request.body).slice(0, 200)}`;
  try {
    const answer = await fetch(base + request.path, {
      method: request.method,
      headers: { authorization: `Bearer ${token}`, ...request.headers },
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
      ...(request.body === undefined ? {} : { body: request.body as string }),
    });
    const { status } = answer;
    if ((answer.headers.get("content-type") ?? "").startsWith("text/event-stream")) {
      await answer.body?.cancel();
      return { status: String(status) };
    }
    const text = await answer.text();
    const why = faultOf(status, text, request.method);
    return why === undefined
      ? { status: String(status) }
      : { status: String(status), fault: `${shown} → ${status} ${why}` };
  } catch (error) {
    const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    // The daemon closes a connection whose body it will not take; what was answered before may be lost with it.
    const isCut = /ECONNRESET|EPIPE|socket|closed/i.test(words) && String(request.body).length > 2_000_000;
    return isCut ? { status: "cut" } : { status: "none", fault: `${shown} → ${words}` };
  }
}

function faultOf(status: number, text: string, method: string): string | undefined {
  if (status >= 500 && !FINE_ABOVE_500.includes(status)) return text.slice(0, 300);
  if (status < 400 || method === "HEAD") return undefined;
  if (text === "" && (status === 400 || status === 431)) return undefined; // the runtime's own
  try {
    const { error, code, detail } = JSON.parse(text);
    return typeof error === "string" && isErrorCode(code) && detail !== undefined ? undefined : `no envelope: ${text}`;
  } catch {
    return `no JSON: ${text.slice(0, 300)}`;
  }
}

/** mulberry32: small, fast, and the same everywhere. */
function drawFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

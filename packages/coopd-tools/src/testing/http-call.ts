import {
  type JobId,
  type Manifest,
  type NetRule,
  type NetworkSpec,
  parseHenId,
  type Tool,
  type ToolContext,
} from "coopd-core";
import type { Door } from "coopd-sandbox";
import { createHttpTool } from "../http/http-tool.ts";
import { TEST_CERTIFICATE } from "./test-certificate.ts";

/** What a test wants different from a hen under policy open that trusts the test certificate. */
export interface HttpWishes {
  readonly network?: NetworkSpec | null;
  readonly signal?: AbortSignal;
  readonly deadlineMs?: number;
  readonly roots?: string;
  readonly tool?: Tool;
}

/** One call of the http tool through this door. */
export function callHttp(door: Door, input: unknown, wishes: HttpWishes = {}) {
  const { network = null, signal = new AbortController().signal, deadlineMs, roots = TEST_CERTIFICATE } = wishes;
  const made = createHttpTool({
    door,
    networkOf: async () => network,
    roots,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  const context: ToolContext = {
    henId: parseHenId("local.coop/aria"),
    manifest: {} as Manifest,
    jobId: "0192f5d0-0000-7000-8000-000000000000" as JobId,
    callKey: "0192f5d0-0000-7000-8000-000000000000:1:0",
    epoch: 1,
    turn: 1,
    callId: "call_0",
    record: () => undefined,
    signal,
  };
  return (wishes.tool ?? made).invoke(input, context);
}

/** The code and text of its refusal; an answer is told as such, so that a test fails by it. */
export async function refusedHttp(door: Door, input: unknown, wishes: HttpWishes = {}): Promise<string> {
  try {
    return `answered ${JSON.stringify(await callHttp(door, input, wishes)).slice(0, 200)}`;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code}: ${message}`;
  }
}

/** A rule for ports 80 and 443. */
export function ruleFor(host: string, extra: Partial<NetRule> = {}): NetRule {
  return { host, ports: [80, 443], private: false, methods: null, paths: null, ...extra };
}

/** Policy allowlist with these rules. */
export function allowlist(...allow: readonly NetRule[]): NetworkSpec {
  return { policy: "allowlist", allow };
}

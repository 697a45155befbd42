import type { Instant, TaskId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import type { AgentKind } from "../manifest/manifest.ts";

/** Who watches a terminal, or types into it. */
export interface TerminalViewer {
  readonly since: Instant;
  readonly read_only: boolean;
  /** Its size is the terminal's: of those who may type it came last, or typed last. */
  readonly is_writer: boolean;
}

/** One live terminal, as `GET /terminals` shows it. */
export interface TerminalView {
  readonly hen_id: HenId;
  readonly kind: AgentKind;
  /** What runs in it. */
  readonly command: readonly string[];
  readonly started_at: Instant;
  /** The last output or key. */
  readonly active_at: Instant;
  /** Starts so far: an agent that dies is started again. */
  readonly launches: number;
  readonly cols: number;
  readonly rows: number;
  /** The task that its agent works on. */
  readonly task_id: TaskId | null;
  readonly viewers: readonly TerminalViewer[];
}

/** What terminals can do here (contract/http-api.md §6); the order of the fields is the original's. */
export interface TerminalCapabilities {
  readonly shell: boolean;
  readonly persistent_session: boolean;
  readonly task_dispatch: boolean;
  readonly backend: "pty";
  readonly os: string;
  readonly note: string;
}

/**
 * Text frames of `/hens/:id/shell` from the daemon (contract/http-api.md §5.2). `exit` and `error` are the original's,
 * and the last frame each; the others are sent only to who asked for acks, which the original's page never does.
 */
export type ShellNotice =
  | { readonly type: "exit"; readonly code: number }
  | { readonly type: "error"; readonly message: string }
  | { readonly type: "attached"; readonly read_only: boolean; readonly cols: number; readonly rows: number }
  | { readonly type: "size"; readonly cols: number; readonly rows: number }
  /** Who is attached, whenever that changes: how many, how many of them may type, and whether the size is this client's. */
  | { readonly type: "viewers"; readonly count: number; readonly writers: number; readonly is_writer: boolean };

/** Text frames from a client; bytes that it types come as binary ones. */
export type ShellRequest =
  | { readonly type: "resize"; readonly cols: number; readonly rows: number }
  /** So many bytes more were taken; a client that acks is sent no more than it can hold. */
  | { readonly type: "ack"; readonly bytes: number };

/** Anything else than a request is ignored, as the contract has it: undefined. */
export function parseShellRequest(text: string): ShellRequest | undefined {
  const frame = parseObject(text);
  const whole = (value: unknown, max: number): value is number =>
    typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
  if (frame?.type === "resize" && whole(frame.cols, 65_535) && whole(frame.rows, 65_535)) {
    return { type: "resize", cols: frame.cols, rows: frame.rows };
  }
  if (frame?.type === "ack" && whole(frame.bytes, Number.MAX_SAFE_INTEGER)) return { type: "ack", bytes: frame.bytes };
  return undefined;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** What `/watch` says when a terminal begins or ends; no row, so only who watches just then hears it. */
export interface TerminalChanged {
  readonly type: "terminal_changed";
  readonly hen_id: HenId;
  readonly is_live: boolean;
}

import type { TerminalView } from "coopd-core";
import { readRows } from "../http/answer-shape.ts";
import type { CallOptions, Transport } from "../http/transport.ts";
import { openTerminalLink, type TerminalLink, type TerminalLinkOptions } from "./link.ts";

/** What is typed into a terminal without attaching to it: the text, then the keys, then Enter. */
export interface SentKeys {
  /** Literal. */
  readonly keys?: string | undefined;
  /** tmux's names, as in `C-c`. */
  readonly namedKeys?: readonly string[] | undefined;
  /** True leaves Enter out, which keys by name alone never get. */
  readonly isNotEntered?: boolean | undefined;
}

/** Live terminals. */
export interface TerminalCalls {
  /** By hen id. */
  list(options?: CallOptions): Promise<readonly TerminalView[]>;
  /** Opens the terminal where there is none. @throws CoopError `policy_denied`, `walls_missing`, `bad_request`, … */
  send(henId: string, keys: SentKeys, options?: CallOptions): Promise<void>;
  /** Attaches. What the daemon refuses comes as the link's ending. @throws CoopError `unauthorized`, `unreachable`, … */
  attach(henId: string, options: TerminalLinkOptions): Promise<TerminalLink>;
}

/** The calls over one transport. */
export function terminalCalls(transport: Transport): TerminalCalls {
  return {
    async list(options = {}) {
      const answer = await transport.send("GET /terminals", options);
      return readRows<TerminalView>(transport, answer, { hen_id: "string", started_at: "string" });
    },
    async send(henId, { keys = "", namedKeys = [], isNotEntered = false }, options = {}) {
      const json = { keys, named_keys: namedKeys, no_enter: isNotEntered };
      await transport.send("POST /hens/{id}/shell/send", { ...options, path: { id: henId }, json });
    },
    attach: (henId, options) => openTerminalLink(transport, henId, options),
  };
}

import { type AccessCalls, accessCalls } from "./access.ts";
import { type AttentionCalls, attentionCalls } from "./attention.ts";
import { type FarmCalls, farmCalls } from "./farm.ts";
import { type HenCalls, henCalls } from "./hens.ts";
import { DEFAULT_BASE_URL } from "./http/base-url.ts";
import { type Fetch, openTransport } from "./http/transport.ts";
import { type JobCalls, jobCalls } from "./jobs.ts";
import { type ManifestDeskCalls, manifestDeskCalls } from "./manifest-desk.ts";
import { type SpendCalls, spendCalls } from "./spend.ts";
import { type TaskCalls, taskCalls } from "./tasks.ts";
import { type TerminalCalls, terminalCalls } from "./terminals/terminals.ts";
import { type VaultCalls, vaultCalls } from "./vault.ts";
import { type WatchItem, type WatchOptions, watchFarm } from "./watch/watch.ts";

export interface ClientOptions {
  /** Scheme, host, port and maybe a path, as `http://127.0.0.1:9700`, the default. */
  readonly baseUrl?: string | undefined;
  /** Sent as `Authorization: Bearer`. On `/watch` it needs a runtime whose WebSocket takes headers; browsers use the cookie. */
  readonly token?: string | undefined;
  /** In place of the global `fetch`, to observe or reroute requests. */
  readonly fetch?: Fetch | undefined;
  /** Per request, from sending to the last byte, ms; 0 waits for ever. Default 30,000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Coop's API, typed. Every method rejects with a CoopError only: the daemon's own code where it gave one, `unreachable`,
 * `timeout`, `cancelled` (by the caller's signal) or `bad_answer`. It keeps nothing open between calls and needs no closing.
 */
export interface CoopClient extends FarmCalls, SpendCalls {
  readonly baseUrl: string;
  readonly hens: HenCalls;
  readonly manifests: ManifestDeskCalls;
  readonly jobs: JobCalls;
  readonly tasks: TaskCalls;
  readonly terminals: TerminalCalls;
  readonly attention: AttentionCalls;
  readonly access: AccessCalls;
  readonly vault: VaultCalls;
  /** Events as they are committed; see {@link watchFarm} for what it promises. Leaving the loop closes the connection. */
  watch(options?: WatchOptions): AsyncGenerator<WatchItem>;
}

/** @throws CoopError `bad_request` for an unusable address */
export function openClient(options: ClientOptions = {}): CoopClient {
  const transport = openTransport({ ...options, baseUrl: options.baseUrl ?? DEFAULT_BASE_URL });
  const farm = farmCalls(transport);
  return {
    ...farm,
    ...spendCalls(transport),
    baseUrl: transport.baseUrl,
    hens: henCalls(transport),
    manifests: manifestDeskCalls(transport),
    jobs: jobCalls(transport),
    tasks: taskCalls(transport),
    terminals: terminalCalls(transport),
    attention: attentionCalls(transport),
    access: accessCalls(transport),
    vault: vaultCalls(transport),
    watch: (watchOptions) => watchFarm(transport, farm.farm, watchOptions),
  };
}

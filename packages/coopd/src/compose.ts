import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { AnswerCache, createModelBook, createWrapBrain } from "coopd-brain";
import {
  type Claim,
  type Clock,
  createIdSource,
  type EgressRecord,
  type HenId,
  type Log,
  type Store,
  type ToolContext,
  VAULT_PATH_SETTING,
} from "coopd-core";
import { createDial, createDialFetch, openSandbox } from "coopd-sandbox";
import { openStore, type SqliteStore } from "coopd-storage";
import { createToolRegistry, type HandOn } from "coopd-tools";
import { AzureKeyVault, type DeriveKey, deriveKey } from "coopd-vault";
import { assertFrontDoor } from "./access/front-door.ts";
import { openDoor } from "./access/open-door.ts";
import { type BrainShop, createBrainShop } from "./brains/brain-shop.ts";
import { KeyRetry } from "./brains/key-retry.ts";
import { SecretGuard } from "./brains/secret-guard.ts";
import type { Config } from "./config.ts";
import { EgressLog } from "./egress/egress-log.ts";
import { startDormancy } from "./farm/dormancy.ts";
import { createReadiness } from "./farm/readiness.ts";
import { startRetention } from "./farm/retention.ts";
import { createPens } from "./farm/sandbox-pens.ts";
import { Wants } from "./farm/wants.ts";
import { openApiServer } from "./http/server.ts";
import { createStateReader } from "./http/state-reader.ts";
import { addDaemonGauges } from "./metrics/daemon-gauges.ts";
import { Metrics } from "./metrics/metrics.ts";
import { createOffers } from "./offers.ts";
import { Dispatcher } from "./orchestrator/dispatcher.ts";
import { failLeftOver } from "./orchestrator/fail-left-over.ts";
import { runJob } from "./orchestrator/job-runner.ts";
import type { RunSignals } from "./orchestrator/run-parts.ts";
import { settleHatching } from "./orchestrator/settle-hatching.ts";
import { createToolCaller, type ToolShelf } from "./orchestrator/tool-caller.ts";
import { readPrices } from "./prices/read-prices.ts";
import { FarmCeilings } from "./spend/farm-ceilings.ts";
import { SpendBell } from "./spend/spend-bell.ts";
import { capabilitiesOf } from "./terminals/capabilities.ts";
import { openLiveList } from "./terminals/live-list.ts";
import { SecretSources } from "./vault/secret-sources.ts";
import { unlockAtStart } from "./vault/unlock-at-start.ts";
import { VaultKeeper } from "./vault/vault-keeper.ts";
import { VERSION } from "./version.ts";
import { openEventBus } from "./watch/bus.ts";
import { createProgressFeed } from "./watch/progress-feed.ts";
import { TokenFeed } from "./watch/token-feed.ts";
import { WatchDesk } from "./watch/watch-desk.ts";

export interface Daemon {
  readonly address: string;
  /** Stops in order: no new work, steps under way, requests, processes, store. Ends within STOP_MS_MAX or throws. */
  close(): Promise<void>;
}

/**
 * Where a proof may stand between the parts, to die or to fail at an exact place (tools/proof/crash). The program stands
 * nowhere: main.ts passes none.
 */
export interface Seams {
  readonly store?: (store: SqliteStore) => SqliteStore;
  readonly tools?: (shelf: ToolShelf) => ToolShelf;
  readonly brains?: (shop: BrainShop) => BrainShop;
  /** In place of Argon2id, which takes a third of a second. */
  readonly derive?: DeriveKey;
}

/** Steps under way get this long to finish, ms; with the rest of the way out it stays under the 4 s that are promised. */
const STEP_GRACE_MS = 1_200;
const REQUEST_GRACE_MS = 300;

/** The only place that wires packages together. What it opened, it closes, in reverse, even when opening fails half way. */
export async function openDaemon(config: Config, log: Log, seams: Seams = {}): Promise<Daemon> {
  assertFrontDoor(config);
  await using opened = new AsyncDisposableStack();
  const ground = await openGround(config, log, seams, opened);
  const { store, clock, newId } = ground;
  const work = createWork(config, ground, seams, (context, to, prompt) =>
    offers.delegations.handOn(context, to, prompt),
  );
  opened.defer(() => work.retry.close());
  opened.defer(() => work.dispatcher.stop(STEP_GRACE_MS));
  const offers = createOffers(config, ground, work, await openLiveList(store, log));
  opened.defer(() => offers.leases.close());
  await settleHatching(store, clock, log);
  // Before anybody can ask: what is accepted from now on is not left over, nobody sees what was as still waiting, and a
  // farm that is resumed just now is not stopped by what was read before.
  if (config.resume === "fail") await failLeftOver(store, clock, newId, log);
  await offers.control.restore();
  await offers.leases.restore();
  await offers.delegations.restore();
  const front = await openFront(config, ground, work);
  opened.defer(() => front.door.trail.settled()); // the server is closed by then
  const server = openApiServer({ ...offers, ...front });
  ground.ownPorts.push(portOf(server.address)); // no hen has run yet
  opened.defer(() => server.close(REQUEST_GRACE_MS));
  opened.defer(() => offers.live.close());
  opened.defer(() => offers.terminals.close()); // before the server: its viewers are told
  opened.defer(() => offers.feed.close());
  await store.publishHolder({ address: server.address });
  await unlockAtStart(ground.keys.keeper, config.secrets, log);
  await work.dispatcher.start();
  offers.feed.ring();
  const { idleDormantSecs: idleSecs } = config;
  const hasTerminal = (id: HenId) => offers.terminals.has(id);
  opened.defer(startDormancy({ store, pens: ground.pens, clock, log, idleSecs, hasTerminal }));
  opened.defer(startRetention({ store, clock, log }));
  opened.defer(offers.attention.watch());
  const held = opened.move();
  return { address: server.address, close: () => held.disposeAsync() };
}

type Ground = Awaited<ReturnType<typeof openGround>>;
type Work = ReturnType<typeof createWork>;

/** What everything stands on: store, walls, time, ids, events. */
async function openGround(config: Config, log: Log, seams: Seams, opened: AsyncDisposableStack) {
  const models = createModelBook(readPrices(config.dataDir));
  const disk = await openStore({ dataDir: config.dataDir, version: VERSION, log });
  const store = opened.adopt(seams.store?.(disk) ?? disk, (it) => it.close());
  const clock = { nowMs: () => Date.now() };
  const egress = opened.adopt(new EgressLog({ store, clock, log }), (it) => it.close());
  const ownPorts: number[] = [];
  const onEgress = (record: EgressRecord) => egress.record(record);
  const walls = { ...sandboxOptions(config, log), onEgress, gateLimits: GATE_LIMITS, ownPorts: () => ownPorts };
  const sandbox = opened.adopt(await openSandbox(walls), (it) => it.close());
  const newId = createIdSource({ ...clock, randomBytes: (count) => randomBytes(count) });
  // The only way of the daemon itself to a network; like a hen's it does not lead back to the daemon.
  const reach = createDialFetch({ dial: createDial({ ownPorts: () => ownPorts }) });
  const keys = await openKeys(config, { store, clock, log, reach, derive: seams.derive }, opened);
  const pens = createPens(store, sandbox, log);
  const bus = await openEventBus(store);
  return { store, sandbox, clock, newId, log, models, egress, keys, pens, ownPorts, reach, bus };
}

/** Of `127.0.0.1:9700` and `[::1]:9700`. */
function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

/** The egress log joins and bounds what it is told, and must hear of it while the job that asked still runs. */
const GATE_LIMITS = { logWindowMs: 0 };

interface KeyParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly reach: typeof fetch;
  readonly derive: DeriveKey | undefined;
}

/** Where keys come from, and the rule of where they may go. */
async function openKeys(config: Config, parts: KeyParts, opened: AsyncDisposableStack) {
  const { store, clock, log, reach, derive = deriveKey } = parts;
  const { secrets: settings } = config;
  const usualPath = settings.vaultPath ?? (await store.setting(VAULT_PATH_SETTING));
  const ownPath = join(config.dataDir, "vault.json");
  const remember = (path: string) => store.putSetting(VAULT_PATH_SETTING, path);
  const keeper = opened.adopt(new VaultKeeper({ clock, log, usualPath, ownPath, remember, derive }), (it) =>
    it.close(),
  );
  const azure =
    settings.azure === undefined ? undefined : new AzureKeyVault({ config: settings.azure, fetch: reach, clock });
  const sources = opened.adopt(new SecretSources({ keeper, settings, azure }), (it) => it.close());
  return { keeper, sources, guard: new SecretGuard(keeper, sources) };
}

/** What carries jobs: tools, brains, runner, dispatcher. */
function createWork(config: Config, ground: Ground, seams: Seams, handOn: HandOn) {
  const { store, sandbox, clock, newId, log, models, egress, keys, pens, reach, bus } = ground;
  const penOf = (context: ToolContext) => pens.openPen(context.henId, context.manifest);
  const shelf = createToolRegistry({ sandbox, penOf, handOn, door: sandbox.door, networkOf: pens.networkOf });
  const tools = createToolCaller(seams.tools?.(shelf) ?? shelf, clock, (jobId) => egress.takeNotes(jobId));
  const meetVault = () => wants.meet("vault").catch((error) => log.error("hens still wait for a key", { error }));
  const retry = new KeyRetry(meetVault);
  const { keeper } = keys;
  keeper.listen(() => {
    const { unlocked, secrets } = keeper.status();
    bus.notice({ type: "vault_changed", unlocked, secrets });
    if (unlocked) void meetVault();
  });
  const wrap = createWrapBrain({ models, cache: new AnswerCache(), log });
  const shop = createBrainShop({ store, fetch: reach, wrap, ...keys, retry });
  const brainFor = seams.brains?.(shop) ?? shop;
  const progress = createProgressFeed(
    (notice) => bus.notice(notice),
    () => performance.now(),
  );
  const { memoryContextEntries, jobsAtOnceMax } = config;
  const wants = new Wants({ store, clock, ring: () => dispatcher.ring() });
  const { walls } = sandbox;
  const tokens = new TokenFeed();
  const spend = { models, ceilings: new FarmCeilings(store), bell: new SpendBell() };
  const feeds = { progress, tokens };
  const runner = { store, clock, newId, log, brainFor, tools, memoryContextEntries, ...feeds, walls, wants, ...spend };
  const run = (claim: Claim, signals: RunSignals) => {
    const endEgress = egress.begin(claim.hen.id, claim.job.id);
    return runJob(claim, runner, signals).finally(() => {
      progress.end(claim.job.id);
      tokens.end(claim);
      endEgress();
    });
  };
  const dispatcher: Dispatcher = new Dispatcher({ store, clock, log, jobsAtOnceMax, memoryContextEntries, run });
  return { dispatcher, wants, retry, tokens, brainFor, spend, progress: () => progress.current() };
}

/** What stands between a request and what the daemon offers. */
async function openFront(config: Config, ground: Ground, work: Work) {
  const { store, sandbox, clock, newId, log, keys, bus } = ground;
  const desk = new WatchDesk({ store, bus, progress: work.progress });
  const metrics = new Metrics();
  addDaemonGauges(metrics, { store, watchers: () => desk.size, startedMs: clock.nowMs() });
  return {
    door: await openDoor(config, { store, clock, newId, log }),
    desk,
    metrics,
    keeper: keys.keeper,
    care: store,
    auditReader: store,
    stateOf: createStateReader(store),
    probe: createReadiness({ store, walls: sandbox.walls, areWallsWanted: !config.sandboxDisabled, clock }),
    capabilities: capabilitiesOf(sandbox.walls),
    nowMs: clock.nowMs,
    log,
    address: config.address,
  };
}

function sandboxOptions(config: Config, log: Log) {
  const uidBase = config.uidBase === undefined ? {} : { uidBase: config.uidBase };
  return { dataDir: config.dataDir, disabled: config.sandboxDisabled, log, ...uidBase };
}

import type { Clock, HenId, Log, ModelBook, WatchNotice } from "coopd-core";
import type { Sandbox } from "coopd-sandbox";
import type { SqliteStore } from "coopd-storage";
import type { BrainShop } from "./brains/brain-shop.ts";
import type { SecretGuard } from "./brains/secret-guard.ts";
import type { Config } from "./config.ts";
import { createDoctor } from "./doctor/doctor.ts";
import type { EgressLog } from "./egress/egress-log.ts";
import { EgressLogs } from "./egress/egress-logs.ts";
import { Attention } from "./farm/attention.ts";
import { Delegations } from "./farm/delegations.ts";
import { Farm } from "./farm/farm.ts";
import { HenFiles } from "./farm/hen-files.ts";
import { HenLife } from "./farm/hen-life.ts";
import { JobControl } from "./farm/job-control.ts";
import { Leases } from "./farm/leases.ts";
import { Manifests } from "./farm/manifests.ts";
import { Networks } from "./farm/networks.ts";
import { QueuePlaces } from "./farm/queue-places.ts";
import { createHenProcesses, type SandboxPens } from "./farm/sandbox-pens.ts";
import { Tasks } from "./farm/tasks.ts";
import type { Wants } from "./farm/wants.ts";
import { createHostPressure } from "./host/host-pressure.ts";
import type { Dispatcher } from "./orchestrator/dispatcher.ts";
import { createJobEnds } from "./orchestrator/job-ends.ts";
import { testBrain } from "./spend/brain-test.ts";
import type { FarmCeilings } from "./spend/farm-ceilings.ts";
import type { SpendBell } from "./spend/spend-bell.ts";
import { Spending } from "./spend/spending.ts";
import { requireAgent } from "./terminals/find-agent.ts";
import type { LiveList } from "./terminals/live-list.ts";
import { TaskFeed } from "./terminals/task-feed.ts";
import { Terminals } from "./terminals/terminals.ts";
import { VERSION } from "./version.ts";
import type { EventBus } from "./watch/bus.ts";
import { LiveStreams } from "./watch/live-streams.ts";
import type { TokenFeed } from "./watch/token-feed.ts";

/** What the offers stand on: compose.ts opens all of it, and closes it. */
export interface OfferGround {
  readonly store: SqliteStore;
  readonly sandbox: Sandbox;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
  readonly models: ModelBook;
  readonly egress: EgressLog;
  readonly keys: { readonly guard: SecretGuard };
  readonly pens: SandboxPens;
  readonly bus: EventBus;
}

/** What carries the jobs. */
export interface OfferWork {
  readonly dispatcher: Dispatcher;
  readonly wants: Wants;
  readonly tokens: TokenFeed;
  readonly brainFor: BrainShop;
  readonly spend: { readonly models: ModelBook; readonly ceilings: FarmCeilings; readonly bell: SpendBell };
}

/** What the API offers: each part once, with the others that it asks. */
export function createOffers(
  config: Config,
  ground: OfferGround,
  { dispatcher, wants, tokens, brainFor, spend }: OfferWork,
  liveList: LiveList,
) {
  const { store, sandbox, clock, newId, log, models, egress, keys, pens, bus } = ground;
  const { promptBytesMax, queueLimits, delegateTimeoutSecs: requestSecs, terminalIdleSecs: idleSecs } = config;
  const ring = () => dispatcher.ring();
  const tell = (notice: WatchNotice) => bus.notice(notice);
  const control = new JobControl({ store, clock, dispatcher, tell });
  const life = new HenLife({
    ...{ store, pens, clock, log, jobs: control, wants, models, ring },
    terminals: { reconcile: (id) => terminals.reconcile(id), end: (id, reason) => terminals.end(id, reason) },
    requireAgent: (hen) => requireAgent(processes, hen),
  });
  const processes = createHenProcesses(pens, sandbox);
  const terminals = new Terminals({ store, processes, life, clock, log, liveList, tell, idleSecs });
  const feed = new TaskFeed({ store, terminals, processes, life, clock, log, promptBytesMax });
  const queue = { store, pens, life, clock, newId, promptBytesMax, queueLimits, ring };
  const ends = createJobEnds(store);
  const test = { store, clock, newId, brainFor, ...spend };
  const hostPressure = createHostPressure({ dataDir: config.dataDir, nowMs: clock.nowMs });
  const farm = new Farm({ ...queue, hostPressure, wants, secrets: keys.guard, models, version: VERSION });
  return {
    farm,
    places: new QueuePlaces({ store, farm, control, dispatcher }),
    life,
    control,
    delegations: new Delegations({ store, clock, log, queue, ends, dispatcher, control, requestSecs }),
    leases: new Leases({ store, pens, clock, log, control, terminals, ring }),
    terminals,
    feed,
    tasks: new Tasks({ store, pens, clock, newId, promptBytesMax, feed }),
    attention: new Attention({ store, pens, wants, clock, log, bus, waitingFor: (task) => feed.waitingFor(task) }),
    files: new HenFiles({ store, pens }),
    manifests: new Manifests({ store, pens, clock, models, ring, secrets: keys.guard }),
    networks: new Networks({ store, pens, clock, models }),
    egressLogs: new EgressLogs(store, egress),
    spending: new Spending({ store, clock }),
    ceilings: spend.ceilings,
    testBrain: (id: HenId, signal: AbortSignal) => testBrain(id, test, signal),
    doctor: createDoctor(sandbox),
    live: new LiveStreams({ feed: tokens, ends }),
  };
}

import type { HenId, NetworkSpec } from "coopd-core";
import type { Gate, GateSeat, HenListeners } from "../gate/gate.ts";
import type { HostPrograms } from "../host/host-programs.ts";
import { closeListeners, openHenListeners } from "./hen-listeners.ts";
import { makeNetNamespace, type NetNamespace } from "./net-namespace.ts";
import { createSlots } from "./slots.ts";

/** A hen's network while something of it runs. */
export interface HeldNetwork {
  readonly namespace: NetNamespace;
  /** There is a gate in it: programs that know proxies may be told of one. */
  readonly hasGate: boolean;
  /** When what runs has ended. */
  release(): void;
}

export interface HenNetworksParts {
  readonly programs: HostPrograms;
  readonly isRoot: boolean;
  /** Undefined: every hen runs without network. */
  readonly gate: Gate | undefined;
  /** After this long without a process, ms; {@link IDLE_MS} when absent. */
  readonly idleMs?: number;
}

/** walls.md, Launch: 10 idle minutes. */
const IDLE_MS = 10 * 60_000;

/** Kept although nothing runs in them: each holds 7 descriptors or more of the daemon, and some kernel memory. */
const IDLE_MAX = 128;

/** Made at the same time: each starts a Bun of its own for a moment, of 30 MB. */
const MAKING_MAX = 4;

/** A hen that is awake: one namespace, from its first process until it is let go. */
interface Stay {
  readonly henId: HenId;
  /** Resolves when its listeners are there. */
  readonly ready: Promise<NetNamespace>;
  users: number;
  /** It ends with its last user. */
  isLeaving: boolean;
  isOver: boolean;
  idleTimer: ReturnType<typeof setTimeout> | undefined;
  listeners: HenListeners | undefined;
  seat: GateSeat | undefined;
  /** Changes of the listeners, one after the other; never rejects. */
  changes: Promise<unknown>;
}

const OFF: NetworkSpec = { policy: "off", allow: [] };

/**
 * The networks of all hens: each is made at the hen's first process, kept between processes, and let go when the hen goes to
 * sleep or nothing of it has run for a while (walls.md, Launch). Whoever opens it closes it.
 */
export class HenNetworks {
  readonly #parts: HenNetworksParts;
  readonly #policies = new Map<HenId, NetworkSpec | null>();
  /** The longest unused first. */
  readonly #stays = new Map<HenId, Stay>();
  readonly #slots = createSlots(MAKING_MAX);

  #gate: Gate | undefined;

  constructor(parts: HenNetworksParts) {
    this.#parts = parts;
    this.#gate = parts.gate;
  }

  /** For a host that can't hold one: every hen runs without network from now on. Before the first of them is held. */
  giveUpGate(): void {
    this.#gate = undefined;
  }

  /** What a hen's policy is when it has never been told; later calls change nothing, so that no old manifest undoes a change. */
  introduce(henId: HenId, network: NetworkSpec | null): void {
    if (!this.#policies.has(henId)) this.#policies.set(henId, network);
  }

  /** @throws CoopError `sandbox_failed`, `limit_reached` */
  async hold(henId: HenId): Promise<HeldNetwork> {
    const stay = this.#stays.get(henId) ?? this.#begin(henId);
    stay.users += 1;
    clearTimeout(stay.idleTimer);
    try {
      const namespace = await stay.ready;
      return { namespace, hasGate: stay.seat !== undefined, release: () => this.#leave(stay) };
    } catch (thrown) {
      stay.users -= 1;
      throw thrown;
    }
  }

  /**
   * The new policy holds at once, for open connections too; resolves when new ports listen.
   * @throws CoopError `sandbox_failed`, `limit_reached`: the policy holds, but not all of its ports are caught.
   */
  async setNetwork(henId: HenId, policy: NetworkSpec | null): Promise<void> {
    this.#policies.set(henId, policy);
    this.#parts.gate?.setNetwork(henId, policy); // tools go by its door, listeners or not
    const stay = this.#stays.get(henId);
    stay?.seat?.setNetwork(policy);
    if (stay === undefined) return;
    const change = stay.changes.then(async () => {
      if (this.#stays.get(henId) === stay) await this.#adapt(stay, await stay.ready);
    });
    stay.changes = change.catch(() => undefined);
    await change;
  }

  /**
   * The hen has gone to sleep. At once, or when what still runs has ended: a hen that was woken and works again meanwhile must
   * not lose the network under its feet.
   */
  async letGo(henId: HenId): Promise<void> {
    const stay = this.#stays.get(henId);
    if (stay === undefined) return;
    if (stay.users === 0) await this.#end(stay);
    else stay.isLeaving = true;
  }

  /** Cuts what is connected, closes the listeners and forgets the policy; what still runs in it runs without any network. */
  async remove(henId: HenId): Promise<void> {
    const stay = this.#stays.get(henId);
    if (stay !== undefined) await this.#end(stay);
    this.#policies.delete(henId);
  }

  /** Lets all go; to hold one later is the caller's fault. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#stays.values(), (stay) => this.#end(stay)));
  }

  #policyOf(henId: HenId): NetworkSpec | null {
    const policy = this.#policies.get(henId);
    return policy === undefined ? OFF : policy;
  }

  #begin(henId: HenId): Stay {
    const { promise: ready, resolve } = Promise.withResolvers<NetNamespace>();
    const rest = {
      users: 0,
      isLeaving: false,
      isOver: false,
      idleTimer: undefined,
      listeners: undefined,
      seat: undefined,
    };
    const stay: Stay = { henId, ready, ...rest, changes: ready.catch(() => undefined) };
    this.#stays.set(henId, stay);
    resolve(this.#slots(() => this.#make(stay)));
    ready.catch(() => this.#forget(stay));
    return stay;
  }

  async #make(stay: Stay): Promise<NetNamespace> {
    const namespace = await makeNetNamespace(this.#parts.programs, this.#parts.isRoot);
    try {
      await this.#adapt(stay, namespace);
      return namespace;
    } catch (thrown) {
      namespace.close();
      throw thrown;
    }
  }

  /** Opens and closes listeners until they are what the hen's policy asks for, which may change meanwhile. */
  async #adapt(stay: Stay, namespace: NetNamespace): Promise<void> {
    const { programs } = this.#parts;
    const gate = this.#gate;
    if (gate === undefined) return;
    for (;;) {
      const policy = this.#policyOf(stay.henId);
      const listeners = await openHenListeners(programs, namespace, policy, stay.listeners);
      if (stay.isOver) return closeListeners(listeners);
      this.#sit(gate, stay, listeners);
      if (this.#policyOf(stay.henId) === policy) return;
    }
  }

  /** The latest policy decides, whatever it was when the listeners were asked for. */
  #sit(gate: Gate, stay: Stay, listeners: HenListeners | undefined): void {
    const { henId } = stay;
    const network = this.#policyOf(henId);
    stay.listeners = listeners;
    if (listeners === undefined) {
      stay.seat?.close();
      stay.seat = undefined;
    } else if (stay.seat === undefined) stay.seat = gate.seat({ henId, network, listeners });
    else stay.seat.setNetwork(network, listeners);
  }

  #leave(stay: Stay): void {
    stay.users -= 1;
    if (stay.users > 0) return;
    if (stay.isOver) return void this.#closeUnused(stay);
    if (stay.isLeaving) return void this.#end(stay);
    stay.idleTimer = setTimeout(() => void this.#end(stay), this.#parts.idleMs ?? IDLE_MS);
    stay.idleTimer.unref();
    this.#stays.delete(stay.henId);
    this.#stays.set(stay.henId, stay); // now the last to be let go
    const idle = Array.from(this.#stays.values()).filter((other) => other.users === 0);
    for (const other of idle.slice(0, Math.max(0, idle.length - IDLE_MAX))) void this.#end(other);
  }

  async #end(stay: Stay): Promise<void> {
    stay.isOver = true;
    clearTimeout(stay.idleTimer);
    this.#forget(stay);
    stay.seat?.close();
    stay.seat = undefined;
    await stay.changes;
    await this.#closeUnused(stay);
  }

  #forget(stay: Stay): void {
    if (this.#stays.get(stay.henId) === stay) this.#stays.delete(stay.henId);
  }

  /** Not before the last user has gone: nsenter names a descriptor, whose number another hen's namespace could get. */
  async #closeUnused(stay: Stay): Promise<void> {
    const namespace = await stay.ready.catch(() => undefined); // told to whoever asked for it
    if (stay.users === 0) namespace?.close();
  }
}

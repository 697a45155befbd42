import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { CoopError } from "coopd-core";
import { type CgroupPlaces, readCgroupPlaces } from "./cgroup-mounts.ts";
import { PIDS_MAX, type ResourceLimits } from "./resource-limits.ts";

/** One cgroup a hen, so that its limits hold over all of its processes together. */
export interface Cgroups {
  readonly version: 1 | 2;
  /** Makes the hen's cgroup and sets its limits; returns the files that a process joins it by, writing `0`. */
  prepare(key: string, limits: ResourceLimits): string[];
  /** Kills whatever is still in it and removes it. @throws CoopError `sandbox_failed` when something does not die */
  remove(key: string): Promise<void>;
  removeAll(): Promise<void>;
  /** `removeAll`, and takes the farm's own folders away. */
  close(): Promise<void>;
}

/** Against the default of 1024 (version 1) and 100 (version 2): the daemon comes first where time is short. */
const CPU_SHARES = 256;
const CPU_WEIGHT = 25;
const CPU_PERIOD_US = 100_000;

/**
 * In version 1 a thread that moves itself by `tasks` takes no lock; `cgroup.procs` takes one that every fork and exit of
 * the host waits for, and cost a third of a launch here. Version 2 has no such file for a cgroup with controllers.
 */
const JOIN_FILE = { 1: "tasks", 2: "cgroup.procs" } as const;

const DEATH_MS_MAX = 2000;

/** Opens the farm's cgroups and kills what an earlier daemon of this farm left in them; or says why there are none. */
export async function openCgroups(farm: string): Promise<Cgroups | { readonly missing: string }> {
  const places = readCgroupPlaces();
  if (places === undefined) return { missing: "this host has no memory and pids cgroups" };
  try {
    const folders = farmFolders(places, `coop-${farm}`);
    const cgroups = cgroupsIn(places.version, folders);
    await cgroups.removeAll();
    return cgroups;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    return { missing: `the daemon may not make cgroups (${code}); as a systemd service it needs Delegate=yes` };
  }
}

/** The farm's folder in each hierarchy, made. */
function farmFolders(places: CgroupPlaces, name: string): readonly string[] {
  if (places.version === 1) {
    const parents = [places.memory, places.pids, ...(places.cpu === undefined ? [] : [places.cpu])];
    return parents.map((parent) => ensureFolder(`${parent}/${name}`));
  }
  const candidates = places.own === places.top ? [places.own] : [places.own, places.top];
  let refusal: unknown;
  for (const parent of candidates) {
    try {
      enableControllers(parent);
      const farm = ensureFolder(`${parent}/${name}`);
      enableControllers(farm);
      return [farm];
    } catch (cause) {
      refusal = cause;
    }
  }
  throw refusal;
}

/**
 * Version 2 gives controllers only to the children of a cgroup without processes of its own ("no internal processes"),
 * so where the daemon alone stands in the way it first moves into a leaf.
 */
function enableControllers(folder: string): void {
  const available = readFileSync(`${folder}/cgroup.controllers`, "utf8").trim().split(" ");
  const wanted = ["memory", "pids", "cpu"].filter((name) => available.includes(name)).map((name) => `+${name}`);
  const enable = () => writeFileSync(`${folder}/cgroup.subtree_control`, wanted.join(" "));
  try {
    enable();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EBUSY") throw cause;
    writeFileSync(`${ensureFolder(`${folder}/coopd`)}/cgroup.procs`, String(process.pid));
    enable();
  }
}

function cgroupsIn(version: 1 | 2, folders: readonly string[]): Cgroups {
  const prepared = new Map<string, ResourceLimits>();

  function prepare(key: string, limits: ResourceLimits): string[] {
    const own = folders.map((folder) => `${folder}/${key}`);
    if (prepared.get(key) !== limits || !own.every((folder) => existsSync(folder))) {
      for (const folder of own) setLimits(ensureFolder(folder), version, limits);
      prepared.set(key, limits);
    }
    return own.map((folder) => `${folder}/${JOIN_FILE[version]}`);
  }

  async function remove(key: string): Promise<void> {
    prepared.delete(key);
    for (const folder of folders) await removeFolder(`${folder}/${key}`);
  }

  async function removeAll(): Promise<void> {
    prepared.clear();
    for (const folder of folders) {
      const children = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
      for (const child of children) await removeFolder(`${folder}/${child.name}`);
    }
  }

  async function close(): Promise<void> {
    await removeAll();
    for (const folder of folders) await removeFolder(folder);
  }

  return { version, prepare, remove, removeAll, close };
}

/** Writes what the folder's controllers know; a hierarchy of version 1 has only one controller's files. */
function setLimits(folder: string, version: 1 | 2, limits: ResourceLimits): void {
  const { memoryBytes, cpuCores } = limits;
  const quota = cpuCores === undefined ? undefined : Math.max(1000, Math.round(cpuCores * CPU_PERIOD_US));
  const rows: readonly (readonly [file: string, value: string | number])[] =
    version === 1
      ? [
          ["memory.limit_in_bytes", memoryBytes],
          ["memory.memsw.limit_in_bytes", memoryBytes],
          ["pids.max", PIDS_MAX],
          ["cpu.shares", CPU_SHARES],
          ["cpu.cfs_quota_us", quota ?? -1],
        ]
      : [
          ["memory.max", memoryBytes],
          ["memory.swap.max", 0],
          ["pids.max", PIDS_MAX],
          ["cpu.weight", CPU_WEIGHT],
          ["cpu.max", `${quota ?? "max"} ${CPU_PERIOD_US}`],
        ];
  for (const [file, value] of rows) {
    if (existsSync(`${folder}/${file}`)) writeFileSync(`${folder}/${file}`, String(value));
  }
}

async function removeFolder(folder: string): Promise<void> {
  const deadline = performance.now() + DEATH_MS_MAX;
  for (let pauseMs = 1; existsSync(folder); pauseMs = Math.min(pauseMs * 2, 50)) {
    for (const pid of readPids(folder)) kill(pid);
    try {
      rmdirSync(folder);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === "ENOENT") return;
      // Busy until the last zombie is reaped.
      if (code !== "EBUSY") throw cause;
      if (performance.now() > deadline) {
        throw new CoopError("sandbox_failed", "a hen's processes did not die", { cause });
      }
      await delay(pauseMs);
    }
  }
}

function readPids(folder: string): number[] {
  try {
    return readFileSync(`${folder}/cgroup.procs`, "utf8")
      .split("\n")
      .filter((row) => row !== "")
      .map(Number);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw cause;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ESRCH") throw cause;
  }
}

function ensureFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}

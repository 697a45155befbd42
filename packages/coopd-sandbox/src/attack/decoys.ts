import { randomBytes, randomInt } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { OWN_HENS } from "../host/own-hens.ts";
import type { Pen } from "../pen/pen.ts";
import type { Sandbox } from "../sandbox.ts";
import { openDecoyServers } from "./decoy-servers.ts";

/**
 * What the attempts are after, all real and one step away, so that none fails only because nothing was there: a secret
 * that everybody on the host may read, another hen's file, a variable of the daemon, a process, and servers.
 */
export interface Decoys {
  /** Printing any of these is a breach. */
  readonly secrets: readonly string[];
  /** What the scripts are told, as variables. */
  readonly env: Readonly<Record<string, string>>;
  /** True when something has changed on the host that no attempt may change. */
  isTampered(): boolean;
  /** True while the decoy process lives. */
  isProcessAlive(): boolean;
  /** Pids on the host of what an attempt left behind. */
  findSurvivors(): readonly number[];
  close(): Promise<void>;
}

export interface DecoyParts {
  readonly sandbox: Sandbox;
  /** The uid of the hen that the second folder belongs to. */
  readonly otherUid: number | undefined;
}

const OTHER = OWN_HENS.decoy;

/** Lays the decoys; whoever opens them closes them, and nothing of them is left. */
export async function openDecoys({ sandbox, otherUid }: DecoyParts): Promise<Decoys> {
  const mark = () => `decoy-${randomBytes(9).toString("hex")}`;
  const [fileSecret, henSecret, envSecret, netSecret] = [mark(), mark(), mark(), mark()];
  const folder = mkdtempSync(`${tmpdir()}/coop-decoy-`);
  chmodSync(folder, 0o777);
  mkdirSync(`${folder}/open`);
  chmodSync(`${folder}/open`, 0o777);
  writeFileSync(`${folder}/secret.txt`, fileSecret, { mode: 0o644 });
  writeFileSync(`${folder}/target.txt`, "untouched", { mode: 0o666 });
  chmodSync(`${folder}/target.txt`, 0o666);
  const other = await sandbox.openPen({ henId: OTHER, uid: otherUid });
  writeFileSync(`${other.workdir}/note.txt`, henSecret, { mode: 0o644 });
  const variable = "COOP_DECOY_SECRET";
  process.env[variable] = envSecret;
  const child = Bun.spawn(["sleep", "3600"], { env: {}, cwd: "/", stdio: ["ignore", "ignore", "ignore"] });
  const sleep = `8${randomInt(1e4)}.${randomInt(1e9)}`; // a length by which a survivor is known
  const findSurvivors = () => findProcesses(sleep);
  const memory = openSharedMemory();
  const servers = await openDecoyServers(folder, netSecret);
  return {
    secrets: [fileSecret, henSecret, envSecret, netSecret],
    env: { ...decoyEnv(folder, other, child.pid), ...servers.env, DECOY_SLEEP: sleep },
    isTampered: () => readFileSync(`${folder}/target.txt`, "utf8") !== "untouched" || existsSync(`${folder}/open/made`),
    isProcessAlive: () => child.exitCode === null && child.signalCode === null,
    findSurvivors,
    close: async () => {
      for (const pid of findSurvivors()) process.kill(pid, "SIGKILL");
      delete process.env[variable];
      child.kill("SIGKILL");
      servers.close();
      memory.close();
      await sandbox.removePen(OTHER);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function decoyEnv(folder: string, other: Pen, pid: number): Record<string, string> {
  return {
    DECOY_DIR: folder,
    DECOY_FILE: `${folder}/secret.txt`,
    DECOY_TARGET: `${folder}/target.txt`,
    DECOY_HEN: other.workdir,
    DECOY_HEN_MOUNT: other.bindSource,
    DECOY_PID: String(pid),
    DECOY_DAEMON: String(process.pid),
  };
}

function findProcesses(mark: string): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const isMeant = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(mark);
    } catch {
      return false; // it ended while we looked
    }
  };
  return pids.filter(isMeant).map(Number);
}

/** A System V memory segment of the host that everybody may attach; none where util-linux can't make one. */
function openSharedMemory(): { close(): void } {
  const run = (...argv: string[]) => Bun.spawnSync(argv, { env: { LC_ALL: "C" }, stdio: ["ignore", "pipe", "ignore"] });
  try {
    const id = /(\d+)/.exec(run("/usr/bin/ipcmk", "-M", "4096", "-p", "0666").stdout.toString())?.[1];
    return { close: () => void (id === undefined || run("/usr/bin/ipcrm", "-m", id)) };
  } catch {
    return { close: () => undefined };
  }
}

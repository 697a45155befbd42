import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Secrets that are searched for, by what they are. */
export type Canaries = Readonly<Record<string, string>>;

/** Each canary as it is, and as it would look in the usual disguises. */
function disguises(secret: string): readonly Buffer[] {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString("base64").replace(/=+$/, "").slice(0, -1); // the last character depends on what follows
  return [
    bytes,
    Buffer.from(bytes.toString("hex")),
    Buffer.from(base64),
    Buffer.from(bytes.toString("utf16le"), "latin1"),
  ];
}

/** `canary in place` for each canary that is found. */
export function findCanaries(canaries: Canaries, place: string, bytes: Uint8Array): readonly string[] {
  const haystack = Buffer.from(bytes);
  return Object.entries(canaries)
    .filter(([, secret]) => disguises(secret).some((needle) => haystack.includes(needle)))
    .map(([name]) => `${name} in ${place}`);
}

/** The same for every file below a folder. @returns what was found, and how many bytes were searched */
export function searchFolder(
  canaries: Canaries,
  folder: string,
): { readonly found: readonly string[]; readonly bytes: number } {
  const found: string[] = [];
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    const content = readFileSync(path);
    bytes += content.length;
    found.push(...findCanaries(canaries, path, content));
  }
  return { found, bytes };
}

/** Command lines of every process of this machine, over and over until `stop`; what was found, each once. */
export function watchCommandLines(canaries: Canaries): {
  stop(): { readonly found: readonly string[]; readonly looks: number };
} {
  const found = new Set<string>();
  let looks = 0;
  const look = () => {
    looks += 1;
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      for (const hit of findCanaries(canaries, "a command line", readProc(pid, "cmdline"))) found.add(hit);
    }
  };
  const timer = setInterval(look, 50);
  return {
    stop() {
      clearInterval(timer);
      return { found: [...found], looks };
    },
  };
}

/** Environments of all processes that descend from `pid`, it itself left out; their pids and what was found. */
export function searchEnvironments(
  canaries: Canaries,
  pid: number,
): { readonly found: readonly string[]; readonly pids: readonly number[] } {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const stat = readProc(name, "stat").toString();
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const descends = (child: number): boolean => {
    const parent = parents.get(child);
    return parent !== undefined && parent > 1 && (parent === pid || descends(parent));
  };
  const pids = [...parents.keys()].filter(descends);
  const found = pids.flatMap((child) =>
    findCanaries(canaries, `environment of ${child}`, readProc(String(child), "environ")),
  );
  return { found, pids };
}

/** Empty for a process that ended meanwhile. */
function readProc(pid: string, name: string): Buffer {
  try {
    return readFileSync(`/proc/${pid}/${name}`);
  } catch {
    return Buffer.alloc(0);
  }
}

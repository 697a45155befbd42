import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { whatIsMissing } from "../boot/npm-packages.mjs";

/** What a block of commands came to. */
export interface Reading {
  readonly exitCode: number;
  /** As the terminal showed it, both streams in their order. */
  readonly shown: string;
}

/** Somebody who follows a page: a home of their own, a terminal, and the programs of this repository. */
export interface Reader extends AsyncDisposable {
  /** Runs a block in the reader's terminal. Folder and variables are as the block before left them. */
  run(script: string): Promise<Reading>;
  /** Starts the daemon of a block in another terminal, after stopping the one before. */
  startDaemon(script: string): Promise<void>;
  /** Saves a file in the folder that the reader is in. */
  save(name: string, text: string): void;
}

/** ms: a block that a reader would wait for longer than this does not belong on a page without a word. */
const BLOCK_MS_MAX = 60_000;
const START_MS_MAX = 25_000;
const DEAF = ["--no-env-file", "--config=/dev/null"];

/**
 * A throw-away home with `coop`, `coopd` from source and the examples; their daemons listen at free ports. With `isClone` the
 * folder that the reader is in is a copy of the repository, with its installed packages. Whoever opens it disposes of it, which
 * ends its daemon.
 */
export function openReader(root: string, { isClone = false } = {}): Reader {
  const scratch = mkdtempSync(join(tmpdir(), "coop-reader-"));
  const folder = join(scratch, "home");
  const state = join(scratch, "state");
  const dataDirPath = join(scratch, "data-dir");
  for (const path of [folder, join(scratch, "bin")]) mkdirSync(path, { mode: 0o700 });
  writePrograms(root, scratch, dataDirPath);
  if (isClone) copyClone(root, folder);
  else cpSync(join(root, "examples"), join(folder, "examples"), { recursive: true });
  writeFileSync(state, `cd ${folder}\n`);
  const environment = {
    PATH: `${join(scratch, "bin")}:${process.env.PATH ?? ""}`,
    HOME: folder,
    LANG: "C.UTF-8",
    TERM: "xterm",
    NO_COLOR: "1",
    npm_config_update_notifier: "false",
  };
  let daemon: Bun.Subprocess | undefined;
  const stopDaemon = async () => {
    if (daemon === undefined) return;
    if (daemon.exitCode === null) process.kill(-daemon.pid, "SIGINT"); // Ctrl-C goes to the whole foreground group
    await daemon.exited;
    daemon = undefined;
  };
  return {
    run: (script) => runBlock(script, { state, environment }),
    save: (name, text) => writeFileSync(join(folderOf(state), name), text),
    async startDaemon(script) {
      await stopDaemon();
      rmSync(dataDirPath, { force: true });
      const log = Bun.file(join(scratch, "daemon.log"));
      const startedAtMs = Date.now();
      daemon = Bun.spawn(["bash", "-c", `. ${state}\n${script}`], {
        env: environment,
        stdin: "ignore",
        stdout: log,
        stderr: log,
        detached: true, // a process group of its own, as in a terminal of its own
      });
      const dataDirs = async () => [(await readText(dataDirPath)).trim(), join(folder, ".coop-demo")];
      const address = await findAddress(daemon, { dataDirs, startedAtMs, log: () => log.text() });
      writeFileSync(state, `${readFileSync(state, "utf8")}export COOP_API=http://${address}\n`);
    },
    async [Symbol.asyncDispose]() {
      await stopDaemon();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** What git tracks, but the sources are links, since a package finds its dependencies by its real path. */
function copyClone(root: string, folder: string): void {
  // The set-up would mend them through the link: it empties node_modules first, and those are not the reader's.
  const missing = whatIsMissing(root);
  if (missing !== undefined)
    throw new Error(`the installed packages are not those of the lockfile (${missing}): run npm ci`);
  const linked = ["node_modules", "packages"];
  const left = new Set([".git", ".tsbuild", ".coop-demo", ".proof", ".bench", "dist", ...linked]);
  for (const name of readdirSync(root)) {
    if (!left.has(name)) cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  for (const name of linked) symlinkSync(join(root, name), join(folder, name));
}

/** `coopd serve` without `--addr` takes a free port here and leaves word where its data is. */
function writePrograms(root: string, scratch: string, dataDirPath: string): void {
  const bun = [process.execPath, ...DEAF].join(" ");
  const programs = {
    coop: `exec ${bun} ${join(root, "packages/coop-cli/src/main.ts")} "$@"\n`,
    coopd: [
      'data="$COOP_DATA_DIR" before="" serves=no addr="--addr 127.0.0.1:0"',
      '[ -n "$data" ] || data="$HOME/.coop"',
      'for word in "$@"; do',
      '  [ "$before" = --data-dir ] && data="$word"',
      '  [ "$word" = serve ] && serves=yes',
      '  [ "$word" = --addr ] && addr=""',
      '  before="$word"',
      "done",
      '[ "$serves" = yes ] || addr=""',
      `[ "$serves" = no ] || echo "$data" >${dataDirPath}`,
      `exec ${bun} ${join(root, "packages/coopd/src/main.ts")} "$@" $addr\n`,
    ].join("\n"),
  };
  for (const [name, text] of Object.entries(programs)) {
    const path = join(scratch, "bin", name);
    writeFileSync(path, `#!/bin/bash\n${text}`);
    chmodSync(path, 0o755);
  }
}

/** The folder that the last block ended in. */
function folderOf(state: string): string {
  return [...readFileSync(state, "utf8").matchAll(/^cd (.*)$/gm)].at(-1)?.[1] ?? "/";
}

async function runBlock(
  script: string,
  { state, environment }: { readonly state: string; readonly environment: Readonly<Record<string, string>> },
): Promise<Reading> {
  const end = `--end-${crypto.randomUUID()}--`;
  const keep = `{ echo "cd $PWD"; echo "shopt -s expand_aliases"; alias -p; declare -p | grep -v '^declare -[a-zA-Z-]*r' | grep -v ' \\(_\\|BASH[A-Z_]*\\|PIPESTATUS\\|FUNCNAME\\|DIRSTACK\\|GROUPS\\|end_of_block\\)\\b'; } >${state}.new && mv ${state}.new ${state}`;
  const whole = [
    `. ${state}`,
    `trap 'end_of_block=$?; ${keep.replaceAll("'", "'\\''")}; echo; echo ${end}$end_of_block' EXIT`,
    "set -euo pipefail",
    script,
  ].join("\n");
  let shown = "";
  const decoder = new TextDecoder();
  const seen = Promise.withResolvers<void>();
  const child = Bun.spawn(["bash", "-c", whole], {
    env: { ...environment },
    terminal: {
      cols: 120,
      rows: 50,
      data: (_terminal, bytes) => {
        shown += decoder.decode(bytes, { stream: true });
        if (shown.includes(end) && shown.endsWith("\n")) seen.resolve();
      },
    },
  });
  const deadline = setTimeout(() => {
    child.kill("SIGKILL");
    seen.reject(new Error(`it did not end within ${BLOCK_MS_MAX / 1000} s; shown so far:\n${shown}`));
  }, BLOCK_MS_MAX);
  try {
    await seen.promise;
    await child.exited;
  } finally {
    clearTimeout(deadline);
    child.terminal?.close();
  }
  const [before = "", code = ""] = toLines(shown).split(end);
  return { exitCode: Number.parseInt(code, 10), shown: before.replace(/\n$/, "") };
}

/** What stays on the screen: of a line that was painted over its last state, and no sequence that moves or colours. */
function toLines(text: string): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  return Bun.stripANSI(lines.map((line) => line.replaceAll(ERASE_LINE, "\r").split("\r").at(-1) ?? "").join("\n"));
}

const ERASE_LINE = "\u001b[2K";

/** Waits until the daemon that was just started answers; `npm start` is asked when it has said all that it says. */
async function findAddress(
  daemon: Bun.Subprocess,
  watched: {
    readonly dataDirs: () => Promise<readonly string[]>;
    readonly startedAtMs: number;
    readonly log: () => Promise<string>;
  },
): Promise<string> {
  for (const deadline = performance.now() + START_MS_MAX; performance.now() < deadline; await Bun.sleep(20)) {
    if (daemon.exitCode !== null) break;
    for (const dataDir of await watched.dataDirs()) {
      const file = Bun.file(join(dataDir, "daemon.json"));
      if (dataDir === "" || !(await file.exists()) || file.lastModified < watched.startedAtMs) continue;
      const { address } = JSON.parse((await file.text()) || "{}") as { address?: string };
      const isSaid = !dataDir.endsWith(".coop-demo") || (await watched.log()).includes("Ctrl-C stops the farm");
      if (isSaid && address !== undefined && (await answers(address))) return address;
    }
  }
  throw new Error(`the daemon did not start:\n${await watched.log()}`);
}

async function readText(path: string): Promise<string> {
  return Bun.file(path)
    .text()
    .catch(() => "");
}

async function answers(address: string): Promise<boolean> {
  return fetch(`http://${address}/api/v1/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

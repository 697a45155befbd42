import { join } from "node:path";
import { openDriver } from "../../../packages/coopd/src/testing/index.ts";

/** Why and where a daemon is to die by itself. */
export interface Doom {
  readonly point: string;
  readonly nth: number;
  readonly duringMs: number;
}

/** How it ended: by its own SIGKILL, by ours, or in order. */
export interface DaemonEnd {
  readonly signal: NodeJS.Signals | number | null;
  readonly exitCode: number | null;
}

/** A daemon in a process of its own. */
export interface DaemonProcess {
  /** Drives it once it is up; undefined when it died before. */
  readonly up: Promise<ReturnType<typeof openDriver> | undefined>;
  readonly ended: Promise<DaemonEnd>;
  signal(name: "SIGKILL" | "SIGTERM"): void;
  stderr(): string;
}

/** Starts `daemon.ts`; whoever starts it ends it. */
export function startDaemon(dataDir: string, doom?: Doom): DaemonProcess {
  const dooming =
    doom === undefined ? [] : ["--point", doom.point, "--nth", String(doom.nth), "--during-ms", String(doom.duringMs)];
  const child = Bun.spawn(
    [
      process.execPath,
      "--no-env-file",
      "--config=/dev/null",
      join(import.meta.dir, "daemon.ts"),
      "--data-dir",
      dataDir,
      ...dooming,
    ],
    { stdin: "ignore", stdout: "pipe", stderr: "pipe", env: { PATH: process.env.PATH ?? "", HOME: dataDir } },
  );
  let log = "";
  void (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) log += text;
  })();
  const up = (async () => {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const address = /^up (\S+)$/m.exec(text)?.[1];
      if (address !== undefined) return openDriver(`http://${address}`);
    }
    return undefined;
  })();
  const ended = child.exited.then(() => ({ signal: child.signalCode, exitCode: child.exitCode }));
  return { up, ended, signal: (name) => child.kill(name), stderr: () => log };
}

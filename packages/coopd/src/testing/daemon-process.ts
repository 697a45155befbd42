import { join } from "node:path";
import { openDriver, tokenOf, withoutAuth } from "./daemon-under-test.ts";

/** A daemon in a process of its own, so that it can be killed. */
export interface DaemonProcess extends ReturnType<typeof openDriver> {
  readonly pid: number;
  /** Sends the signal and answers the exit code, or null when a signal ended it. */
  end(signal: "SIGKILL" | "SIGTERM" | "SIGINT"): Promise<number | null>;
  stderr(): string;
}

const MAIN = join(import.meta.dir, "../main.ts");

/** Starts `coopd serve` from source and waits until it says where it listens; as in `openDaemonUnderTest` it asks for no token unless told. */
export async function startDaemonProcess(dataDir: string, env: Record<string, string> = {}): Promise<DaemonProcess> {
  const child = Bun.spawn(
    [
      process.execPath,
      "--no-env-file",
      "--config=/dev/null",
      MAIN,
      "--data-dir",
      dataDir,
      "serve",
      "--addr",
      "127.0.0.1:0",
    ],
    {
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
      env: { PATH: process.env.PATH ?? "", HOME: dataDir, ...withoutAuth(env) },
    },
  );
  let log = "";
  const base = await new Promise<string>((resolve, reject) => {
    void (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of child.stderr) {
        log += decoder.decode(chunk, { stream: true });
        const address = /coopd is up .*address=(http:\/\/[^/\s"]+)/.exec(log)?.[1];
        if (address !== undefined) resolve(address);
      }
      reject(new Error(`the daemon ended before it was up:\n${log}`));
    })();
  });
  return {
    ...openDriver(base, tokenOf(env, dataDir)),
    pid: child.pid,
    stderr: () => log,
    async end(signal) {
      child.kill(signal);
      await child.exited;
      return child.exitCode;
    },
  };
}

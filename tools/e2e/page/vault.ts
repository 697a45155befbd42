import { FROM_SOURCE, ROOT } from "../programs.ts";

/** Of the vaults of these tests. */
export const PASSPHRASE = "a passphrase for tests";

/** Makes a vault with one key, as `coop` does without a daemon; `host` is where the key may go. */
export async function makeVault(path: string, name: string, value: string, host: string): Promise<void> {
  await coop(["vault", "init", path]);
  await coop(["vault", "put", path, name, "--hosts", host], value);
}

async function coop(args: readonly string[], stdin = ""): Promise<void> {
  const child = Bun.spawn([...FROM_SOURCE.coop, "--api", "http://127.0.0.1:1", ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", HOME: "/nonexistent", COOP_PASSPHRASE: PASSPHRASE },
    stdin: new TextEncoder().encode(stdin),
    stdout: "pipe",
    stderr: "pipe",
  });
  const said = await child.stderr.text();
  if ((await child.exited) !== 0) throw new Error(`coop ${args.join(" ")}: ${said}`);
}

import { closeSync, constants, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { CommandContext } from "../command-context.ts";
import { findDataDir } from "../daemon-token/find-token.ts";

/** Programs that open what a desktop opens. */
const OPENERS = ["xdg-open", "open"];

/**
 * `coop open`: a link that logs a browser in once. Other users of the machine can read command lines, so the browser is
 * given a file that only this user can read; where that cannot be, the link is printed.
 */
export async function run(context: CommandContext): Promise<undefined> {
  const { options, output, settings } = context;
  const client = await context.client();
  const { url } = await client.access.onceLink();
  const dataDir = findDataDir(client.baseUrl, settings.dataDirs);
  const opener = OPENERS.map((name) => Bun.which(name)).find((path) => path !== null);
  if (!options.flag("print") && dataDir !== undefined && opener !== undefined && opener !== null) {
    const page = writePage(dataDir, url);
    const child = Bun.spawn([opener, page], { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
    if ((await child.exited) === 0) {
      await output.note(`opened ${client.baseUrl}/ in the browser; coop open --print prints a link instead`);
      return;
    }
    rmSync(page, { force: true });
  }
  await output.value({ url }, () => `${url}\n`);
  await output.note("it logs in once, within ten minutes");
}

/** Replaced by the next one; what it holds has been used by then, or is too old. */
function writePage(dataDir: string, url: string): string {
  const path = join(dataDir, "open.html");
  rmSync(path, { force: true });
  const file = openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
  try {
    writeSync(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${url}"><title>Coop Farm</title>\n`);
  } finally {
    closeSync(file);
  }
  return path;
}

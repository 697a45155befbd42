// `npm start`, `npm test` and the other commands of package.json begin here: what is missing is installed, then Bun runs
// the command's own program. Plain Node 20, because at this point nothing else may be there.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBun } from "./bun-runtime.mjs";
import { runInForeground } from "./child.mjs";
import { ensureNpmPackages } from "./npm-packages.mjs";
import { BootError, say } from "./say.mjs";
import { ensureSystemPackages, SYSTEM_PACKAGES } from "./system-packages.mjs";

const { bubblewrap, debootstrap } = SYSTEM_PACKAGES;

/**
 * @typedef {import("./system-packages.mjs").SystemPackage} SystemPackage
 * @type {Readonly<Record<string, { program: string, needs: readonly (SystemPackage | undefined)[] }>>}
 */
const COMMANDS = {
  coop: { program: "packages/coop-cli/src/main.ts", needs: [] },
  start: { program: "tools/demo/start.ts", needs: [bubblewrap] },
  test: { program: "tools/suites/test.ts", needs: [bubblewrap] },
  check: { program: "tools/suites/check.ts", needs: [] },
  proof: { program: "tools/proof/main.ts", needs: [bubblewrap, debootstrap] },
  build: { program: "tools/pack/main.ts", needs: [] },
  bench: { program: "bench/main.ts", needs: [bubblewrap] },
};

/** The oldest Node that this set-up is tested with. */
const NODE_MAJOR_MIN = 20;

/**
 * @param {readonly string[]} argv
 * @returns {Promise<number>} the exit code
 */
async function boot([name = "", ...args]) {
  const command = COMMANDS[name];
  if (command === undefined) {
    throw new BootError(`there is no command "${name}"`, `There are: ${Object.keys(COMMANDS).join(", ")}.`);
  }
  refuseOldNode();
  const root = fileURLToPath(new URL("../..", import.meta.url));
  // First what may need the reader's hand: better now than after a long download.
  await ensureSystemPackages(command.needs.filter((wanted) => wanted !== undefined));
  await ensureNpmPackages(root);
  const bun = await ensureBun(root);
  // `coop` acts where it was called, as in `hen create agent.yaml`; npm itself has gone to the root.
  const cwd = name === "coop" ? (process.env.INIT_CWD ?? process.cwd()) : root;
  // Without these two flags Bun would load `.env` and run `bunfig.toml` preloads of the folder it is started in.
  return runInForeground(bun, ["--no-env-file", "--config=/dev/null", join(root, command.program), ...args], { cwd });
}

function refuseOldNode() {
  if (process.platform === "win32") {
    throw new BootError("Coop does not run on Windows", "Use Linux; the Windows Subsystem for Linux will do.");
  }
  if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) {
    throw new BootError(`Node ${process.versions.node} is too old`, `Install Node ${NODE_MAJOR_MIN} or newer.`);
  }
}

try {
  process.exitCode = await boot(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof BootError)) throw error;
  say(error.message);
  say(error.next);
  process.exitCode = 1;
}

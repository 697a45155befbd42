// `npm start`, `npm test` and the other commands of package.json begin here: what is missing is installed, then Bun runs
// the command's own program. Plain Node 20, because at this point nothing else may be there.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBun } from "./bun-runtime.mjs";
import { runInForeground, runToEnd } from "./child.mjs";
import { ensureNpmPackages } from "./npm-packages.mjs";
import { BootError, say } from "./say.mjs";
import { ensureSystemPackages, SYSTEM_PACKAGES } from "./system-packages.mjs";

const { bubblewrap, curl, debootstrap, git, iproute2 } = SYSTEM_PACKAGES;

/**
 * @typedef {import("./system-packages.mjs").SystemPackage} SystemPackage
 * @type {Readonly<Record<string, { program: string, needs: readonly (SystemPackage | undefined)[], page?: true }>>}
 */
const COMMANDS = {
  coop: { program: "packages/coop-cli/src/main.ts", needs: [] },
  start: { program: "tools/demo/start.ts", needs: [bubblewrap], page: true },
  test: { program: "tools/suites/test.ts", needs: [bubblewrap, curl, git, iproute2], page: true },
  check: { program: "tools/suites/check.ts", needs: [], page: true },
  proof: { program: "tools/proof/main.ts", needs: [bubblewrap, debootstrap], page: true },
  build: { program: "tools/pack/main.ts", needs: [], page: true },
  ship: { program: "tools/ship/main.ts", needs: [], page: true },
  bench: { program: "bench/main.ts", needs: [bubblewrap], page: true },
  conformance: { program: "conformance/main.ts", needs: [] },
};

/** Without these two flags Bun would load `.env` and run `bunfig.toml` preloads of the folder it is started in. */
const DEAF = ["--no-env-file", "--config=/dev/null"];

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
  if (command.page === true) await ensurePage(root, bun);
  // `coop` acts where it was called, as in `hen create agent.yaml`; npm itself has gone to the root.
  const cwd = name === "coop" ? (process.env.INIT_CWD ?? process.cwd()) : root;
  return runInForeground(bun, [...DEAF, join(root, command.program), ...args], { cwd });
}

/**
 * Builds the Farm UI where its sources have changed since; some 50 ms where they have not.
 *
 * @param {string} root
 * @param {string} bun
 */
async function ensurePage(root, bun) {
  if ((await runToEnd(bun, [...DEAF, join(root, "tools/page/main.ts")], { cwd: root })) !== 0) {
    throw new BootError("the page could not be built; the bundler's messages are above", "Mend packages/farm-ui.");
  }
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

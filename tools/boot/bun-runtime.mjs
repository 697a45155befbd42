import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { runToEnd, succeeds } from "./child.mjs";
import { BootError, say } from "./say.mjs";

/** The npm package ships a placeholder of some hundred bytes; its install script puts the real program in its place. */
const PROGRAM_BYTES_MIN = 1_000_000;

/**
 * Makes sure that Bun's program is there. Where npm was told not to run install scripts (`ignore-scripts`, or newer
 * npm's allow list), Bun's own one is run here: it only moves the program that npm has already fetched and verified.
 *
 * @param {string} root
 * @returns {Promise<string>} the path of Bun's program
 */
export async function ensureBun(root) {
  const home = join(root, "node_modules", "bun");
  const program = join(home, "bin", "bun.exe"); // the name is the same on every system
  if (isInPlace(program)) return program;
  say("npm did not run Bun's install script; running it");
  await runToEnd(process.execPath, ["install.js"], { cwd: home });
  if (!isInPlace(program)) {
    throw new BootError("Bun's program is not in node_modules", "Remove node_modules and run the same command again.");
  }
  if (!succeeds(program, ["--version"])) {
    throw new BootError(
      `Bun does not run on this machine (${process.platform} ${process.arch})`,
      "Coop runs on 64-bit x86 and ARM; bun.sh says which systems Bun supports.",
    );
  }
  return program;
}

/** @param {string} program */
function isInPlace(program) {
  return existsSync(program) && statSync(program).size >= PROGRAM_BYTES_MIN;
}

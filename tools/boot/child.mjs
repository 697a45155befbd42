import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a program to its end. Its output goes to this process's stderr, so that set-up noise never mixes with results.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code; 127 when it could not be started
 */
export function runToEnd(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, [...args], { ...options, stdio: ["ignore", 2, 2] });
    child.once("error", () => resolve(127));
    child.once("close", (code, signal) => resolve(toExitCode(code, signal)));
  });
}

/**
 * Runs a program in the foreground in this process's place: same terminal, same signals, same exit code. A Ctrl-C
 * reaches the child from the terminal itself; a signal sent to this process alone is passed on.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code, 128 + N when signal N ended it
 */
export function runInForeground(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    /** @type {readonly NodeJS.Signals[]} */
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, () => child.kill(signal)); // before the start: none is missed
    const child = spawn(program, [...args], { ...options, stdio: "inherit" });
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(toExitCode(code, signal)));
  });
}

/**
 * True when the program ends with 0 within ten seconds; its output is dropped.
 *
 * @param {string} program
 * @param {readonly string[]} args
 */
export function succeeds(program, args) {
  return spawnSync(program, [...args], { stdio: "ignore", timeout: 10_000 }).status === 0;
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function toExitCode(code, signal) {
  if (signal !== null) return 128 + constants.signals[signal];
  return code ?? 1;
}

// Runs inside the clean root, with nothing but Node: does what a newcomer would, and says what came of it.
// `node inside.mjs start|refused|test LABEL`, in the clone. Exit code 1 when a check failed.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const [step = "", label = "", ...suites] = process.argv.slice(2);
/** Milliseconds until a step counts as hung: the first start downloads some 250 MB. */
const FIRST_START_MS_MAX = 600_000;
const TEST_MS_MAX = 25 * 60_000;
let failures = 0;

/**
 * @param {string} what
 * @param {boolean} holds
 * @param {string} [detail]
 */
function check(what, holds, detail = "") {
  if (!holds) failures += 1;
  console.log(`${holds ? "ok    " : "FAILED"} ${label}: ${what}${detail === "" ? "" : ` (${detail})`}`);
}

/**
 * @param {string} name
 * @param {string} value
 */
function figure(name, value) {
  console.log(`figure: ${label}, ${name} = ${value}`);
}

/**
 * Starts a program in a process group of its own, as a shell with job control does, and collects what it prints.
 *
 * @param {string} program
 * @param {readonly string[]} args
 */
function launch(program, args) {
  const startedAt = performance.now();
  const child = spawn(program, [...args], { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (output += bytes));
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.once("close", (code) => resolve(code)));
  const seconds = () => (performance.now() - startedAt) / 1000;
  return { pid: child.pid ?? 0, ended, seconds, output: () => output };
}

/**
 * Waits until the program has printed `text`; seconds since its start, or undefined when it ended or time ran out.
 *
 * @param {ReturnType<typeof launch>} run
 * @param {string} text
 * @param {number} msMax
 */
async function waitFor(run, text, msMax) {
  let hasEnded = false;
  void run.ended.then(() => (hasEnded = true));
  while (!run.output().includes(text)) {
    if (hasEnded || run.seconds() * 1000 > msMax) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return run.seconds();
}

/**
 * Ctrl-C: the terminal sends SIGINT to the whole foreground process group.
 *
 * @param {ReturnType<typeof launch>} run
 */
async function pressCtrlC(run) {
  const pressedAt = performance.now();
  process.kill(-run.pid, "SIGINT");
  await run.ended;
  return (performance.now() - pressedAt) / 1000;
}

async function start() {
  const first = launch("npm", ["start"]);
  const isReady = (await waitFor(first, "Ctrl-C stops the farm", FIRST_START_MS_MAX)) !== undefined;
  check("npm start ends with the farm running", isReady);
  if (!isReady) return console.log(first.output());
  figure("first npm start, set-up included", `${first.seconds().toFixed(1)} s`);
  check("its job is DONE", /^job \S+: DONE /m.test(first.output()));
  const report = /^It wrote (.+)$/m.exec(first.output())?.[1] ?? "";
  check("the report exists in the hen's workdir", report !== "" && readFileSync(report, "utf8").length > 0, report);

  const beside = launch("npm", ["start"]);
  check("a second npm start beside it exits with 0", (await beside.ended) === 0);
  const daemon = /pid (\d+)/.exec(beside.output())?.[1] ?? "";
  check("and prints pid and address", daemon !== "" && /http:\/\/127\.0\.0\.1:\d+\//.test(beside.output()));

  const stopSeconds = await pressCtrlC(first);
  figure("Ctrl-C", `${stopSeconds.toFixed(2)} s`);
  check("Ctrl-C stops it within 4 s", stopSeconds <= 4);
  check("and no daemon is left", !existsSync(`/proc/${daemon}`));
  await startAgain();
}

async function startAgain() {
  const second = launch("npm", ["start"]);
  const upSeconds = await waitFor(second, "The farm is up", 20_000);
  check("the second npm start is up in under 2 s", upSeconds !== undefined && upSeconds < 2);
  figure("second npm start until healthy", upSeconds === undefined ? "never" : `${upSeconds.toFixed(2)} s`);
  check("and shows the finished job", (await waitFor(second, ": DONE ", 20_000)) !== undefined);
  await waitFor(second, "Ctrl-C stops the farm", 20_000);
  await pressCtrlC(second);
  if (failures > 0) console.log(second.output());
}

async function refused() {
  const run = launch("npm", ["start"]);
  const exitCode = await run.ended;
  check("without bubblewrap and sudo, npm start does not start", exitCode !== 0, `exit code ${exitCode}`);
  check("and prints the line to run", run.output().includes("sudo apt-get install -y bubblewrap"));
}

async function test() {
  const run = launch("npm", ["test", "--", ...suites]);
  const timer = setTimeout(() => process.kill(-run.pid, "SIGKILL"), TEST_MS_MAX);
  const exitCode = await run.ended;
  clearTimeout(timer);
  const last = run.output().trimEnd().split("\n").at(-1) ?? "";
  figure("npm test", `${last}; ${(run.seconds() / 60).toFixed(1)} min`);
  check("npm test is green", exitCode === 0 && /^\d+ passed, 0 failed/.test(last), last);
  console.log(run.output());
}

/** @type {Readonly<Record<string, () => Promise<void>>>} */
const STEPS = { start, refused, test };
await STEPS[step]?.();
process.exitCode = failures === 0 && step in STEPS ? 0 : 1;

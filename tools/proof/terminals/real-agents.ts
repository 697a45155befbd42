// Issue 7, *Shown by* 3: the real Claude Code and Codex from npm start in a hen up to their login prompt, with no network
// at all, shown to it by sandbox.read. They are installed into a folder of this proof's own (some 700 MB) by npm's own client.
import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openClient } from "../../../packages/coop-client/src/index.ts";
import { FROM_SOURCE, startDaemon } from "../../e2e/programs.ts";

interface RealAgent {
  readonly kind: string;
  readonly name: string;
  /** Typed when the program has drawn this, blanks and escape sequences left out. */
  readonly steps: readonly (readonly [shown: RegExp, keys: string])[];
  /** What its login prompt says. */
  readonly login: RegExp;
  /** Files of its folder that answer what it asks a person first, and what it would ask the network for. */
  readonly settings: Readonly<Record<string, string>>;
}

const AGENTS: readonly RealAgent[] = [
  {
    kind: "claude-code",
    name: "claude",
    steps: [[/Run\/login/, "/login\r"]],
    login: /Selectloginmethod/,
    settings: {
      ".claude.json": JSON.stringify({
        hasCompletedOnboarding: true, // its first screens look for their maker's host before they show the login
        theme: "dark",
        projects: { "/home/claude": { hasTrustDialogAccepted: true } },
      }),
    },
  },
  { kind: "codex", name: "codex", steps: [], login: /SigninwithChatGPT/, settings: {} },
];
/** A program of 250 MB is read from a cold disk first. */
const SHOWN_MS_MAX = 120_000;

/** Not below /tmp, which is the hen's own inside. */
const programs = mkdtempSync("/var/tmp/coop-real-agents-");
const dataDir = mkdtempSync("/var/tmp/coop-real-agents-data-");
try {
  install();
  const daemon = await startDaemon(FROM_SOURCE, dataDir, { COOP_AUTH: "none" });
  try {
    for (const agent of AGENTS) await prove(daemon.url, agent);
  } finally {
    const { seconds } = await daemon.stop();
    report(seconds < 4, "the daemon stops in time with both of them live");
  }
} finally {
  for (const folder of [programs, dataDir]) rmSync(folder, { recursive: true, force: true });
}

function install(): void {
  const packages = ["@anthropic-ai/claude-code", "@openai/codex"];
  const npm = ["install", "--prefix", programs, "--no-audit", "--no-fund", ...packages];
  const { status, stderr } = spawnSync("npm", npm, { encoding: "utf8", cwd: programs });
  if (status !== 0) throw new Error(`npm could not install them:\n${stderr}`);
  spawnSync("chmod", ["-R", "a+rX", programs]);
}

async function prove(url: string, agent: RealAgent): Promise<void> {
  const client = openClient({ baseUrl: url });
  const manifest = (read: string) =>
    `spec_version: coop/v1\nname: ${agent.name}\nagent_kind: ${agent.kind}\nbrain: {provider_id: none, model: none}\nnetwork: {policy: "off"}\n${read}`;
  const create = async (text: string) => (await client.hens.create(new TextEncoder().encode(text))).id;
  const without = await create(manifest(""));
  const refusal = await client.hens.hatch(without).then(
    () => undefined,
    (error) => error,
  );
  report(
    refusal?.code === "agent_missing" && refusal.next.includes("sandbox: {read:"),
    `${agent.kind}: a hatch without the program is refused and names sandbox.read`,
  );
  await client.hens.delete(without);
  const id = await create(manifest(`sandbox: {read: ["${programs}"]}\n`));
  await client.hens.hatch(id);
  settle(agent);
  const startMs = performance.now();
  const text = await showLogin(client, id, agent);
  report(agent.login.test(text), `${agent.kind}: the real program shows its login prompt in the hen's terminal`);
  console.log(
    `figure: ${agent.kind}, seconds to the login prompt = ${((performance.now() - startMs) / 1000).toFixed(1)}`,
  );
}

function settle({ name, settings }: RealAgent): void {
  const workdir = join(dataDir, "workdirs", `local-coop__${name}`);
  const { uid, gid } = statSync(workdir);
  for (const [file, content] of Object.entries(settings)) {
    writeFileSync(join(workdir, file), content);
    chownSync(join(workdir, file), uid, gid);
  }
}

async function showLogin(client: ReturnType<typeof openClient>, id: string, agent: RealAgent): Promise<string> {
  const link = await client.terminals.attach(id, { cols: 120, rows: 40 });
  const timer = setTimeout(() => link.close(), SHOWN_MS_MAX);
  const decoder = new TextDecoder();
  const steps = [...agent.steps];
  let raw = "";
  for await (const piece of link.output()) {
    raw += decoder.decode(piece, { stream: true });
    const text = plain(raw);
    if (agent.login.test(text)) break;
    const [shown, keys] = steps[0] ?? [];
    if (shown === undefined || keys === undefined || !shown.test(text)) continue;
    steps.shift();
    // Its input box takes a command letter by letter; Enter in the same read would be a line break.
    link.type(new TextEncoder().encode(keys.slice(0, -1)));
    await Bun.sleep(1_000);
    link.type(new TextEncoder().encode(keys.slice(-1)));
  }
  clearTimeout(timer);
  link.close();
  const text = plain(raw);
  if (!agent.login.test(text)) console.log(raw.slice(-4_000));
  return text;
}

/** Without escape sequences and blanks, which programs draw as they like. */
function plain(raw: string): string {
  const esc = String.fromCharCode(27);
  return raw
    .replace(new RegExp(`${esc}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\x07${esc}]*(?:\\x07|${esc}\\\\)|[ -/]*[0-~])`, "g"), "")
    .replace(/\s+/g, "");
}

function report(isHeld: boolean, what: string): void {
  console.log(`${isHeld ? "ok    " : "FAILED"} ${what}`);
  if (!isHeld) process.exitCode = 1;
}

import { afterAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DaemonProcess, startDaemonProcess } from "../../../packages/coopd/src/testing/index.ts";
import { FROM_SOURCE } from "../programs.ts";
import { openLeakyServer } from "./leaky-server.ts";
import { type Canaries, findCanaries, searchEnvironments, searchFolder, watchCommandLines } from "./needles.ts";

/** Every kind of secret that Coop is given. They are made up, and unlike anything else on this machine. */
const CANARIES: Canaries = {
  "vault key": "sk-canary-vault-q8Zt2LmWx4",
  "new vault key": "sk-canary-turned-h3Nv9QrTy6",
  "variable's key": "sk-canary-env-p5Kd7XsBc1",
  "file's key": "sk-canary-file-w2Jf8MgVn0",
  passphrase: "canary-passphrase-c6Rb3HqLz9",
  "new passphrase": "canary-turned-passphrase-y4Gm1",
  "wrong passphrase": "canary-wrong-passphrase-u7Pd5",
  "azure secret": "canary-azure-secret-e9Sk2FwXj3",
};
const [VAULT_KEY, NEW_KEY, ENV_KEY, FILE_KEY, PASSPHRASE, NEW_PASSPHRASE, WRONG] = Object.values(CANARIES) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];
/** No secret: it must be found wherever a job leaves its traces, or the search is blind. */
const MARK = "plain-mark-b1Xc4Vz7";

const folder = mkdtempSync(join(tmpdir(), "coop-canary-"));
const dataDir = join(folder, "data");
const vault = join(folder, "vault.json");
const keyFile = join(folder, "key");
const server = openLeakyServer();
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const coopOutputs: string[] = [];
/** A `coop` as people run it: secrets by variable, pipe or file, never as an argument. */
async function coop(base: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, stdin = "") {
  const child = Bun.spawn([...FROM_SOURCE.coop, "--api", base, "--log", "debug", ...args], {
    env: { PATH: process.env.PATH ?? "", HOME: folder, ...env },
    stdin: new TextEncoder().encode(stdin),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  coopOutputs.push(stdout, stderr);
  return await child.exited;
}

const ENV = {
  COOP_LOG: "debug",
  COOP_MEMORY_CONTEXT_ENTRIES: "0", // the prompt alone says how the server answers
  COOP_VAULT: vault,
  COOP_PASSPHRASE: PASSPHRASE,
  COOP_ENV_SECRETS: "MODEL_KEY",
  MODEL_KEY: ENV_KEY,
  COOP_SECRET_HOSTS: `env:MODEL_KEY=${server.host} file:${keyFile}=${server.host}`,
  AZURE_TENANT_ID: "t",
  AZURE_CLIENT_ID: "c",
  AZURE_CLIENT_SECRET: CANARIES["azure secret"] ?? "",
  AZURE_AUTHORITY_HOST: "https://127.0.0.1:1",
};

const manifest = (name: string, ref: string) => `spec_version: coop/v1
name: ${name}
brain: {provider_id: "${ref}", provider: openai-compat, base_url: "${server.baseUrl}", model: m}
tools: [bash]
network: {policy: "off"}
`;

const WAYS = ["401", "400", "500", "html", "redirect", "garbage", "error-event", "key", "key-split", "tool", "well"];

const FEW_WAYS = ["401", "key", "tool", "well"];

/** Jobs with every reference that end in every way the server knows. */
async function work(daemon: DaemonProcess): Promise<readonly string[]> {
  const references = { vault: "vault:key", env: "env:MODEL_KEY", file: `file:${keyFile}` };
  const jobs: string[] = [];
  for (const [name, ref] of Object.entries(references)) {
    const hen = await daemon.hatch(manifest(name, ref));
    for (const way of name === "vault" ? WAYS : FEW_WAYS) jobs.push(await daemon.submit(hen, `${MARK} answer-${way}`));
  }
  for (const job of jobs) await daemon.ended(job);
  return jobs;
}

/** The answer of every GET route that there is, for these hens and jobs. */
async function readEverything(daemon: DaemonProcess, jobs: readonly string[]): Promise<string> {
  const { paths } = (await daemon.call("GET", "/openapi.json")).json as { paths: Record<string, { get?: object }> };
  const hens = ((await daemon.call("GET", "/hens")).json as { id: string }[]).map(({ id }) => encodeURIComponent(id));
  const texts: string[] = [];
  for (const [path, { get }] of Object.entries(paths)) {
    if (get === undefined || /\/(?:watch|stream|shell)$/.test(path) || !path.startsWith("/api/v1/")) continue;
    const ids = path.includes("/hens/{id}") ? hens : path.includes("/jobs/{id}") ? jobs : [""];
    for (const id of ids) {
      const answer = await daemon.call("GET", path.replace("/api/v1", "").replace("{id}", id));
      texts.push(JSON.stringify(answer.json));
    }
  }
  return texts.join("\n");
}

test("the search finds what is there, in every disguise", () => {
  const secret = CANARIES["vault key"] ?? "";
  for (const text of [secret, Buffer.from(`x${secret}y`).toString("hex"), Buffer.from(secret).toString("base64")]) {
    expect(findCanaries(CANARIES, "it", Buffer.from(text))).toEqual(["vault key in it"]);
  }
  mkdirSync(join(folder, "decoy/deep"), { recursive: true });
  writeFileSync(join(folder, "decoy/deep/file"), `.....${secret}`);
  expect(searchFolder(CANARIES, join(folder, "decoy")).found.length).toBe(1);
  rmSync(join(folder, "decoy"), { recursive: true });
});

/** A vault made and filled without a daemon, once with a wrong passphrase. */
async function fillVault(): Promise<void> {
  const nobody = "http://127.0.0.1:1";
  expect(await coop(nobody, ["vault", "init", vault], { COOP_PASSPHRASE: PASSPHRASE })).toBe(0);
  const put = ["vault", "put", vault, "key", "--hosts", server.host];
  expect(await coop(nobody, put, { COOP_PASSPHRASE: PASSPHRASE }, VAULT_KEY)).toBe(0);
  expect(await coop(nobody, put, { COOP_PASSPHRASE: WRONG, COOP_SECRET_VALUE: VAULT_KEY })).toBe(9);
}

/** Everything that `coop vault` does through a daemon, and requests that are malformed just where a secret stands. */
async function turnVault({ base }: DaemonProcess): Promise<void> {
  expect(await coop(base, ["vault", "unlock", vault], { COOP_PASSPHRASE: WRONG })).toBe(9);
  expect(await coop(base, ["vault", "put", vault, "key"], {}, NEW_KEY)).toBe(0);
  const turned = { COOP_PASSPHRASE: PASSPHRASE, COOP_NEW_PASSPHRASE: NEW_PASSPHRASE };
  expect(await coop(base, ["vault", "rotate", vault], turned)).toBe(0);
  expect(await coop(base, ["vault", "put", vault, "a b"], {}, NEW_KEY)).toBe(2);
  expect(await coop(base, ["vault", "list", vault, "-o", "json"])).toBe(0);
  expect(await coop(base, ["backup", join(folder, "farm.coop")])).toBe(0);
  const headers = { "content-type": "application/json" };
  const bodies = [
    `{"name":"x","value":${NEW_KEY}}`,
    `{"name":["${NEW_KEY}"]}`,
    `{"path":"${PASSPHRASE}","passphrase":1}`,
  ];
  for (const body of bodies) {
    for (const [method, route] of [
      ["PUT", "/vault/secrets"],
      ["POST", "/vault/unlock"],
    ] as const) {
      coopOutputs.push(await (await fetch(`${base}/api/v1${route}`, { method, body, headers })).text());
    }
  }
}

/** A hen that cannot have its key: nothing answers where Azure's token would come from. */
async function askAzure(daemon: DaemonProcess): Promise<string> {
  const text = manifest("azure", "azure-kv://v/s")
    .replace(/, base_url: "[^"]*"/, "")
    .replace("openai-compat", "openai");
  return daemon.submit(await daemon.hatch(text), `${MARK} never`);
}

/** What the processes of a hen at work have in their environment, as its host sees it. */
async function lookAtBusyHen(daemon: DaemonProcess): Promise<ReturnType<typeof searchEnvironments>> {
  const busy = await daemon.submit("local.coop/vault", `${MARK} answer-tool`);
  let seen = searchEnvironments(CANARIES, daemon.pid);
  while (seen.pids.length < 2) {
    await Bun.sleep(5); // the model server is in this process
    seen = searchEnvironments(CANARIES, daemon.pid);
  }
  await daemon.ended(busy);
  return seen;
}

/** Dies in the middle of a job, as of a bug in the runtime. @returns what it said */
async function crash(daemon: DaemonProcess): Promise<string> {
  await daemon.submit("local.coop/vault", `${MARK} answer-tool`);
  process.kill(daemon.pid, "SIGSEGV");
  while (!daemon.stderr().includes("bun.report")) await Bun.sleep(10); // the last line of the runtime's own report
  await daemon.end("SIGKILL");
  return daemon.stderr();
}

/** A look at the settings, and a start by somebody who put the key where its name belongs. */
function showSettings(): string {
  const run = (args: readonly string[], env: Readonly<Record<string, string>>) =>
    Bun.spawnSync([...FROM_SOURCE.coopd, ...args], { env: { HOME: folder, ...env } });
  const runs = [run(["--data-dir", dataDir, "config-show"], ENV), run(["serve"], { COOP_ENV_SECRETS: ENV_KEY })];
  return runs.map(({ stdout, stderr }) => `${stdout}${stderr}`).join("\n");
}

test("keys and passphrases are in nothing that is written, printed, answered, or handed to a process", async () => {
  writeFileSync(keyFile, `${FILE_KEY}\n`);
  chmodSync(keyFile, 0o600);
  const commandLines = watchCommandLines(CANARIES);
  await fillVault();
  const first = await startDaemonProcess(dataDir, ENV);
  const jobs = [...(await work(first)), await askAzure(first)];
  await turnVault(first);
  const environments = await lookAtBusyHen(first);
  const answers = await readEverything(first, jobs);
  const crashOutput = await crash(first);
  const second = await startDaemonProcess(dataDir, { ...ENV, COOP_PASSPHRASE: NEW_PASSPHRASE });
  const again = await readEverything(second, jobs);
  await second.end("SIGTERM");
  rmSync(keyFile);

  const texts: Readonly<Record<string, string>> = {
    "the API's answers": answers + again,
    "the daemon's log and crash output": crashOutput + second.stderr(),
    "the command line's output": coopOutputs.join("\n"),
    "config-show and a wrong start": showSettings(),
  };
  const disk = searchFolder(CANARIES, folder);
  const seen = commandLines.stop();
  const inTexts = Object.entries(texts).flatMap(([place, text]) => findCanaries(CANARIES, place, Buffer.from(text)));
  expect([...inTexts, ...disk.found, ...seen.found, ...environments.found]).toEqual([]);

  // None of this is true because nothing was sent, or nothing was looked at.
  expect([...server.keys].sort()).toEqual([ENV_KEY, FILE_KEY, NEW_KEY, VAULT_KEY].sort());
  expect(searchFolder({ mark: MARK }, dataDir).found.length).toBeGreaterThan(0);
  for (const text of Object.values(texts)) expect(text.length).toBeGreaterThan(500);
  expect(findCanaries({ mark: MARK }, "answers", Buffer.from(answers)).length).toBe(1);
  expect(seen.looks).toBeGreaterThan(100);
  console.log(`figure: bytes on disk searched for ${Object.keys(CANARIES).length} canaries = ${disk.bytes}`);
  console.log(`figure: looks at every process's command line = ${seen.looks}`);
  console.log(`figure: jobs that ended in every way of a leaking server = ${jobs.length}`);
}, 240_000);

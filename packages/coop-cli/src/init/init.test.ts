import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseManifestBytes } from "coopd-core/manifest";
import { Secret, Vault } from "coopd-vault";
import { runCoop } from "../testing/run-coop.ts";
import { firstManifest } from "./first-manifest.ts";
import { findKeys, findLocalServers, KEYED_PROVIDERS } from "./model-sources.ts";

const folder = mkdtempSync(join(tmpdir(), "coop-cli-init-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const init = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCoop(["init", ...args], {
    cwd: folder,
    env: { HOME: folder, COOP_API: "http://127.0.0.1:9", COOP_PASSPHRASE: "p", ...env },
  });

test("a file that is there is left alone, before anything is asked or made", async () => {
  writeFileSync(join(folder, "agent.yaml"), "mine");
  const { exitCode, stderr } = await init([], { ANTHROPIC_API_KEY: "sk-1" });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("agent.yaml is there already")]);
  expect(readFileSync(join(folder, "agent.yaml"), "utf8")).toBe("mine");
  expect(existsSync(join(folder, ".coop"))).toBe(false);
}, 20_000);

test("what is asked for and not there is said, and nothing is written", async () => {
  const { exitCode, stderr } = await init(["x.yaml", "--use", "openai"]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("Set OPENAI_API_KEY")]);
  expect(existsSync(join(folder, "x.yaml"))).toBe(false);
}, 20_000);

test("keys of the environment are sealed, bound to where they go, and shown to nobody; the manifest is a good one", async () => {
  const env = { ANTHROPIC_API_KEY: " sk-a ", OPENROUTER_API_KEY: "sk-r" };
  const run = await init(["keyed.yaml", "--name", "bela", "--use", "openrouter"], env);
  expect(run).toMatchObject({ exitCode: 0, stdout: "keyed.yaml: bela thinks with openrouter/auto of openrouter\n" });
  expect(run.stdout + run.stderr).not.toMatch(/sk-[ar]/);
  const { manifest, warnings } = parseManifestBytes(readFileSync(join(folder, "keyed.yaml")));
  expect([manifest.name, manifest.brain.provider_id, warnings]).toEqual(["bela", "vault:openrouter", []]);
  using vault = await Vault.open({ path: join(folder, ".coop/vault.json"), passphrase: new Secret("p") });
  expect(vault.entries()).toEqual([
    { name: "anthropic", hosts: [] },
    { name: "openrouter", hosts: ["openrouter.ai"] },
  ]);
  expect(vault.secret("anthropic")?.reveal()).toBe("sk-a");
}, 20_000);

test("a hen without any model plays a script, and that is said", async () => {
  const run = await init(["script.yaml", "--use", "script"]);
  expect(run).toMatchObject({ exitCode: 0, stdout: "script.yaml: ada thinks with a script, not a model\n" });
  expect(parseManifestBytes(readFileSync(join(folder, "script.yaml"))).manifest.brain.provider).toBe("script");
}, 20_000);

test("every first manifest is one without a fault or warning", () => {
  const server = { baseUrl: "http://127.0.0.1:11434/v1", model: "tiny:1b" };
  const brains = [
    ...KEYED_PROVIDERS.map((provider) => ({ kind: "key", provider }) as const),
    { kind: "local", server } as const,
    { kind: "script" } as const,
  ];
  for (const brain of brains) {
    const text = firstManifest("ada", brain, brain.kind === "key" ? `vault:${brain.provider.name}` : "none");
    expect(parseManifestBytes(new TextEncoder().encode(text)).warnings).toEqual([]);
  }
});

test("a variable is named and its value not looked at; an empty one is none", () => {
  const environment: Record<string, string> = { ANTHROPIC_API_KEY: "sk", OPENAI_API_KEY: " " };
  expect(findKeys((name) => environment[name]).map(({ name }) => name)).toEqual(["anthropic"]);
});

test("a server that hangs, refuses or talks nonsense is no model server; one that lists a model is", async () => {
  const serve = (fetch: () => Response | Promise<Response>) => Bun.serve({ port: 0, hostname: "127.0.0.1", fetch });
  const servers = [
    serve(() => new Promise<Response>(() => {})),
    serve(() => new Response("<html>")),
    serve(() => Response.json({ data: [{ id: "\x1b[31mred" }] })),
    serve(() => Response.json({ data: [{ id: "tiny" }] }, { status: 500 })),
    serve(() => Response.json({ data: [{ id: "tiny:1b" }] })),
  ];
  const urls = servers.map(({ port }) => `http://127.0.0.1:${port}/v1`);
  try {
    expect(await findLocalServers(["http://127.0.0.1:9/v1", ...urls])).toEqual([
      { baseUrl: urls[4] ?? "", model: "tiny:1b" },
    ]);
  } finally {
    await Promise.all(servers.map((server) => server.stop(true)));
  }
});

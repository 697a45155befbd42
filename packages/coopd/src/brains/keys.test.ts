import { afterAll, afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HenView, JournalEntry } from "coopd-core";
import { Secret, Vault } from "coopd-vault";
import { quickDerive } from "coopd-vault/testing";
import { type DaemonUnderTest, openDaemonUnderTest } from "../testing/daemon-under-test.ts";
import { type KeyServer, keyedHen, openKeyServer } from "../testing/key-server.ts";

setDefaultTimeout(60_000); // a loaded machine is slow, and time is not what is tested

/** With a quick derivation: what is slow about a vault is tested where it is made. */
const openQuick = (env: Record<string, string> = {}, dir?: string) =>
  openDaemonUnderTest(env, dir, { derive: quickDerive });

const folder = mkdtempSync(join(tmpdir(), "coopd-keys-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let server: KeyServer;
let vaults = 0;
beforeEach(() => {
  server = openKeyServer({ toolTurns: 2, command: "echo step >> effects.txt; wc -l < effects.txt" });
  server.key = "sk-1";
});
afterEach(() => server.close());

/** A vault with `key` in it, bound to the server, and the path of it. */
async function makeVault(hosts: readonly string[] = [server.host]): Promise<string> {
  vaults += 1;
  const path = join(folder, `vault-${vaults}.json`);
  using vault = await Vault.create({ path, passphrase: new Secret("p"), derive: quickDerive });
  vault.put("key", new Secret("sk-1"), hosts);
  return path;
}

const openWith = (path: string) => openQuick({ COOP_VAULT: path, COOP_PASSPHRASE: "p" });
const hen = async (daemon: DaemonUnderTest, id: string) =>
  (await daemon.call("GET", `/hens/${encodeURIComponent(id)}`)).json as HenView;

/** Resolves when the job waits in its queue for the vault. */
async function waiting(daemon: DaemonUnderTest, jobId: string): Promise<readonly JournalEntry[]> {
  for (;;) {
    const journal = await daemon.journal(jobId);
    const last = journal.at(-1);
    if (last?.kind === "note" && last.text.startsWith("waits for vault")) return journal;
    await Bun.sleep(5);
  }
}

describe("a hen whose key may not go where its manifest sends it", () => {
  test("is refused with the command that would allow it, and taken after that command", async () => {
    const path = await makeVault([]);
    await using daemon = await openWith(path);
    const refused = await daemon.call("POST", "/hens", keyedHen("thief", server));
    expect(refused).toMatchObject({
      status: 403,
      json: { code: "secret_not_allowed", next: `coop vault bind ${path} key ${server.host}` },
    });
    await daemon.call("PUT", "/vault/secrets/key/hosts", { hosts: [server.host] });
    expect((await daemon.call("POST", "/hens", keyedHen("thief", server))).status).toBe(201);
  });

  test("is told a command that takes nothing away from where it may go already", async () => {
    const path = await makeVault(["llm.example.org:8443"]);
    await using daemon = await openWith(path);
    const next = `coop vault bind ${path} key llm.example.org:8443 ${server.host}`;
    expect(await daemon.call("POST", "/hens", keyedHen("thief", server))).toMatchObject({ json: { next } });
    await using other = await openQuick({
      COOP_ENV_SECRETS: "MODEL_KEY",
      MODEL_KEY: "sk-1",
      COOP_SECRET_HOSTS: "env:MODEL_KEY=llm.example.org",
    });
    expect(await other.call("POST", "/hens", keyedHen("thief", server, "env:MODEL_KEY"))).toMatchObject({
      json: { next: expect.stringContaining(`"env:MODEL_KEY=llm.example.org,${server.host}"`) },
    });
  });

  test("is refused as a change of a hen that is there", async () => {
    await using daemon = await openWith(await makeVault([]));
    const id = await daemon.hatch(keyedHen("late", server, "none"));
    const response = await fetch(`${daemon.base}/api/v1/hens/${encodeURIComponent(id)}/manifest`, {
      method: "PUT",
      headers: { "content-type": "application/yaml", "if-match": '"1"' },
      body: keyedHen("late", server),
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: "secret_not_allowed" });
  });

  test("as a fallback is refused too", async () => {
    await using daemon = await openWith(await makeVault([]));
    const manifest = keyedHen("thief", server, "none").replace(
      "model: m}",
      `model: m, fallbacks: [{provider_id: "vault:key", provider: openai-compat, base_url: "${server.baseUrl}", model: m}]}`,
    );
    expect(await daemon.call("POST", "/hens", manifest)).toMatchObject({ json: { code: "secret_not_allowed" } });
  });

  test("that was created while the vault was locked sends nothing, and waits for the bind", async () => {
    const path = await makeVault([]);
    await using daemon = await openQuick({ COOP_VAULT: path });
    const id = await daemon.hatch(keyedHen("sly", server));
    const job = await daemon.submit(id, "go");
    await waiting(daemon, job);
    await daemon.call("POST", "/vault/unlock", { path, passphrase: "p" });
    for (;;) {
      const view = await hen(daemon, id);
      if (view.needs_next === `coop vault bind ${path} key ${server.host}`) break;
      await Bun.sleep(5);
    }
    expect(server.keys).toEqual([]);
    await daemon.call("PUT", "/vault/secrets/key/hosts", { hosts: [server.host] });
    expect((await daemon.ended(job)).status).toBe("DONE");
    expect(new Set(server.keys)).toEqual(new Set(["sk-1"]));
  });

  test("by a reference outside the vault is refused with the setting that would allow it", async () => {
    await using daemon = await openQuick({ COOP_ENV_SECRETS: "MODEL_KEY", MODEL_KEY: "sk-1" });
    expect(await daemon.call("POST", "/hens", keyedHen("thief", server, "env:MODEL_KEY"))).toMatchObject({
      status: 403,
      json: { next: expect.stringContaining(`COOP_SECRET_HOSTS="env:MODEL_KEY=${server.host}"`) },
    });
  });
});

describe("a locked vault", () => {
  test("is a state of the hen; its job waits, and goes on after the unlock", async () => {
    const path = await makeVault();
    await using daemon = await openQuick({ COOP_VAULT: path });
    const id = await daemon.hatch(keyedHen("patient", server));
    expect(await hen(daemon, id)).toMatchObject({ needs: "vault", needs_next: `coop vault unlock ${path}` });
    const job = await daemon.submit(id, "go");
    await waiting(daemon, job);
    expect((await daemon.call("GET", `/jobs/${job}`)).json).toMatchObject({ status: "QUEUED", error: null });
    await daemon.call("POST", "/vault/unlock", { path, passphrase: "p" });
    expect(await daemon.ended(job)).toMatchObject({ status: "DONE", result: "Done." });
    expect(await hen(daemon, id)).toMatchObject({ needs: null, needs_reason: null });
  });

  test("in the middle of a job puts the job back with its journal; no step runs again", async () => {
    const path = await makeVault();
    await using daemon = await openWith(path);
    server.onCall = async (call) => {
      if (call === 2) await daemon.call("POST", "/vault/lock");
    };
    const id = await daemon.hatch(keyedHen("halfway", server));
    const job = await daemon.submit(id, "go");
    const before = await waiting(daemon, job);
    expect(before.filter(({ kind }) => kind === "tool.result").length).toBe(2);
    await daemon.call("POST", "/vault/unlock", { path, passphrase: "p" });
    const ended = await daemon.ended(job);
    expect(ended).toMatchObject({ status: "DONE" });
    const results = (await daemon.journal(job)).filter((entry) => entry.kind === "tool.result");
    expect(results.map((entry) => entry.kind === "tool.result" && JSON.parse(entry.content).stdout)).toEqual([
      "1\n",
      "2\n",
    ]);
  });

  test("keeps nobody whose brain needs no key", async () => {
    await using daemon = await openQuick();
    server.key = undefined;
    const id = await daemon.hatch(keyedHen("free", server, "none"));
    expect((await daemon.ended(await daemon.submit(id, "go"))).status).toBe("DONE");
  });
});

describe("a key", () => {
  test("that is missing is waited for until it is put", async () => {
    const path = await makeVault();
    await using daemon = await openWith(path);
    await daemon.call("DELETE", "/vault/secrets/key");
    const created = await daemon.hatch(keyedHen("early", server));
    const job = await daemon.submit(created, "go");
    await waiting(daemon, job);
    expect(await hen(daemon, created)).toMatchObject({ needs: "vault", needs_next: `coop vault put ${path} key` });
    await daemon.call("PUT", "/vault/secrets", { name: "key", value: "sk-1", hosts: [server.host] });
    expect((await daemon.ended(job)).status).toBe("DONE");
  });

  test("that is replaced in the middle of a job is used from the next call on", async () => {
    const path = await makeVault();
    await using daemon = await openWith(path);
    server.onCall = async (call) => {
      if (call === 2) await daemon.call("PUT", "/vault/secrets", { name: "key", value: "sk-2" });
    };
    server.key = undefined;
    const id = await daemon.hatch(keyedHen("turner", server));
    expect((await daemon.ended(await daemon.submit(id, "go"))).status).toBe("DONE");
    expect(server.keys).toEqual(["sk-1", "sk-1", "sk-2"]);
  });

  test("that loses its host in the middle of a job is not sent there again", async () => {
    const path = await makeVault();
    await using daemon = await openWith(path);
    server.onCall = async (call) => {
      if (call === 2) await daemon.call("PUT", "/vault/secrets/key/hosts", { hosts: [] });
    };
    const job = await daemon.submit(await daemon.hatch(keyedHen("cut-off", server)), "go");
    await waiting(daemon, job);
    expect(server.keys.length).toBe(2);
  });

  test("comes from a named variable or a private file; from nowhere else of either kind", async () => {
    const file = join(folder, "key.txt");
    writeFileSync(file, "sk-1\n");
    chmodSync(file, 0o600);
    const hosts = `env:MODEL_KEY=${server.host} env:HOME=${server.host} file:${file}=${server.host}`;
    await using daemon = await openQuick({
      ...{ COOP_ENV_SECRETS: "MODEL_KEY", MODEL_KEY: "sk-1", HOME: "/root", COOP_SECRET_HOSTS: hosts },
    });
    for (const [name, ref] of [
      ["by-env", "env:MODEL_KEY"],
      ["by-file", `file:${file}`],
    ] as const) {
      const id = await daemon.hatch(keyedHen(name, server, ref));
      expect((await daemon.ended(await daemon.submit(id, "go"))).status).toBe("DONE");
    }
    const nosy = await daemon.hatch(keyedHen("nosy", server, "env:HOME"));
    const job = await daemon.submit(nosy, "go");
    await waiting(daemon, job);
    expect((await hen(daemon, nosy)).needs_reason).toContain("HOME is none that manifests may use");
    chmodSync(file, 0o644);
    const open = await daemon.hatch(keyedHen("open-file", server, `file:${file}`));
    await waiting(daemon, await daemon.submit(open, "go"));
    expect((await hen(daemon, open)).needs_reason).toContain("is open to others");
  });
});

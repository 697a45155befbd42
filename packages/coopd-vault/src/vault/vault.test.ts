import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { inspect } from "node:util";
import { CoopError } from "coopd-core";
import { seal, unseal } from "../file/seal.ts";
import { formatSealedFile, parseSealedFile } from "../file/sealed-file.ts";
import { deriveKey } from "../kdf/derive-key.ts";
import { Secret } from "../secret/secret.ts";
import { quickDerive } from "../testing/quick-derive.ts";
import { makeFolder } from "../testing/vault-folder.ts";
import { identifyFile } from "./identify-file.ts";
import { Vault } from "./vault.ts";

setDefaultTimeout(60_000); // a loaded machine is slow, and time is not what is tested

const folder = makeFolder();
afterAll(() => folder.remove());
const isRoot = process.geteuid?.() === 0;

const parts = (path: string, passphrase = "p") => ({ path, passphrase: new Secret(passphrase), derive: quickDerive });
const create = (name: string) => Vault.create(parts(folder.path(name)));
const open = (name: string, passphrase?: string) => Vault.open(parts(folder.path(name), passphrase));
const make = async (name: string, secrets: Readonly<Record<string, string>> = {}) => {
  using vault = await create(name);
  for (const [key, value] of Object.entries(secrets)) vault.put(key, new Secret(value));
};
const modeOf = (name: string) => (statSync(folder.path(name)).mode & 0o777).toString(8);
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(CoopError);
  return error as CoopError;
};

describe("a vault is refused", () => {
  test("where one is already, and that one stays as it is", async () => {
    await make("taken", { a: "1" });
    const before = readFileSync(folder.path("taken"));
    expect(await refusal(create("taken"))).toMatchObject({ code: "vault_exists" });
    expect(readFileSync(folder.path("taken"))).toEqual(before);
    using again = await open("taken"); // and nobody holds its lock
    expect(again.secret("a")?.reveal()).toBe("1");
  });

  test("with an empty passphrase", async () => {
    expect(await refusal(Vault.create(parts(folder.path("empty"), "")))).toMatchObject({ code: "bad_request" });
    expect(identifyFile(folder.path("empty"))).toBeUndefined();
  });

  test("without a passphrase, whether there is a vault or not", async () => {
    await make("unnamed");
    for (const name of ["unnamed", "not-there"]) {
      const nothing = { ...parts(folder.path(name), ""), derive: deriveKey }; // Argon2id's own thread would fail
      expect(await refusal(Vault.open(nothing))).toMatchObject({
        code: "bad_request",
        message: "the passphrase is empty",
      });
    }
    using vault = await open("unnamed");
    expect(await vault.isPassphrase(new Secret(""))).toBe(false);
  });

  test("with a wrong passphrase, in the words of a damaged one", async () => {
    await make("locked");
    expect(await refusal(open("locked", "q"))).toMatchObject({
      code: "vault_refused",
      message: "the passphrase is wrong, or the vault was changed or damaged",
    });
  });

  test("when it is missing, a folder, a FIFO, a link, or has a second name", async () => {
    await make("real");
    symlinkSync(folder.path("real"), folder.path("link"));
    mkdirSync(folder.path("a-folder"));
    Bun.spawnSync(["mkfifo", folder.path("fifo")]);
    await make("doubled");
    linkSync(folder.path("doubled"), folder.path("doubled-too"));
    for (const [name, what] of Object.entries({
      "nowhere/at-all": "there is no vault",
      missing: "there is no vault",
      link: "is a link",
      "a-folder": "is no ordinary file",
      fifo: "is no ordinary file",
      doubled: "has more than one name",
    })) {
      const error = await refusal(open(name));
      expect([name, error.code, error.message.includes(what)]).toEqual([name, "vault_refused", true]);
    }
    expect(readdirSync(dirname(folder.path("x"))).filter((name) => name.startsWith("missing"))).toEqual([]);
  });

  test.skipIf(!isRoot)("when it belongs to another user", async () => {
    await make("foreign");
    chownSync(folder.path("foreign"), 12_345, 12_345);
    expect((await refusal(open("foreign"))).message).toContain("belongs to another user");
  });

  test("while another process has it open, under whatever name of its folder; then no more", async () => {
    mkdirSync(folder.path("deep"));
    await make("deep/held");
    symlinkSync(folder.path("deep"), folder.path("shallow"));
    const other = writer("deep/held", "x", 0, "hold");
    await until(other.stdout, "open");
    const { takeVaultLock } = await import("../disk/vault-lock.ts");
    expect(() => takeVaultLock(folder.path("deep/held"), 0)).toThrow(expect.objectContaining({ code: "vault_busy" }));
    other.stdin.end();
    await other.exited;
    using vault = await open("shallow/held");
    expect(vault.path).toEndWith("/deep/held");
  });
});

describe("a vault's file", () => {
  test("is 0600 whatever the umask, its missing folders 0700, and nothing is left beside it but the lock", async () => {
    const old = process.umask(0o000);
    try {
      await make("new/folder/vault.json", { a: "1" });
    } finally {
      process.umask(old);
    }
    expect([modeOf("new/folder/vault.json"), modeOf("new/folder"), modeOf("new")]).toEqual(["600", "700", "700"]);
    expect(readdirSync(folder.path("new/folder")).sort()).toEqual(["vault.json", "vault.json.lock"]);
  });

  test("is another file after each write, and the vault says which", async () => {
    using vault = await create("moving");
    const first = vault.identity;
    expect(first).toEqual(identifyFile(folder.path("moving")) as typeof first);
    vault.put("a", new Secret("1"));
    expect(vault.identity).not.toEqual(first);
    expect(vault.identity).toEqual(identifyFile(folder.path("moving")) as typeof first);
  });

  test("what a killed writer left beside it is taken away by the next", async () => {
    await make("littered");
    writeFileSync(folder.path("littered.0123456789abcdef.tmp"), "half");
    writeFileSync(folder.path("littered.mine.tmp"), "not ours");
    using vault = await open("littered");
    vault.put("a", new Secret("1"));
    expect(identifyFile(folder.path("littered.0123456789abcdef.tmp"))).toBeUndefined();
    expect(identifyFile(folder.path("littered.mine.tmp"))).toBeDefined();
  });

  test("keeps what another program wrote into it meanwhile", async () => {
    using vault = await create("edited");
    vault.put("a", new Secret("1"), ["api.example.com"]);
    vault.put("b", new Secret("2"));
    const held = vault.secret("b");
    editAsTheOriginal("edited", { a: "1 changed", c: "3" }, ["a", "b"]);
    vault.put("d", new Secret("4"));
    vault.close();
    using again = await open("edited");
    expect(again.entries().map(({ name }) => `${name}=${again.secret(name)?.reveal()}`)).toEqual([
      "a=1 changed",
      "b=2",
      "c=3",
      "d=4",
    ]);
    expect(held?.isClosed).toBe(true);
  });

  test("is not overwritten when somebody put another vault in its place", async () => {
    using vault = await create("replaced");
    await make("other", { z: "26" });
    const bytes = readFileSync(folder.path("other"));
    writeFileSync(folder.path("replaced"), bytes);
    expect(() => vault.put("a", new Secret("1"))).toThrow(expect.objectContaining({ code: "vault_refused" }));
    expect(readFileSync(folder.path("replaced"))).toEqual(bytes);
  });

  test("that lies where this user may not write can be read and not changed", async () => {
    mkdirSync(folder.path("shut"));
    const mount = (...args: string[]) => Bun.spawnSync(["mount", ...args, folder.path("shut")]);
    if (isRoot) mount("-t", "tmpfs", "tmpfs");
    await make("shut/vault", { a: "1" });
    if (isRoot) mount("-o", "remount,ro");
    else chmodSync(folder.path("shut"), 0o500);
    try {
      using vault = await open("shut/vault");
      expect(vault.secret("a")?.reveal()).toBe("1");
      expect(() => vault.put("b", new Secret("2"))).toThrow(expect.objectContaining({ code: "vault_refused" }));
    } finally {
      if (isRoot) Bun.spawnSync(["umount", "-l", folder.path("shut")]);
      else chmodSync(folder.path("shut"), 0o700);
    }
  });
});

describe("a disk that is full", () => {
  test.skipIf(!isRoot)("refuses a change with a typed error, and the vault is as it was", async () => {
    const disk = folder.path("small");
    mkdirSync(disk);
    Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]);
    try {
      await make("small/vault", { a: "1" });
      using vault = await open("small/vault");
      const before = readFileSync(folder.path("small/vault"));
      const big = () => vault.put("big", new Secret("x".repeat(60_000)));
      expect(big).toThrow(expect.objectContaining({ code: "disk_full" }));
      expect(readFileSync(folder.path("small/vault"))).toEqual(before);
      expect(readdirSync(disk).sort()).toEqual(["vault", "vault.lock"]);
      vault.put("small", new Secret("2"));
      expect(vault.entries().map(({ name }) => name)).toEqual(["a", "small"]);
    } finally {
      Bun.spawnSync(["umount", "-l", disk]);
    }
  });
});

describe("secrets", () => {
  test("a bad name, an empty or huge value, a bad host are refused and nothing is written", async () => {
    using vault = await create("strict");
    const before = readFileSync(folder.path("strict"));
    const bad = [
      () => vault.put("", new Secret("v")),
      () => vault.put("a b", new Secret("v")),
      () => vault.put("sk-ant-api03/LEAK", new Secret("v")),
      () => vault.put("a", new Secret("")),
      () => vault.put("a", new Secret("v".repeat(65_537))),
      () => vault.put("a", new Secret("v"), ["https://api.example.com"]),
      () => vault.put("a", new Secret("v"), ["api.example.com:0"]),
      () => vault.put("a", new Secret("v"), ["*.com"]),
      () => vault.put("a", new Secret("v"), ["0x7f.1"]),
      () => vault.put("a", new Secret("v"), ["[::0:1]"]),
    ];
    for (const put of bad) expect(put).toThrow(expect.objectContaining({ code: "bad_request" }));
    expect(() => vault.put("sk-ant-api03/LEAK", new Secret("v"))).not.toThrow(expect.stringContaining("LEAK"));
    expect(() => vault.remove("a")).toThrow(expect.objectContaining({ code: "secret_not_found" }));
    expect(() => vault.bind("a", ["api.example.com"])).toThrow(expect.objectContaining({ code: "secret_not_found" }));
    expect(readFileSync(folder.path("strict"))).toEqual(before);
  });

  test("are put, bound, replaced and removed, over closing and opening", async () => {
    using vault = await create("kept");
    vault.put("b", new Secret("2"), ["API.Example.com", "*.example.org:8443", "api.example.com", "[::1]:1234"]);
    vault.put("a", new Secret("1"));
    vault.put("b", new Secret("two"));
    vault.close();
    using again = await open("kept");
    expect(again.entries()).toEqual([
      { name: "a", hosts: [] },
      { name: "b", hosts: ["*.example.org:8443", "[::1]:1234", "api.example.com"] },
    ]);
    expect(again.secret("b")?.reveal()).toBe("two");
    again.bind("b", []);
    again.remove("a");
    again.close();
    using third = await open("kept");
    expect(third.entries()).toEqual([{ name: "b", hosts: [] }]);
  });

  test("are overwritten when the vault closes, when they are replaced, and when they are removed", async () => {
    using vault = await create("wiped");
    for (const name of ["a", "b", "c"]) vault.put(name, new Secret(`value of ${name}`));
    const [a, b, c] = ["a", "b", "c"].map((name) => vault.secret(name) as Secret) as [Secret, Secret, Secret];
    const bytes = [a, b, c].map((secret) => secret.lend((own) => own));
    vault.put("a", new Secret("new"));
    vault.remove("b");
    expect([a.isClosed, b.isClosed, c.isClosed]).toEqual([true, true, false]);
    vault.close();
    expect(c.isClosed).toBe(true);
    for (const own of bytes) expect(own.every((byte) => byte === 0)).toBe(true);
  });

  test("are the same object as long as they are the same value", async () => {
    using vault = await create("steady");
    vault.put("a", new Secret("1"));
    const a = vault.secret("a");
    vault.put("b", new Secret("2"));
    expect(vault.secret("a")).toBe(a as Secret);
  });

  test("do not show in an open vault that is printed", async () => {
    using vault = await create("shy");
    vault.put("a", new Secret("canary-77"));
    const seen = inspect(vault, { depth: 9, showHidden: true }) + JSON.stringify({ vault });
    expect(seen).not.toContain("canary-77");
  });
});

describe("a change of passphrase", () => {
  test("opens with the new one only, under a new salt, and keeps everything", async () => {
    const vault = await create("turned");
    vault.put("a", new Secret("1"), ["api.example.com"]);
    const saltBefore = parseSealedFile(readFileSync(folder.path("turned"))).salt;
    expect(await vault.isPassphrase(new Secret("p"))).toBe(true);
    await vault.rotate(new Secret("q"));
    expect(await vault.isPassphrase(new Secret("p"))).toBe(false);
    vault.put("b", new Secret("2"));
    vault.close();
    expect(parseSealedFile(readFileSync(folder.path("turned"))).salt).not.toEqual(saltBefore);
    await refusal(open("turned", "p"));
    using again = await open("turned", "q");
    expect(again.entries().map(({ name, hosts }) => `${name} ${hosts}`)).toEqual(["a api.example.com", "b "]);
  });

  test("to an empty one is refused", async () => {
    using vault = await create("unturned");
    expect(await refusal(vault.rotate(new Secret("")))).toMatchObject({ code: "bad_request" });
    expect(await vault.isPassphrase(new Secret("p"))).toBe(true);
  });
});

describe("several writers", () => {
  test("lose nothing of each other's", async () => {
    await make("shared");
    const writers = ["x", "y", "z"].map((prefix) => writer("shared", prefix, 8));
    await Promise.all(writers.map(({ exited }) => exited));
    using vault = await open("shared");
    expect(vault.entries().length).toBe(24);
  }, 60_000);

  test("killed at any moment leave a whole vault with everything that was said to be written", async () => {
    await make("killed");
    for (let round = 0; round < 12; round += 1) {
      const child = writer("killed", `r${round}-`, 500);
      const said = await until(child.stdout, `r${round}-${1 + (round % 5)}`);
      child.kill("SIGKILL");
      await child.exited;
      using vault = await open("killed");
      for (const name of said) expect(vault.secret(name)?.reveal()).toBe(`value of ${name}`);
    }
  }, 60_000);
});

/** As the original's command line does: it knows no hosts, and drops them. */
function editAsTheOriginal(name: string, puts: Readonly<Record<string, string>>, expected: readonly string[]): void {
  const path = folder.path(name);
  const file = parseSealedFile(readFileSync(path));
  const key = new Uint8Array(new Bun.CryptoHasher("sha256").update(file.salt).update("p").digest());
  const { secrets } = unseal(file, key);
  expect([...secrets.keys()].sort()).toEqual([...expected]);
  const all = new Map([...secrets, ...Object.entries(puts).map(([key, value]) => [key, new Secret(value)] as const)]);
  writeFileSync(path, formatSealedFile(seal({ secrets: all, hosts: new Map() }, key, file.salt)));
}

function writer(name: string, prefix: string, count: number, hold = "") {
  const program = `${import.meta.dir}/../testing/writer-process.ts`;
  return Bun.spawn(
    [process.execPath, "--no-env-file", "--config=/dev/null", program, folder.path(name), prefix, String(count), hold],
    { stdin: "pipe", stdout: "pipe", stderr: "inherit" },
  );
}

/** The lines until this one. */
async function until(stdout: ReadableStream<Uint8Array>, line: string): Promise<readonly string[]> {
  let text = "";
  const reader = stdout.getReader();
  while (!text.split("\n").includes(line)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`it ended before ${line}: ${text}`);
    text += new TextDecoder().decode(value);
  }
  reader.releaseLock();
  return text.split("\n").slice(0, -1);
}

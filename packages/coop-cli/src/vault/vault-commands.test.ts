import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRealDaemon } from "../testing/real-daemon.ts";
import { type RunOptions, runCoop, runCoopInTerminal } from "../testing/run-coop.ts";

const folder = mkdtempSync(join(tmpdir(), "coop-cli-vault-"));
const daemon = await openRealDaemon();
afterAll(async () => {
  await daemon.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const at = (name: string) => join(folder, name);
/** Nothing listens there: commands that need no daemon. */
const NOBODY = "http://127.0.0.1:9";
const coop = (args: readonly string[], options: RunOptions = {}) =>
  runCoop(args, { ...options, env: { COOP_API: NOBODY, COOP_PASSPHRASE: "p", ...options.env } });
const viaDaemon = (args: readonly string[], options: RunOptions = {}) =>
  runCoop(args, { ...options, env: { COOP_API: daemon.url, HOME: folder, ...options.env } });
const init = async (name: string) => {
  expect((await coop(["vault", "init", at(name)])).exitCode).toBe(0);
  return at(name);
};

describe("a vault command is refused", () => {
  test("without a passphrase to be had, saying how to give one", async () => {
    const { exitCode, stderr } = await coop(["vault", "init", at("none")], { env: { COOP_PASSPHRASE: "" } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--passphrase-file FILE (- is standard input) or COOP_PASSPHRASE");
    expect(readdirSync(folder)).toEqual([]);
  }, 60_000);

  test("where there is a vault already, where there is none, and with a wrong passphrase", async () => {
    const path = await init("there");
    const before = readFileSync(path);
    expect(await coop(["vault", "init", path])).toMatchObject({ exitCode: 6, stdout: "" });
    expect(await coop(["vault", "list", at("nowhere")])).toMatchObject({ exitCode: 9 });
    const wrong = await coop(["vault", "put", path, "a"], { env: { COOP_PASSPHRASE: "q", COOP_SECRET_VALUE: "1" } });
    expect(wrong).toMatchObject({ exitCode: 9, stdout: "" });
    expect(wrong.stderr).toContain("the passphrase is wrong");
    expect(readFileSync(path)).toEqual(before);
  }, 60_000);

  test("when a value or passphrase stands on the command line, or both want standard input", async () => {
    const path = await init("argv");
    expect((await coop(["vault", "put", path, "a", "the-value"])).exitCode).toBe(2);
    expect((await coop(["vault", "put", path, "a", "--value", "x"])).exitCode).toBe(2);
    expect((await coop(["vault", "put", path, "a", "--passphrase", "x"])).exitCode).toBe(2);
    const both = await coop(["vault", "put", path, "a", "--passphrase-file", "-"], { stdin: "p\n" });
    expect([both.exitCode, both.stderr]).toEqual([2, expect.stringContaining("cannot be both")]);
  }, 60_000);
});

describe("without a daemon", () => {
  test("the words of the original, in a pipe, and its variables", async () => {
    const path = at("deep/folder/vault.json");
    expect((await coop(["vault", "init", path])).stdout).toBe(`vault created at ${path}\n`);
    expect((statSync(at("deep")).mode & 0o777).toString(8)).toBe("700");
    const put = (name: string) => coop(["vault", "put", path, name], { env: { COOP_SECRET_VALUE: `value ${name}` } });
    expect((await put("b")).stdout).toBe("stored secret `b`\n");
    await put("a");
    expect((await coop(["vault", "list", path])).stdout).toBe("a\nb\n");
  }, 60_000);

  test("a secret is put from standard input, bound, listed with hosts, removed; the passphrase comes from a file", async () => {
    const path = await init("used");
    writeFileSync(at("passphrase"), "p\n", { mode: 0o600 });
    const as = (args: readonly string[], stdin?: string) =>
      coop([...args, "--passphrase-file", at("passphrase")], {
        env: { COOP_PASSPHRASE: "wrong" },
        ...(stdin === undefined ? {} : { stdin }),
      });
    expect(await as(["vault", "put", path, "key", "--hosts", "a.example.com,127.0.0.1:8080"], "sk-1\n")).toMatchObject({
      exitCode: 0,
    });
    expect((await as(["vault", "bind", path, "key", "b.example.com"])).stdout).toBe(
      "`key` may go to its provider's own host, b.example.com\n",
    );
    expect(JSON.parse((await as(["vault", "list", path, "-o", "json"])).stdout)).toEqual([
      { hosts: ["b.example.com"], name: "key" },
    ]);
    expect((await as(["vault", "bind", path, "key", "none"])).stdout).toContain("own host only");
    expect((await as(["vault", "bind", path, "key", "https://x"])).exitCode).toBe(2);
    expect((await as(["vault", "rm", path, "key"])).stdout).toBe("removed secret `key`\n");
    expect((await as(["vault", "rm", path, "key"])).exitCode).toBe(4);
  }, 60_000);

  test("the passphrase is changed", async () => {
    const path = await init("turned");
    const rotated = await coop(["vault", "rotate", path], { env: { COOP_NEW_PASSPHRASE: "q" } });
    expect(rotated).toMatchObject({ exitCode: 0, stdout: `the passphrase of ${path} is changed\n` });
    expect((await coop(["vault", "list", path])).exitCode).toBe(9);
    expect((await coop(["vault", "list", path], { env: { COOP_PASSPHRASE: "q" } })).exitCode).toBe(0);
  }, 60_000);

  test("a passphrase file that others can read is remarked", async () => {
    const path = await init("remarked");
    writeFileSync(at("open-passphrase"), "p", { mode: 0o644 });
    const { exitCode, stderr } = await coop(["vault", "list", path, "--passphrase-file", at("open-passphrase")]);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("open to other users")]);
  }, 60_000);
});

describe("with a daemon that has the file open", () => {
  test("changes go through it, without a passphrase; nothing of either is lost", async () => {
    const path = await init("held");
    expect((await viaDaemon(["vault", "status"])).stdout).toContain('"unlocked": false');
    const unlock = await viaDaemon(["vault", "unlock", path], { env: { COOP_PASSPHRASE: "p" } });
    expect(unlock).toMatchObject({ exitCode: 0, stdout: `the daemon has ${path} open\n` });
    expect(await viaDaemon(["vault", "put", path, "a"], { stdin: "1" })).toMatchObject({ exitCode: 0 });
    expect(await viaDaemon(["vault", "put", path, "b", "--hosts", "x.example.com"], { stdin: "2" })).toMatchObject({
      exitCode: 0,
    });
    expect((await viaDaemon(["vault", "list", path])).stdout).toBe("a\nb\n");
    expect((await viaDaemon(["vault", "bind", path, "a", "y.example.com"])).exitCode).toBe(0);
    expect((await viaDaemon(["vault", "rm", path, "b"])).exitCode).toBe(0);
    const rotate = await viaDaemon(["vault", "rotate", path], {
      env: { COOP_PASSPHRASE: "p", COOP_NEW_PASSPHRASE: "q" },
    });
    expect(rotate.exitCode).toBe(0);
    expect((await viaDaemon(["vault", "lock"])).exitCode).toBe(0);
    const list = await coop(["vault", "list", path, "-o", "json"], { env: { COOP_PASSPHRASE: "q" } });
    expect(JSON.parse(list.stdout)).toEqual([{ hosts: ["y.example.com"], name: "a" }]);
  }, 60_000);

  test("a command that cannot ask it is refused instead of writing behind its back", async () => {
    const path = await init("contended");
    await viaDaemon(["vault", "unlock", path], { env: { COOP_PASSPHRASE: "p" } });
    const { exitCode, stderr } = await coop(["vault", "put", path, "a"], { env: { COOP_SECRET_VALUE: "1" } });
    expect([exitCode, stderr]).toEqual([6, expect.stringContaining("another process has the vault")]);
    await viaDaemon(["vault", "lock"]);
  }, 60_000);

  test("a wrong passphrase and a vault that is not there are told in the same words", async () => {
    const path = await init("guessed");
    const wrong = await viaDaemon(["vault", "unlock", path], { env: { COOP_PASSPHRASE: "q" } });
    const missing = await viaDaemon(["vault", "unlock", at("no-such")], { env: { COOP_PASSPHRASE: "p" } });
    expect(wrong.exitCode).toBe(9);
    expect(missing).toEqual(wrong);
  }, 60_000);
});

describe("on a terminal", () => {
  const onTerminal = (args: readonly string[], answers: readonly (readonly [string, string])[]) => {
    const left = [...answers];
    let seen = 0;
    return runCoopInTerminal(args, {
      env: { COOP_API: NOBODY },
      onText(text, press) {
        const [next] = left;
        if (next === undefined || !text.slice(seen).includes(next[0])) return;
        seen = text.length;
        left.shift();
        press(next[1]);
      },
    });
  };

  test("passphrase and value are asked for and not shown; Backspace, Ctrl-U and arrows do what they do", async () => {
    const path = at("typed");
    const made = await onTerminal(
      ["vault", "init", path],
      [
        ["Passphrase: ", "canary-\u007f-ü\u007f\u007f\u001b[Dp\u0015canary-pass\r"],
        ["again: ", "canary-pass\r"],
      ],
    );
    expect(made.text).toContain(`vault created at ${path}\n`);
    const put = await onTerminal(
      ["vault", "put", path, "key"],
      [
        ["Passphrase: ", "canary-pass\r"],
        ["Value of key: ", "canary-value\r"],
      ],
    );
    expect(put.exitCode).toBe(0);
    expect(made.raw + put.raw).not.toContain("canary");
    const list = await onTerminal(["vault", "list", path], [["Passphrase: ", "canary-pass\r"]]);
    expect(list.text).toBe("Passphrase: \nSECRET  MAY GO TO\nkey     its provider's own host\n");
  }, 60_000);

  test("two that differ make nothing, and Ctrl-C ends it as an interrupt", async () => {
    const differ = await onTerminal(
      ["vault", "init", at("differ")],
      [
        ["Passphrase: ", "one\r"],
        ["again: ", "two\r"],
      ],
    );
    expect([differ.exitCode, differ.text]).toEqual([2, expect.stringContaining("the two are not the same")]);
    const stopped = await onTerminal(["vault", "init", at("differ")], [["Passphrase: ", "one\u0003"]]);
    expect(stopped.exitCode).not.toBe(0);
    expect(readdirSync(folder)).not.toContain("differ");
  }, 60_000);
});

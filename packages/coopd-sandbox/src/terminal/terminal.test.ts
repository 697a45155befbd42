import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { CoopError } from "coopd-core";
import { henId, openTestSandbox, type TestSandbox } from "../testing/test-sandbox.ts";
import { openReadTerminal, type ReadTerminal } from "../testing/test-terminal.ts";
import { testWhere } from "../testing/test-where.ts";

let walls: TestSandbox;
beforeAll(async () => {
  walls = await openTestSandbox();
  if (!walls.sandbox.walls.confine.holds) throw new Error(walls.sandbox.walls.confine.reason);
});
afterAll(() => walls.close());

async function bash(script: string, name: string): Promise<ReadTerminal> {
  return openReadTerminal(walls, await walls.openPen(name), ["bash", "-c", script]);
}
async function shell(name: string): Promise<ReadTerminal> {
  const terminal = await openReadTerminal(walls, await walls.openPen(name), ["bash", "--norc"]);
  await terminal.saw(/\$ $/);
  return terminal;
}
const openFiles = () =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith("/dev/pt");
    } catch {
      return false;
    }
  }).length;

/** Types one character into the terminal it runs in (ioctl_tty(2), TIOCSTI). */
const TYPES_ITSELF = `perl -e 'for (split //, "echo INJ\\x27\\x27ECTED\\n") { ioctl(STDIN, 0x5412, $_) or print("refused: $!\\n"), exit }'`;
const legacy = readFileSyncOrEmpty("/proc/sys/dev/tty/legacy_tiocsti").trim() !== "0";
const testTyping = testWhere(legacy, "the kernel itself refuses TIOCSTI (dev.tty.legacy_tiocsti=0)");

describe("a program in a terminal", () => {
  testTyping("cannot type into it, which it could without the system call filter", async () => {
    const open = await openTestSandbox({ seccomp: false });
    try {
      const without = await openReadTerminal(open, await open.openPen("aria"), ["bash", "--norc"]);
      await without.saw(/\$ $/);
      await without.type(`${TYPES_ITSELF}\r`);
      await without.saw(/[\nl]\r?INJECTED/);
      await without.type("exit\r");
      await without.ended;
    } finally {
      await open.close();
    }
    const held = await shell("typist");
    await held.type(`${TYPES_ITSELF}\r`);
    await held.saw("refused: Operation not permitted");
    await held.type("exit\r");
    expect(await held.whole).not.toMatch(/[\nl]\r?INJECTED/);
  });

  test("finds no variable, descriptor, session or process of the daemon", async () => {
    process.env.COOP_TEST_SECRET = "hunter2-terminal";
    const script =
      "env; cat /proc/[0-9]*/environ | tr '\\0' '\\n'; ls -l /proc/self/fd /proc/1/fd /proc/$$/fd; ps -e 2>/dev/null | wc -l; kill -9 1; echo end";
    const text = await (await bash(script, "aria")).whole;
    delete process.env.COOP_TEST_SECRET;
    expect(text).toContain("TERM=xterm-256color");
    expect(text).toContain("COOP_HEN_ID=local.coop/aria");
    expect(text).toContain("end");
    expect(text).not.toContain("hunter2");
    expect(text).not.toContain(walls.dataDir);
    expect(text).not.toMatch(/ptmx|\/dev\/pts\/(?!\d+\r?$)/m);
  });

  test("dies with everything it left in other sessions, by the signal and with its pen", async () => {
    const leave =
      "setsid sleep 7771 & (setsid nohup sleep 7772 &) ; trap '' INT TERM HUP; echo up; sleep 7773; sleep 7774";
    const stop = new AbortController();
    const pen = await walls.openPen("leaver");
    const first = await openReadTerminal(walls, pen, ["bash", "-c", leave], { signal: stop.signal });
    await first.saw("up");
    await until(() => sleepers().length === 3);
    stop.abort();
    const refused = await first.ended.catch((error: CoopError) => error.code);
    expect(refused).toBe("cancelled");
    expect(sleepers()).toEqual([]);
    const second = await openReadTerminal(walls, pen, ["bash", "-c", leave]);
    await second.saw("up");
    await walls.sandbox.removePen(henId("leaver"));
    expect(sleepers()).toEqual([]);
    await second.whole;
    await until(() => openFiles() === 0); // of earlier tests' terminals neither
  });

  test("waits in its own write while nobody reads", async () => {
    const pen = await walls.openPen("flood");
    const stop = new AbortController();
    const terminal = await walls.sandbox.openTerminal(pen, {
      argv: ["bash", "-c", "n=0; while :; do printf %01000d $n; n=$((n+1)); echo $n >count; done"],
      size: { cols: 80, rows: 24 },
      signal: stop.signal,
    });
    await terminal.read();
    const count = () => Number(readFileSyncOrEmpty(`${pen.workdir}/count`));
    let last = -1;
    while (last !== count()) {
      last = count();
      await Bun.sleep(100);
    }
    expect(count()).toBeLessThan(2_000); // some 2 MB of buffers at the very most
    stop.abort();
    expect(await terminal.ended.catch((error: CoopError) => error.code)).toBe("cancelled");
    expect(await terminal.read()).toBeUndefined();
    await terminal.write(new Uint8Array(3)); // typing into what has ended is no error
  });

  test("has Ctrl-C, Ctrl-Z and fg, and a name for its terminal that it may open", async () => {
    const terminal = await shell("worker");
    await terminal.type("tty && echo again >$(tty)\r");
    await terminal.saw(/\/dev\/\S+\r\n[^$]*again/);
    await terminal.type("sleep 600; echo code=$?\r");
    await Bun.sleep(300);
    await terminal.type("\u0003");
    await terminal.type("echo after=$?\r");
    await terminal.saw("after=130");
    await terminal.type("cat\r");
    await Bun.sleep(300);
    await terminal.type("\u001a");
    await terminal.saw("Stopped");
    await terminal.type("jobs; fg\r");
    await terminal.saw(/\ncat\r/);
    await terminal.type("through the cat\r");
    await terminal.saw(/through the cat\r\n(.*\r\n)?through the cat/);
    await terminal.type("\u0004exit 7\r");
    expect(await terminal.ended).toEqual({ exitCode: 7 });
  });

  test("sees its size, and every later one", async () => {
    const terminal = await shell("wide");
    await terminal.type("stty size\r");
    await terminal.saw("24 80");
    terminal.resize({ cols: 132, rows: 50 });
    await terminal.type("stty size\r");
    await terminal.saw("50 132");
    terminal.resize({ cols: 1e9, rows: -4 });
    await terminal.type("stty size\r");
    await terminal.saw("1 500");
    await terminal.type("exit\r");
    await terminal.ended;
  });

  test("gets a paste of 200 KB whole, and hands out 10 MB whole", async () => {
    const paste = Buffer.alloc(204_800, "abcdefghij\n");
    const md5 = (bytes: Uint8Array) => new Bun.CryptoHasher("md5").update(bytes).digest("hex");
    const reading = await bash("stty raw -echo; echo ready; sleep 0.3; head -c 204800 | md5sum", "reader");
    await reading.saw("ready");
    await reading.write(paste);
    await reading.saw(md5(paste));
    const writing = await bash("stty raw; head -c 10000000 /dev/zero | tr '\\0' x", "writer");
    expect((await writing.whole).length).toBe(10_000_000);
    expect(await writing.ended).toEqual({ exitCode: 0 });
  });
});

test("where nothing can be confined no terminal is opened", async () => {
  const closed = await openTestSandbox({}, { disabled: true });
  try {
    const opening = openReadTerminal(closed, await closed.openPen("aria"), ["bash"]);
    expect(await opening.catch((error: CoopError) => error.code)).toBe("walls_missing");
  } finally {
    await closed.close();
  }
});

test("an unusable command and a signal that came before are refused, and a program that is not there says so", async () => {
  const pen = await walls.openPen("refused");
  const aborted = AbortSignal.abort();
  expect(await openReadTerminal(walls, pen, []).catch((error) => error.code)).toBe("sandbox_failed");
  const early = openReadTerminal(walls, pen, ["bash"], { signal: aborted });
  expect(await early.catch((error) => error.code)).toBe("cancelled");
  const missing = await openReadTerminal(walls, pen, ["no-such-program"]);
  expect(await missing.ended.catch((error) => error instanceof CoopError)).toBeTruthy();
  expect(await missing.whole).toContain("no-such-program");
});

test("closing the sandbox ends every terminal", async () => {
  const other = await openTestSandbox();
  const opened = await Promise.all(
    ["a", "b", "c"].map(async (name) => openReadTerminal(other, await other.openPen(name), ["sleep", "7775"])),
  );
  await other.close();
  const ends = await Promise.all(opened.map(({ ended }) => ended.catch((error: CoopError) => error.code)));
  expect(ends).toEqual(["cancelled", "cancelled", "cancelled"]);
  expect(sleepers()).toEqual([]);
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await Bun.sleep(5);
}

function sleepers(): string[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => readFileSyncOrEmpty(`/proc/${pid}/cmdline`).replaceAll("\0", " "))
    .filter((line) => /^sleep 777\d/.test(line));
}

function readFileSyncOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

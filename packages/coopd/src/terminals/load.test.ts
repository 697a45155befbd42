import { heapStats } from "bun:jsc";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { TerminalView } from "coopd-core";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";
import { processesWith } from "../testing/processes.ts";
import { openRawShell, type RawShell } from "../testing/raw-shell.ts";

// What a raw client sees of a terminal under load (issue 7, shown by 1).
let daemon: DaemonUnderTest;
beforeAll(async () => {
  daemon = await openDaemonUnderTest();
});
afterAll(() => daemon.close());

const ACKING = "?cols=80&rows=24&acks=true";
const PLAIN = "?cols=80&rows=24";
const md5 = (bytes: string | Uint8Array) => new Bun.CryptoHasher("md5").update(bytes).digest("hex");

async function open(name: string, query = PLAIN): Promise<RawShell & { readonly id: string }> {
  const id = await daemon.hatch(promptHen(name));
  const client = await openRawShell(daemon.base, id, query);
  await client.saw(/\$ $/);
  return { ...client, id };
}
/** Keys that come while bash handles an interrupt are lost, so nobody types `exit`. */
async function leave(client: RawShell & { readonly id: string }): Promise<void> {
  await daemon.call("DELETE", `/hens/${encodeURIComponent(client.id)}`);
  await client.closed;
}
const fileOf = (name: string, file: string) => join(daemon.dataDir, "workdirs", `local-coop__${name}`, file);

describe("output", () => {
  test("of 10 MB arrives whole and in order", async () => {
    const client = await open("ten");
    client.type("stty -onlcr; seq -f %07.0f 1250000 >all; md5sum <all >sum; cat all; echo E'N'D\r");
    await client.saw(/\nEND\n/);
    const text = client.text();
    const body = text.slice(text.indexOf("0000001\n"), text.lastIndexOf("1250000\n") + 8);
    expect(body.length).toBe(10_000_000);
    expect(md5(body)).toBe(readFileSync(fileOf("ten", "sum"), "utf8").slice(0, 32));
    await leave(client);
  }, 60_000);

  test("of a flood without end does not hold up the daemon, and Ctrl-C ends it", async () => {
    const client = await open("flood");
    client.type("yes\r");
    await client.saw(/y\r\ny\r\ny/);
    for (let n = 0; n < 20; n += 1) expect((await daemon.call("GET", "/healthz")).status).toBe(200);
    client.type("\u0003");
    await client.saw(/\^C[\s\S]*\$ $/);
    await leave(client);
  }, 30_000);

  test("waits for a client that does not take it, then leaves it behind and paints it anew", async () => {
    const slow = await open("patience", ACKING);
    const quick = await openRawShell(daemon.base, slow.id, `${PLAIN}&read_only=true`);
    const before = slow.frames.length;
    slow.type("stty -onlcr; seq 400000; echo E'N'D\r");
    await quick.saw(/\nEND\n/); // it came to its end although `slow` never said that it took anything
    const got = slow.frames.slice(before).reduce((sum, frame) => sum + frame.length, 0);
    expect(got).toBeLessThan(1_000_000);
    expect(slow.text()).not.toMatch(/\nEND\n/);
    slow.send({ type: "ack", bytes: 10_000_000 });
    await slow.saw("\u001bc[^]*END");
    quick.close();
    await leave(slow);
  }, 30_000);

  test("cut anywhere is whole for whoever joins in the middle of it", async () => {
    const client = await open("cut");
    client.type(
      "printf '\\360\\237'; sleep 0.3; printf '\\220\\224-\\033[3'; sleep 0.3; printf '1mred\\033[0m-done\\n'\r",
    );
    await client.saw(/\r/);
    await Bun.sleep(250);
    const joined = await openRawShell(daemon.base, client.id, `${PLAIN}&read_only=true`);
    await joined.saw("🐔-\u001b\\[31mred\u001b\\[0m-done");
    expect(joined.text()).not.toContain("\ufffd");
    joined.close();
    await leave(client);
  }, 15_000);
});

describe("input", () => {
  test("of 200 KB in one paste arrives whole", async () => {
    const client = await open("paste");
    const text = Buffer.alloc(204_800, "abcdefghij\n");
    client.type("stty raw -echo; echo ready; head -c 204800 | md5sum; stty sane\r");
    await client.saw(/ready/);
    client.type(text);
    await client.saw(md5(text));
    await leave(client);
  }, 20_000);

  test("that nobody reads is refused beyond a limit, and says so", async () => {
    const client = await open("unread");
    client.type("stty raw -echo; echo ready; sleep 60\r");
    await client.saw(/ready/);
    for (let n = 0; n < 8; n += 1) client.type(Buffer.alloc(200_000, "x"));
    expect(await client.closed).toMatchObject({ type: "error", message: expect.stringContaining("does not read") });
    await daemon.call("DELETE", `/hens/${encodeURIComponent(client.id)}`);
  }, 20_000);

  test("with a character cut in two frames, Ctrl-C, Ctrl-Z and fg work as at a terminal", async () => {
    const client = await open("keys");
    const chick = new TextEncoder().encode("🐔");
    client.type("printf %s '");
    client.type(chick.subarray(0, 2));
    client.type(chick.subarray(2));
    client.type("' | od -An -tx1; echo d'o'ne\r");
    await client.saw(/f0 9f 90 94[\s\S]*done\r/);
    client.type("sleep 100\r");
    await Bun.sleep(200);
    client.type("\u001a");
    await client.saw(/Stopped/);
    client.type("fg\r");
    await client.saw(/fg[\s\S]*sleep 100/);
    await Bun.sleep(200);
    client.type("\u0003");
    client.type("echo code=$?\r");
    await client.saw(/code=130/);
    await leave(client);
  }, 20_000);

  test("of a storm of sizes ends at the last one", async () => {
    const client = await open("storm");
    for (let n = 0; n < 500; n += 1) client.send({ type: "resize", cols: 20 + (n % 150), rows: 5 + (n % 60) });
    client.send({ type: "resize", cols: 111, rows: 37 });
    await Bun.sleep(200);
    client.type("stty size\r");
    await client.saw(/37 111/);
    await leave(client);
  });
});

const editor = ["/usr/bin/vim", "/usr/bin/vi", "/usr/bin/nano"].find(existsSync);
if (editor === undefined) process.stdout.write("skip: no full-screen editor in /usr/bin\n");
test.skipIf(editor === undefined || editor.endsWith("nano"))(
  "a full-screen editor draws, edits and saves, over a client that comes and goes",
  async () => {
    const client = await open("edit");
    client.type(`${editor} -u NONE note.txt\r`);
    await client.saw("\u001b\\[\\?1049h[^]*note\\.txt");
    client.type("ihello from vim");
    await client.saw(/from vim/);
    client.close();
    await client.closed;
    const again = await openRawShell(daemon.base, client.id, PLAIN);
    await again.saw(/hello from vim/);
    expect(again.text()).toContain("\u001b[?1049h"); // it is the other screen that is shown again
    again.type("\u001b:wq\r");
    await again.saw(/written/);
    await again.saw(/\$ $/);
    expect(readFileSync(fileOf("edit", "note.txt"), "utf8")).toBe("hello from vim\n");
    await leave({ ...again, id: client.id });
  },
  20_000,
);

const descriptors = () =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return !readlinkSync(`/proc/self/fd/${fd}`).startsWith("/proc/");
    } catch {
      return false;
    }
  }).length;
const timers = () => {
  Bun.gc(true);
  return heapStats().objectTypeCounts.Timeout ?? 0;
};

test("50 at once all work, and leave no process, descriptor or timer behind", async () => {
  const ids = await Promise.all(Array.from({ length: 50 }, (_, n) => daemon.hatch(promptHen(`many${n}`))));
  const warm = await openRawShell(daemon.base, ids[0] ?? "", PLAIN);
  await warm.saw(/\$ $/);
  warm.type("exit\r");
  await warm.closed;
  await Bun.sleep(300);
  const before = { descriptors: descriptors(), timers: timers() };
  const clients = await Promise.all(ids.map((id) => openRawShell(daemon.base, id, PLAIN)));
  await Promise.all(
    clients.map(async (client, n) => {
      await client.saw(/\$ $/);
      client.type(`setsid sleep 4242${n} & seq 20000; echo t'e'rm-${n}\r`);
      await client.saw(new RegExp(`term-${n}\\r`));
    }),
  );
  expect(((await daemon.call("GET", "/terminals")).json as readonly TerminalView[]).length).toBe(50);
  expect(processesWith("sleep 4242").length).toBeGreaterThanOrEqual(50);
  for (const client of clients.slice(0, 25)) client.close();
  for (const client of clients.slice(25)) client.type("exit\r");
  await Promise.all(clients.map(({ closed }) => closed));
  // A hen that is awake keeps its network for a while.
  await Promise.all(ids.map((id) => daemon.call("POST", `/hens/${encodeURIComponent(id)}/sleep`)));
  expect((await daemon.call("GET", "/terminals")).json).toEqual([]);
  expect(processesWith("sleep 4242")).toEqual([]);
  await Bun.sleep(500);
  expect(descriptors()).toBeLessThanOrEqual(before.descriptors + 4); // sockets of fetch that are kept for the next call
  expect(timers()).toBeLessThanOrEqual(before.timers + 4);
}, 120_000);

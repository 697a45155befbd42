import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { TerminalView } from "coopd-core";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";
import { openRawShell } from "../testing/raw-shell.ts";

let daemon: DaemonUnderTest;
beforeAll(async () => {
  daemon = await openDaemonUnderTest();
});
afterAll(() => daemon.close());

let made = 0;
async function hatch(extra = ""): Promise<string> {
  made += 1;
  return daemon.hatch(promptHen(`hen${made}`, extra));
}
const path = (id: string, rest: string) => `/hens/${encodeURIComponent(id)}${rest}`;
const send = (id: string, body: object) => daemon.call("POST", path(id, "/shell/send"), body);
const shell = (id: string, query = "") => openRawShell(daemon.base, id, query);
const live = async (id: string) =>
  ((await daemon.call("GET", "/terminals")).json as readonly TerminalView[]).find(({ hen_id }) => hen_id === id);
const marker = () => `m${Math.random().toString(36).slice(2)}`;

describe("refused", () => {
  test("the upgrade succeeds, and a bad id, an unknown hen and an archived one are told by an error frame", async () => {
    expect(await (await shell("no-slash")).closed).toMatchObject({ type: "error" });
    const unknown = await (await shell("local.coop/nobody")).closed;
    expect(unknown).toMatchObject({ type: "error", message: expect.stringContaining("local.coop/nobody") });
    const id = await hatch();
    await daemon.call("POST", path(id, "/archive"));
    expect(await (await shell(id)).closed).toMatchObject({ message: expect.stringContaining("is archived") });
    expect(await send(id, { keys: "x" })).toMatchObject({ status: 409, json: { code: "hen_archived" } });
  });

  test("a plain GET, half a size and keys that no keyboard has", async () => {
    const id = await hatch();
    expect(await daemon.call("GET", path(id, "/shell"))).toMatchObject({ status: 400 });
    await expect(shell(id, "?cols=80")).rejects.toThrow("no upgrade");
    expect(await send(id, { named_keys: ["Hyper-x"] })).toMatchObject({ status: 400, json: { code: "bad_request" } });
    expect((await send(id, { keys: 7 })).status).toBe(422);
  });

  test("who only watches opens no terminal, and is closed when it types", async () => {
    const id = await hatch();
    expect(await (await shell(id, "?read_only=true")).closed).toMatchObject({
      message: expect.stringContaining("no live terminal"),
    });
    const writer = await shell(id);
    await writer.saw(/\$ $/);
    const watcher = await shell(id, "?read_only=true");
    writer.type("echo for-$((40+2))-all\r");
    await watcher.saw("for-42-all");
    watcher.type("touch stolen\r");
    expect(await watcher.closed).toMatchObject({ type: "error", message: expect.stringContaining("only watches") });
    writer.type("ls | wc -l\r");
    await writer.saw(/2004l\r?0\r/);
    writer.close();
  });

  test("where the sandbox is off there are no terminals, and capabilities say so", async () => {
    await using closed = await openDaemonUnderTest({ COOP_SANDBOX: "0" });
    const id = String(
      (await closed.call("POST", "/hens", promptHen("pip").replace('network: {policy: "off"}', ""))).json,
    );
    expect(await (await openRawShell(closed.base, id)).closed).toMatchObject({ type: "error" });
    expect((await closed.call("GET", "/session/capabilities")).json).toMatchObject({
      shell: false,
      persistent_session: false,
      task_dispatch: false,
    });
  });
});

test("capabilities are whole on a host with walls, in the original's order", async () => {
  const { json } = await daemon.call("GET", "/session/capabilities");
  expect(Object.keys(json as object)).toEqual([
    "shell",
    "persistent_session",
    "task_dispatch",
    "backend",
    "os",
    "note",
  ]);
  expect(json).toMatchObject({
    shell: true,
    persistent_session: true,
    task_dispatch: true,
    backend: "pty",
    os: "linux",
  });
});

describe("a terminal", () => {
  test("echoes, in the hen's folder and the built environment, in frames of at most 4096 bytes, and tells its exit code", async () => {
    process.env.COOP_PASSPHRASE = "hunter2-shell";
    const id = await hatch();
    const client = await shell(id);
    await client.saw(/\$ $/);
    client.type('echo "$COOP_HEN_ID:$(basename "$COOP_HEN_WORKDIR"):$TERM:$(tput cols)x$(tput lines)"; env\r');
    await client.saw(`${id}:${id.slice(11)}:xterm-256color:80x24`);
    client.type("head -c 50000 /dev/zero | tr '\\0' x; echo\r");
    await client.saw("xxxxx\r\n");
    expect(client.text()).not.toContain("hunter2");
    client.type("printf '\\033[31mred\\033[0m'\r");
    await client.saw("\u001b\\[31mred\u001b\\[0m");
    client.type("exit 7\r");
    expect(await client.closed).toEqual({ type: "exit", code: 7 });
    expect(Math.max(...client.frames.map((frame) => frame.length))).toBeLessThanOrEqual(4096);
    expect(await live(id)).toBeUndefined();
    delete process.env.COOP_PASSPHRASE;
  });

  test("outlives its client: who comes back sees the screen at once, and the same shell", async () => {
    const id = await hatch();
    const first = await shell(id, "?cols=90&rows=20");
    await first.saw(/\$ $/);
    first.type("cd /tmp; secret=kept-42; printf '\\033[1;35mfancy\\033[0m %s\\n' screen\r");
    await first.saw("fancy");
    first.close();
    await first.closed;
    const second = await shell(id, "?cols=90&rows=20");
    await second.saw(/fancy.*screen/s);
    second.type("echo $secret in $PWD\r");
    await second.saw("kept-42 in /tmp");
    const wanted = { kind: "anthropic", command: ["bash"], cols: 90, rows: 20, launches: 1, task_id: null } as const;
    expect(await live(id)).toMatchObject({ ...wanted, viewers: [{ read_only: false, is_writer: true }] });
    second.type("exit\r");
    await second.closed;
  });

  test("has the writer's size, and another writer takes over by typing and by leaving", async () => {
    const id = await hatch();
    const wide = await shell(id, "?cols=100&rows=30&acks=true");
    await wide.saw(/\$ $/);
    const narrow = await shell(id, "?cols=60&rows=10&acks=true");
    const size = async (client: typeof wide, wanted: string) => {
      client.type("stty size\r");
      await client.saw(wanted);
    };
    await size(narrow, "10 60");
    expect(wide.notices).toContainEqual({ type: "size", cols: 60, rows: 10 });
    wide.type(" \r");
    await Bun.sleep(100);
    await size(wide, "30 100");
    wide.close();
    await Bun.sleep(100);
    await size(narrow, "10 60");
    narrow.send({ type: "resize", cols: 70, rows: 11 });
    await Bun.sleep(100);
    await size(narrow, "11 70");
    narrow.type("exit\r");
    await narrow.closed;
  });

  test("a client that acks is told who else is there, and whose the size is", async () => {
    const id = await hatch();
    const first = await shell(id, "?acks=true&cols=90&rows=20");
    await first.saw(/\$ $/);
    expect(first.notices).toEqual([
      { type: "attached", read_only: false, cols: 90, rows: 20 },
      { type: "viewers", count: 1, writers: 1, is_writer: true },
    ]);
    const told = async (wanted: object) => {
      while (!Bun.deepEquals(first.notices.at(-1), wanted)) await Bun.sleep(10);
    };
    const watcher = await shell(id, "?acks=true&read_only=true");
    await told({ type: "viewers", count: 2, writers: 1, is_writer: true });
    const second = await shell(id);
    await told({ type: "viewers", count: 3, writers: 2, is_writer: false });
    first.type(" ");
    await told({ type: "viewers", count: 3, writers: 2, is_writer: true });
    watcher.close();
    await told({ type: "viewers", count: 2, writers: 2, is_writer: true });
    expect(second.notices).toEqual([]);
    second.type("\u0015exit\r");
    await first.closed;
    expect(watcher.notices.at(1)).toEqual({ type: "viewers", count: 2, writers: 1, is_writer: false });
  });

  test("goes on after a program has asked for two thousand million of something", async () => {
    const id = await hatch();
    const client = await shell(id);
    await client.saw(/\$ $/);
    for (const final of ["b", "S", "T", "L", "M", "I", "Z"])
      client.type(`printf 'a\\033[2147483647${final}'; echo on-$((40+2))\r`);
    for (let times = 0; times < 7; times += 1) await client.saw("on-42");
    client.type("exit\r");
    await client.closed;
  });

  test("answers what programs ask once, however many watch", async () => {
    const id = await hatch();
    const clients = [await shell(id), await shell(id), await shell(id, "?read_only=true")];
    await clients[0]?.saw(/\$ $/);
    clients[0]?.type("stty -echo raw; printf '\\033[6n'; head -c 6 | od -c | head -1; stty sane\r");
    await clients[0]?.saw(/033\s+\[\s+\d/);
    for (const client of clients) expect(client.text()).not.toContain("\u001b[6n");
    clients[0]?.type("exit\r");
    await Promise.all(clients.map(({ closed }) => closed));
  });
});

describe("shell/send", () => {
  test("types literally: a semicolon, a leading dash, key names and line breaks are text", async () => {
    const id = await hatch();
    expect(await send(id, { keys: "cat > got.txt" })).toEqual({ status: 200, json: { ok: true } });
    const client = await shell(id);
    await client.saw("got.txt");
    const texts = ["-l is no flag;", "C-c Enter Escape", 'quo"te $(id) `id` é 🐔'];
    for (const keys of texts) await send(id, { keys });
    await send(id, { named_keys: ["C-d"] });
    await send(id, { keys: "echo ended; md5sum < got.txt" });
    const wanted = new Bun.CryptoHasher("md5").update(texts.map((each) => `${each}\n`).join("")).digest("hex");
    await client.saw(wanted);
    await send(id, { keys: "echo not\nrun", no_enter: true });
    await Bun.sleep(200);
    expect(client.text()).not.toMatch(/\nnot\r/);
    await send(id, { named_keys: ["C-c"] });
    await client.saw(/\^C.*\$ $/s); // bash loses keys that come while it handles an interrupt
    await send(id, { keys: "exit 3" });
    expect(await client.closed).toEqual({ type: "exit", code: 3 });
  });

  test("opens the terminal, and whoever attaches then sees what it typed", async () => {
    const id = await hatch();
    const said = marker();
    await send(id, { keys: `echo ${said}-$((1+1))` });
    const client = await shell(id);
    await client.saw(`${said}-2`);
    await send(id, { named_keys: ["C-d"] });
    expect(await client.closed).toEqual({ type: "exit", code: 0 });
  });
});

describe("ends", () => {
  test("with its hen's sleep, archiving and deletion, and says so", async () => {
    for (const [method, end, reason] of [
      ["POST", "/sleep", "SLEEPING"],
      ["POST", "/archive", "ARCHIVED"],
      ["DELETE", "", "deleted"],
    ] as const) {
      const id = await hatch();
      const client = await shell(id);
      await client.saw(/\$ $/);
      client.type("sleep 600\r");
      expect((await daemon.call(method, path(id, end))).status).toBeLessThan(300);
      expect(await live(id)).toBeUndefined();
      expect(await client.closed).toMatchObject({ type: "error", message: expect.stringContaining(reason) });
    }
  });

  test("and whoever watches the farm is told that it began and ended", async () => {
    const id = await hatch();
    const told: string[] = [];
    const watch = new WebSocket(`${daemon.base.replace("http", "ws")}/api/v1/watch?types=terminal_changed`);
    await new Promise((resolve) => {
      watch.onopen = resolve;
    });
    watch.onmessage = ({ data }) => void told.push(String(data));
    const client = await shell(id);
    await client.saw(/\$ $/);
    client.type("exit\r");
    await client.closed;
    while (told.length < 2) await Bun.sleep(10);
    watch.close();
    expect(told.map((line) => JSON.parse(line))).toEqual(
      [true, false].map((live) => ({ type: "terminal_changed", hen_id: id, is_live: live })),
    );
  });

  test("opening one wakes its hen, as a job does", async () => {
    const id = await hatch();
    await daemon.call("POST", path(id, "/sleep"));
    const client = await shell(id);
    await client.saw(/\$ $/);
    expect((await daemon.call("GET", path(id, ""))).json).toMatchObject({ state: "IDLE" });
    client.type("exit\r");
    await client.closed;
  });

  test("when a lease begins and ends; under a lease with a filter nobody types", async () => {
    const id = await hatch(
      "lease: {allow_lease: true, require_framework: false, topic_filter: {deny_keywords: [weapon]}}\n",
    );
    const client = await shell(id);
    await client.saw(/\$ $/);
    const lease = { renter: "bob", lease_id: "l1" };
    expect(await daemon.call("POST", path(id, "/lease"), lease)).toMatchObject({ status: 200 });
    expect(await client.closed).toMatchObject({ type: "error", message: expect.stringContaining("leased") });
    expect(await (await shell(id)).closed).toMatchObject({ message: expect.stringContaining("lease") });
    expect(await send(id, { keys: "ls" })).toMatchObject({ status: 403, json: { code: "policy_denied" } });
    await daemon.call("POST", path(id, "/release"));
    const again = await shell(id);
    await again.saw(/\$ $/);
    again.type("exit\r");
    await again.closed;
  });
});

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hen, Job } from "coopd-core";
import { startDaemonProcess } from "../testing/daemon-process.ts";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";

let daemon: DaemonUnderTest;
beforeAll(async () => {
  daemon = await openDaemonUnderTest();
});
afterAll(() => daemon.close());

const LEASABLE = `lease: {allow_lease: true, require_framework: false, allowed_tools: [bash], topic_filter: {deny_keywords: [weapon]}}`;
const say = (text: string, delay_ms = 0) => JSON.stringify([{ text, delay_ms }]);
type Driver = Pick<DaemonUnderTest, "call" | "base">;

const at = (id: string, rest = "") => `/hens/${encodeURIComponent(id)}${rest}`;
const henOf = async (driver: Driver, id: string) => (await driver.call("GET", at(id))).json as Hen;
const jobOf = async (driver: Driver, id: string) => (await driver.call("GET", `/jobs/${id}`)).json as Job;
const lease = (id: string, body: object = {}, driver: Driver = daemon) =>
  driver.call("POST", at(id, "/lease"), { renter: "bob", lease_id: "l1", ...body });
const release = (id: string, query = "") => daemon.call("POST", at(id, `/release${query}`));
async function submit(id: string, prompt: string, leaseId?: string, driver: Driver = daemon): Promise<string> {
  const { status, json } = await driver.call("POST", at(id, "/jobs"), { prompt, lease_id: leaseId });
  expect([status, json]).toEqual([202, expect.anything()]);
  return (json as { job_id: string }).job_id;
}

/** Resolves when the hen is in the state, by its event. */
async function inState(driver: Driver, id: string, state: string): Promise<void> {
  const socket = new WebSocket(`${driver.base.replace("http", "ws")}/api/v1/watch`);
  const seen = new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(String(data));
      if (event.type === "hen_state_changed" && event.id === id && event.to === state) resolve();
    };
  });
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  if ((await henOf(driver, id)).state !== state) await seen;
  socket.close();
}

describe("a lease is refused", () => {
  test("where the manifest does not allow it, and so is a job of one", async () => {
    const id = await daemon.hatch(promptHen("mine"));
    expect(await lease(id)).toMatchObject({ status: 403, json: { code: "policy_denied" } });
    const job = await daemon.call("POST", at(id, "/jobs"), { prompt: "x", lease_id: "l1" });
    expect(job).toMatchObject({ status: 403, json: { code: "policy_denied" } });
  });

  test("of a hen that works, is leased already, was never hatched or is not there, and for a time that is over", async () => {
    const id = await daemon.hatch(promptHen("busy", LEASABLE));
    const job = await submit(id, say("slow", 60_000));
    await inState(daemon, id, "WORKING");
    expect(await lease(id)).toMatchObject({ status: 409, json: { code: "hen_busy", details: { job_id: job } } });
    await daemon.call("POST", `/jobs/${job}/cancel`);
    expect(await lease(id, { expires_at: "2020-01-01T00:00:00Z" })).toMatchObject({ status: 400 });
    expect(await lease(id, { expires_at: "tomorrow" })).toMatchObject({ status: 422 });
    expect((await lease(id)).status).toBe(200);
    expect(await lease(id, { lease_id: "l2" })).toMatchObject({ status: 409, json: { code: "hen_busy" } });
    expect((await daemon.call("POST", at("local.coop/nobody", "/lease"), { renter: "b", lease_id: "l" })).status).toBe(
      404,
    );
    await daemon.call("POST", "/hens", promptHen("egg", LEASABLE));
    expect(await lease("local.coop/egg")).toMatchObject({ status: 400, json: { code: "illegal_move" } });
    expect((await release(id)).status).toBe(200);
    expect(await release(id)).toMatchObject({ status: 400, json: { code: "illegal_move" } });
  });
});

describe("a leased hen", () => {
  test("works for its renter under tools and topics of the lease; the owner's jobs wait for its end", async () => {
    const id = await daemon.hatch(promptHen("let", LEASABLE));
    expect((await lease(id)).status).toBe(200);
    expect(await henOf(daemon, id)).toMatchObject({
      state: "LEASED",
      lease: { kind: "leased_out", renter: "bob", lease_id: "l1", expires_at: null },
    });
    const owners = await submit(id, say("for the owner"));
    const foreign = await daemon.call("POST", at(id, "/jobs"), { prompt: say("a weapon"), lease_id: "l1" });
    expect(foreign).toMatchObject({ status: 403, json: { code: "topic_refused" } });
    const reads = JSON.stringify([
      { tools: [{ name: "file_read", input: { path: "x" } }] },
      { text: "{{last_result}}" },
    ]);
    const ended = await daemon.ended(await submit(id, reads, "l1"));
    expect(ended.result).toContain('tool "file_read" is not granted');
    expect(await henOf(daemon, id)).toMatchObject({ state: "LEASED" });
    expect((await jobOf(daemon, owners)).status).toBe("QUEUED");
    await release(id);
    expect((await daemon.ended(owners)).result).toBe("for the owner");
    expect(await henOf(daemon, id)).toMatchObject({ lease: { kind: "owner" } });
  });

  test("runs what was queued for its lease before that began, and cancels what is left at its end", async () => {
    const id = await daemon.hatch(promptHen("early", LEASABLE));
    const early = await submit(id, say("early"), "l1");
    const other = await submit(id, say("other"), "l9");
    expect((await jobOf(daemon, early)).status).toBe("QUEUED");
    await lease(id);
    expect((await daemon.ended(early)).result).toBe("early");
    await daemon.call("POST", at(id, "/release"));
    expect((await jobOf(daemon, other)).status).toBe("QUEUED"); // its lease has yet to come
    await lease(id, { lease_id: "l9" });
    expect((await daemon.ended(other)).result).toBe("other");
    await release(id);
  });

  test("is not released while it works, unless by force, which cancels", async () => {
    const id = await daemon.hatch(promptHen("forced", LEASABLE));
    await lease(id);
    const running = await submit(id, say("slow", 60_000), "l1");
    const waiting = await submit(id, say("never"), "l1");
    await inState(daemon, id, "WORKING");
    expect(await release(id)).toMatchObject({ status: 409, json: { code: "hen_busy" } });
    expect((await release(id, "?force=true")).status).toBe(200);
    expect(await henOf(daemon, id)).toMatchObject({ state: "IDLE", lease: { kind: "owner" } });
    expect((await jobOf(daemon, running)).status).toBe("CANCELLED");
    const left = await jobOf(daemon, waiting);
    expect([left.status, left.error]).toEqual(["CANCELLED", "lease l1 ended before this job started"]);
  });

  test("goes back when its time is up; a job that runs then may end, and nothing more of the lease starts", async () => {
    const id = await daemon.hatch(promptHen("timed", LEASABLE));
    const soon = () => new Date(Date.now() + 600).toISOString();
    await lease(id, { expires_at: soon() });
    await inState(daemon, id, "IDLE");
    expect((await henOf(daemon, id)).lease).toEqual({ kind: "owner" });
    await lease(id, { expires_at: soon() });
    const running = await submit(id, say("to its end", 900), "l1");
    const waiting = await submit(id, say("never"), "l1");
    expect((await daemon.ended(running)).result).toBe("to its end");
    expect((await daemon.ended(waiting)).status).toBe("CANCELLED");
    expect(await henOf(daemon, id)).toMatchObject({ state: "IDLE", lease: { kind: "owner" } });
  });

  test("hands work only to hens of the same lease", async () => {
    const withDelegate = LEASABLE.replace("[bash]", "[delegate]");
    const boss = promptHen("lboss", withDelegate).replace("tools: [", "tools: [delegate, ");
    const [id, hand] = [await daemon.hatch(boss), await daemon.hatch(promptHen("lhand", LEASABLE))];
    const script = JSON.stringify([
      { tools: [{ name: "delegate", input: { hen: hand, prompt: say("done") } }] },
      { text: "{{last_result}}" },
    ]);
    await lease(id);
    expect((await daemon.ended(await submit(id, script, "l1"))).result).toContain("is not part of lease l1");
    await lease(hand);
    expect((await daemon.ended(await submit(id, script, "l1"))).result).toContain('"output":"done"');
  });

  test("is leased from its sleep, and two who ask at once do not both get it", async () => {
    const id = await daemon.hatch(promptHen("asleep", LEASABLE));
    await daemon.call("POST", at(id, "/sleep"));
    const answers = await Promise.all(["a", "b", "c"].map((lease_id) => lease(id, { lease_id })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await henOf(daemon, id)).state).toBe("LEASED");
  });
});

test("the end of a lease holds over restarts, also when it passes while the daemon is down", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "coopd-lease-"));
  try {
    let own = await startDaemonProcess(dataDir);
    const [down, up] = [await own.hatch(promptHen("down", LEASABLE)), await own.hatch(promptHen("up", LEASABLE))];
    const downEndMs = Date.now() + 300;
    await lease(down, { expires_at: new Date(downEndMs).toISOString() }, own);
    const upEndMs = Date.now() + 2_500;
    await lease(up, { expires_at: new Date(upEndMs).toISOString() }, own);
    const owners = await submit(down, say("for the owner"), undefined, own);
    await own.end("SIGKILL");
    while (Date.now() < downEndMs) await Bun.sleep(20);
    own = await startDaemonProcess(dataDir);
    expect((await own.ended(owners)).result).toBe("for the owner");
    expect((await henOf(own, down)).lease).toEqual({ kind: "owner" });
    await inState(own, up, "IDLE");
    const back = await henOf(own, up);
    expect(back.lease).toEqual({ kind: "owner" });
    expect(Date.parse(back.updated_at)).toBeGreaterThanOrEqual(upEndMs); // not a moment early, however slow the machine
    await own.end("SIGTERM");
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 30_000);

import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DaemonUnderTest, openDaemonUnderTest } from "../testing/daemon-under-test.ts";

/** Each test starts one daemon or two, on a machine that may be busy. */
setDefaultTimeout(60_000);

/** A model that says what it is told to, when it is told to. */
function openPuppet() {
  const waiting: ((response: ReadableStreamDefaultController<Uint8Array>) => void)[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    fetch: () =>
      new Response(new ReadableStream<Uint8Array>({ start: (controller) => waiting.shift()?.(controller) }), {
        headers: { "content-type": "text/event-stream" },
      }),
  });
  const bytes = (text: string) => new TextEncoder().encode(text);
  return {
    url: `http://127.0.0.1:${server.port}/v1`,
    /** The next call; `say` surfaces a piece, `end` ends it in good order, `cut` without. */
    async call() {
      const controller = await new Promise<ReadableStreamDefaultController<Uint8Array>>((resolve) =>
        waiting.push(resolve),
      );
      const chunk = (delta: object, finish: string | null = null) =>
        bytes(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`);
      return {
        say: (content: string) => controller.enqueue(chunk({ content })),
        think: (reasoning_content: string) => controller.enqueue(chunk({ reasoning_content })),
        end: () => {
          controller.enqueue(chunk({}, "stop"));
          controller.enqueue(bytes("data: [DONE]\n\n"));
          controller.close();
        },
        cut: () => controller.close(),
      };
    },
    stop: () => server.stop(true),
  };
}

interface Frame {
  readonly id: string | undefined;
  readonly data: { readonly type: string; readonly delta?: string; readonly [name: string]: unknown };
}

/** Reads a stream frame by frame; `next` waits for one, `rest` for the end. */
async function openStream(daemon: DaemonUnderTest, job: string, lastId?: string) {
  const response = await fetch(`${daemon.base}/api/v1/jobs/${job}/stream`, {
    headers: lastId === undefined ? {} : { "last-event-id": lastId },
  });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let text = "";
  const next = async (): Promise<Frame | undefined> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end >= 0) {
        const lines = text.slice(0, end).split("\n");
        text = text.slice(end + 2);
        const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        const data = field("data");
        if (data === undefined) continue; // a comment, or when to come back
        expect(field("event")).toBe(JSON.parse(data).type);
        return { id: field("id"), data: JSON.parse(data) };
      }
      const { done, value } = await reader.read();
      if (done) return undefined;
      text += new TextDecoder().decode(value);
    }
  };
  const rest = async () => {
    const frames: Frame[] = [];
    for (let frame = await next(); frame !== undefined; frame = await next()) frames.push(frame);
    return frames;
  };
  return { next, rest, leave: () => reader.cancel() };
}

const textOf = (frames: readonly Frame[]) => frames.map(({ data }) => data.delta ?? `<${data.type}>`).join("");

function talkative(url: string): string {
  return `spec_version: coop/v1
name: aria
brain: {provider_id: none, provider: openai-compat, base_url: "${url}", model: tiny}
tools: []
network: {policy: "off"}
`;
}

let daemon: DaemonUnderTest;
let model: ReturnType<typeof openPuppet>;
let hen: string;
beforeEach(async () => {
  model = openPuppet();
  daemon = await openDaemonUnderTest();
  hen = await daemon.hatch(talkative(model.url));
});
afterEach(async () => {
  await daemon.close();
  await model.stop();
});

describe("a job's stream is refused", () => {
  test("for a job that is not there, and for a place that is none", async () => {
    expect(await daemon.call("GET", "/jobs/0195b2c4-0000-7abc-8def-000000000001/stream")).toMatchObject({
      status: 404,
    });
    const calling = model.call();
    const job = await daemon.submit(hen, "speak");
    for (const after of ["x", "1", "-1-2", "1-2-3", "1e3-2", `${"9".repeat(16)}-1`]) {
      expect(await daemon.call("GET", `/jobs/${job}/stream?after=${after}`)).toMatchObject({
        status: 400,
        json: { code: "bad_query" },
      });
    }
    (await calling).end();
    await daemon.ended(job);
  });
});

describe("a job's stream", () => {
  test("tells what the model says while it says it, and none of it is in the journal before its end", async () => {
    const calling = model.call();
    const job = await daemon.submit(hen, "speak");
    const stream = await openStream(daemon, job);
    const call = await calling;
    call.think("hm");
    expect((await stream.next())?.data).toEqual({ type: "turn", turn: 1 });
    expect((await stream.next())?.data).toEqual({ type: "thinking", turn: 1, delta: "hm" });
    call.say("Grüße ");
    expect((await stream.next())?.data).toEqual({ type: "text", turn: 1, delta: "Grüße " });
    call.say("🐔");
    expect((await stream.next())?.data).toEqual({ type: "text", turn: 1, delta: "🐔" });
    expect((await daemon.journal(job)).map(({ kind }) => kind)).toEqual(["opened", "brain.request"]);
    call.end();
    expect(await stream.rest()).toEqual([{ id: undefined, data: { type: "end", status: "DONE" } }]);
    expect((await daemon.ended(job)).result).toBe("Grüße 🐔");
  });

  test("goes on behind the last event for whoever comes back, without a character twice or lost", async () => {
    const calling = model.call();
    const job = await daemon.submit(hen, "speak");
    const call = await calling;
    const words = Array.from({ length: 40 }, (_, n) => `word ${n}. `);
    let heard = "";
    let last: string | undefined;
    for (const word of words) {
      call.say(word);
      const stream = await openStream(daemon, job, last);
      while (!heard.endsWith(word)) {
        const frame = await stream.next();
        heard += frame?.data.delta ?? "";
        last = frame?.id;
      }
      await stream.leave();
    }
    expect(heard).toBe(words.join(""));
    call.end();
    expect(textOf(await (await openStream(daemon, job, last)).rest())).toBe("<end>");
  });

  test("tells when an answer breaks off and begins anew", async () => {
    const first = model.call();
    const job = await daemon.submit(hen, "speak");
    const stream = await openStream(daemon, job);
    const call = await first;
    call.say("half");
    expect(textOf([await stream.next(), await stream.next()] as Frame[])).toBe("<turn>half");
    const second = model.call();
    call.cut();
    const again = await second;
    again.say("whole");
    again.end();
    expect(textOf(await stream.rest())).toBe("<restart>whole<end>");
    expect((await daemon.ended(job)).result).toBe("whole");
    const journal = await daemon.journal(job);
    // What is asked for again is a call of its own: it may be charged.
    const calls = ["brain.request", "brain.failed", "brain.request", "brain.response"] as const;
    expect(journal.map(({ kind }) => kind)).toEqual(["opened", ...calls, "settled"]);
    expect(JSON.stringify(journal)).not.toContain("half");
  });

  test("waits for a job that is queued, and says at once how an ended one ended", async () => {
    const first = model.call();
    const running = await daemon.submit(hen, "speak");
    const call = await first;
    const queued = await daemon.submit(hen, "and you");
    const stream = await openStream(daemon, queued);
    const second = model.call();
    call.end();
    await daemon.ended(running);
    const next = await second;
    next.say("me too");
    next.end();
    expect(textOf(await stream.rest())).toBe("<turn>me too<end>");
    expect((await (await openStream(daemon, queued)).rest()).map(({ data }) => data)).toEqual([
      { type: "end", status: "DONE" },
    ]);
  });

  test("ends when the job is cancelled, and when its hen is deleted", async () => {
    const calling = model.call();
    const running = await daemon.submit(hen, "speak");
    const queued = await daemon.submit(hen, "never");
    const [one, other] = [await openStream(daemon, running), await openStream(daemon, queued)];
    await calling;
    await daemon.call("POST", `/jobs/${running}/cancel`);
    expect((await one.rest()).at(-1)?.data).toEqual({ type: "end", status: "CANCELLED" });
    await daemon.call("DELETE", `/hens/${encodeURIComponent(hen)}?force=true`);
    expect((await other.rest()).at(-1)?.data).toMatchObject({ type: "end" });
  });

  test("ends at once for whoever is let in no more", async () => {
    await using guarded = await openDaemonUnderTest({ COOP_AUTH: "token" });
    const own = await guarded.hatch(talkative(model.url));
    const calling = model.call();
    const job = await guarded.submit(own, "speak");
    const made = (await guarded.call("POST", "/tokens", { name: "tv", scope: "read" })).json as { token: string };
    const headers = { authorization: `Bearer ${made.token}` };
    const stream = await fetch(`${guarded.base}/api/v1/jobs/${job}/stream`, { headers });
    const call = await calling;
    call.say("for you alone");
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    while (!text.includes("for you alone")) text += new TextDecoder().decode((await reader.read()).value);
    expect((await guarded.call("DELETE", "/tokens/tv")).status).toBe(204);
    while (!(await reader.read()).done);
    expect((await fetch(`${guarded.base}/api/v1/jobs/${job}/stream`, { headers })).status).toBe(401);
    call.end();
    await guarded.ended(job);
  });

  test("says what is missing when the job goes on after a restart of the daemon", async () => {
    const dir = mkdtempSync(join(tmpdir(), "coopd-live-"));
    const before = await openDaemonUnderTest({}, dir);
    const own = await before.hatch(talkative(model.url));
    const first = model.call();
    const job = await before.submit(own, "speak");
    (await first).say("before");
    const stream = await openStream(before, job);
    const [, said] = [await stream.next(), await stream.next()];
    const second = model.call();
    await before.close();
    expect(await stream.rest()).toEqual([]);
    await using after = await openDaemonUnderTest({}, dir);
    const again = await openStream(after, job, said?.id);
    const call = await second;
    call.say("after");
    call.end();
    expect(textOf(await again.rest())).toBe("<gap><turn>after<end>");
    expect((await after.ended(job)).result).toBe("after");
    rmSync(dir, { recursive: true, force: true });
  });

  test("does not keep the daemon from stopping, and holds nothing for who only asks for its head", async () => {
    const calling = model.call();
    const job = await daemon.submit(hen, "speak");
    for (let n = 0; n < 1_100; n += 1) {
      const { status } = await fetch(`${daemon.base}/api/v1/jobs/${job}/stream`, { method: "HEAD" });
      if (status !== 200) throw new Error(`HEAD ${n} answered ${status}`);
    }
    const stream = await openStream(daemon, job);
    await calling;
    const stopped = daemon.close();
    await stream.rest();
    await stopped;
  });
});

import { expect, test } from "bun:test";
import { CoopError } from "coopd-core";
import { refusal } from "../testing/temp-store.ts";
import { CallQueue, CHARS_MAX } from "./call-queue.ts";
import { toWireError } from "./messages.ts";

const COUNTS = { commits: 0, writes: 0, reads: 0, batchMax: 0 };

function makeQueue() {
  const posted: string[][] = [];
  const events: number[] = [];
  const queue = new CallQueue({
    post: (calls) => posted.push([...calls]),
    onEvents: (some) => events.push(...some.map(({ seq }) => seq)),
  });
  const answer = (...answers: Parameters<CallQueue["receive"]>[0]["answers"]) =>
    queue.receive({ kind: "answers", answers, events: [], setAside: [], counts: COUNTS });
  return { queue, posted, events, answer };
}

test("calls that are too large together are refused, and their room comes back with the answers", async () => {
  const { queue, answer } = makeQueue();
  const half = "x".repeat(CHARS_MAX / 2 - 100);
  const first = queue.call("setting", [half]);
  const second = queue.call("setting", [half]);
  const refused = await refusal(queue.call("setting", ["x".repeat(1_000)]));
  expect([refused.code, refused.details?.chars_max]).toEqual(["store_unavailable", CHARS_MAX]);
  answer({ id: 1 }, { id: 2, value: "v" });
  expect([await first, await second]).toEqual([undefined, "v"]);
  const third = queue.call("setting", [half]);
  answer({ id: 4 });
  expect(await third).toBeUndefined();
});

test("when the thread dies every call under way and every later one is refused with the reason", async () => {
  const { queue, answer } = makeQueue();
  const waiting = [refusal(queue.call("counts", [])), refusal(queue.call("hen", ["x"]))];
  queue.fail(new CoopError("store_unavailable", "it died"));
  expect((await Promise.all(waiting)).map(({ message }) => message)).toEqual(["it died", "it died"]);
  expect((await refusal(queue.call("counts", []))).message).toBe("it died");
  answer({ id: 1, value: "too late" });
  expect(queue.size).toBe(0);
});

test("an error keeps its code, words and particulars on its way", async () => {
  const { queue, answer } = makeQueue();
  const thrown = new CoopError("queue_full", "full", { next: "wait", details: { limit: 3 }, cause: "SQLITE" });
  const refused = refusal(queue.call("counts", []));
  answer({ id: 1, error: toWireError(thrown) });
  const { code, message, next, details, cause } = await refused;
  expect({ code, message, next, details, cause }).toEqual({
    code: "queue_full",
    message: "full",
    next: "wait",
    details: { limit: 3 },
    cause: "SQLITE",
  });
});

test("calls of one turn are one message, and events come before the answers that stand on them", async () => {
  const { queue, posted, events } = makeQueue();
  const call = queue.call("counts", []).then(() => [...events]);
  const other = queue.call("hen", ["a"]);
  await Promise.resolve();
  const third = queue.call("counts", []); // what follows on a promise belongs to the turn
  await new Promise((next) => setImmediate(next));
  expect(posted).toEqual([
    ['{"id":1,"name":"counts","args":[]}', '{"id":2,"name":"hen","args":["a"]}', '{"id":3,"name":"counts","args":[]}'],
  ]);
  const event = { type: "hen_created", id: "x", seq: 7, at: "2026-01-01T00:00:00Z" } as never;
  queue.receive({
    kind: "answers",
    answers: [{ id: 1 }, { id: 2 }, { id: 3 }],
    events: [event],
    setAside: [],
    counts: COUNTS,
  });
  expect(await call).toEqual([7]);
  await Promise.all([other, third]);
});

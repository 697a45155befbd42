import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openClient } from "../client.ts";
import { type FakeDaemon, FakeFarm, openFakeDaemon } from "../testing/index.ts";
import type { WatchItem, WatchOptions } from "./watch.ts";

let daemon: FakeDaemon;
beforeEach(() => {
  daemon = openFakeDaemon();
});
afterEach(() => daemon.close());

const QUICK = { backoff: { firstMs: 5, maxMs: 20 }, times: { openMs: 2_000, pingMs: 30_000 } };

/** Watches until `done` has seen enough, calling it with everything so far; what it saw, as short words. */
async function watchUntil(
  url: string,
  options: WatchOptions,
  done: (seen: readonly string[], item: WatchItem) => boolean,
): Promise<readonly string[]> {
  const seen: string[] = [];
  for await (const item of openClient({ baseUrl: url }).watch({ ...QUICK, ...options })) {
    seen.push("seq" in item ? `${item.type} ${item.seq}` : item.type);
    if (done(seen, item)) break;
  }
  return seen;
}

describe("the first connection", () => {
  test("fails at once when nobody listens", async () => {
    const gone = openFakeDaemon();
    await gone.close();
    await expect(watchUntil(gone.url, {}, () => true)).rejects.toMatchObject({ code: "unreachable" });
  });

  test("fails with the daemon's own words when it refuses the upgrade", async () => {
    daemon.answer("GET /api/v1/watch", () => new Response("origin not allowed", { status: 403 }));
    const failed = watchUntil(daemon.url, {}, () => true);
    await expect(failed).rejects.toMatchObject({
      code: "host_refused",
      message: expect.stringContaining("origin not"),
    });
  });

  test("fails as bad_answer where a proxy lets no WebSocket through", async () => {
    daemon.answer("GET /api/v1/watch", () => new Response("<html>hello</html>"));
    await expect(watchUntil(daemon.url, {}, () => true)).rejects.toMatchObject({ code: "bad_answer" });
  });

  test("fails with timeout when the handshake hangs", async () => {
    daemon.answer("GET /api/v1/watch", () => new Promise<Response>(() => {}));
    const times = { openMs: 50, pingMs: 30_000 };
    await expect(watchUntil(daemon.url, { times }, () => true)).rejects.toMatchObject({ code: "timeout" });
  });

  test("carries the token", async () => {
    const guarded = openFakeDaemon({ token: "sesame" });
    try {
      await expect(watchUntil(guarded.url, {}, () => true)).rejects.toMatchObject({ code: "unauthorized" });
      for await (const item of openClient({ baseUrl: guarded.url, token: "sesame" }).watch()) {
        expect(item.type).toBe("link_opened");
        break;
      }
    } finally {
      await guarded.close();
    }
  });
});

test("events come from now on, or behind a seq", async () => {
  daemon.farm.addHen("one");
  const fromNow = await watchUntil(daemon.url, {}, (seen, item) => {
    if (item.type === "link_opened") daemon.farm.addHen("two");
    return seen.length === 2;
  });
  expect(fromNow).toEqual(["link_opened", "hen_created 2"]);
  expect(await watchUntil(daemon.url, { since: 0 }, (seen) => seen.length === 3)).toEqual([
    "link_opened",
    "hen_created 1",
    "hen_created 2",
  ]);
});

test("a connection that breaks off is opened again, and nothing is missed or seen twice", async () => {
  const seen = await watchUntil(daemon.url, {}, (so, item) => {
    if (so.length === 1) {
      daemon.farm.addHen("a");
      daemon.farm.addHen("b");
    }
    if (item.type === "hen_created" && item.seq === 2) daemon.dropWatchers();
    if (item.type === "link_lost") daemon.farm.addHen("c");
    return so.length === 6;
  });
  expect(seen).toEqual(["link_opened", "hen_created 1", "hen_created 2", "link_lost", "link_opened", "hen_created 3"]);
});

test("a daemon that restarts is found again", async () => {
  const farm = new FakeFarm();
  const first = openFakeDaemon({ farm });
  let second: FakeDaemon | undefined;
  try {
    const seen = await watchUntil(first.url, { reconnectMs: 5_000 }, (so, item) => {
      if (so.length === 1) void first.close();
      if (item.type === "link_lost") {
        farm.addHen("meanwhile");
        setTimeout(() => {
          second = openFakeDaemon({ farm, port: first.port });
        }, 30);
      }
      return item.type === "hen_created";
    });
    expect(seen).toEqual(["link_opened", "link_lost", "link_opened", "hen_created 1"]);
  } finally {
    await second?.close();
  }
});

test("a daemon that stays away is unreachable when the time is over", async () => {
  const first = openFakeDaemon();
  const gone = watchUntil(first.url, { reconnectMs: 60 }, (seen) => {
    if (seen.length === 1) void first.close();
    return false;
  });
  await expect(gone).rejects.toMatchObject({ code: "unreachable" });
});

test("with reconnectMs 0 a lost connection ends the iteration", async () => {
  const seen = await watchUntil(daemon.url, { reconnectMs: 0 }, () => {
    daemon.dropWatchers();
    return false;
  });
  expect(seen).toEqual(["link_opened", "link_lost"]);
});

describe("a gap", () => {
  test("of the daemon's is passed on, and what it covers is not seen again", async () => {
    const seen = await watchUntil(daemon.url, {}, (so, item) => {
      if (so.length === 1) daemon.sendRaw('{"type":"gap","from":1,"to":2,"reason":"slow"}');
      if (item.type === "gap") for (const name of ["a", "b", "c"]) daemon.farm.addHen(name);
      return so.length === 3;
    });
    expect(seen).toEqual(["link_opened", "gap", "hen_created 3"]);
  });

  test("is told when the farm behind the address is another one", async () => {
    daemon.farm.addHen("only");
    const items: WatchItem[] = [];
    await watchUntil(daemon.url, { since: 99 }, (_, item) => {
      items.push(item);
      return item.type === "link_opened";
    });
    expect(items[0]).toEqual({ type: "gap", from: 100, to: 1, reason: "reset" });
    expect(items[1]).toEqual({ type: "link_opened", since: 1 });
  });

  test("is told after every reconnect to a daemon that numbers nothing", async () => {
    const original = openFakeDaemon({ isOriginal: true });
    try {
      const seen = await watchUntil(original.url, {}, (so) => {
        if (so.length === 1) original.farm.addHen("a");
        if (so.length === 2) original.dropWatchers();
        return so.length === 5;
      });
      expect(seen).toEqual(["link_opened", "hen_created", "link_lost", "gap", "link_opened"]);
    } finally {
      await original.close();
    }
  });
});

test("a frame that is no event ends the watch as bad_answer", async () => {
  for (const frame of ["garbage", "[]", '{"seq":1}', "null"]) {
    const failed = watchUntil(daemon.url, {}, () => {
      daemon.sendRaw(frame);
      return false;
    });
    await expect(failed).rejects.toMatchObject({ code: "bad_answer" });
  }
});

test("a connection without a sign of life is given up and opened again", async () => {
  const mute = openMuteServer();
  try {
    const times = { openMs: 2_000, pingMs: 10 };
    const seen = await watchUntil(mute.url, { times }, (so) => so.length === 3);
    expect(seen).toEqual(["link_opened", "link_lost", "gap"]);
  } finally {
    mute.close();
  }
});

test("a reader that is slower than the farm is cut off and catches up from the store", async () => {
  const seqs: number[] = [];
  let wasLost = false;
  for await (const item of openClient({ baseUrl: daemon.url }).watch(QUICK)) {
    if (item.type === "link_opened" && seqs.length === 0) {
      for (let i = 0; i < 25_000; i += 1)
        daemon.farm.emit({ type: "memory_forgotten", hen_id: "h" as never, count: i });
      while (daemon.watcherCount() > 0) await Bun.sleep(1); // too slow: the frames arrive meanwhile
    }
    if (item.type === "link_lost") wasLost = true;
    if ("seq" in item) seqs.push(item.seq);
    if (seqs.length === 25_000) break;
  }
  expect(wasLost).toBe(true);
  expect(seqs).toEqual(Array.from({ length: 25_000 }, (_, i) => i + 1));
});

test("aborting ends the iteration without an error, also while it waits to reconnect", async () => {
  const stop = new AbortController();
  const open = watchUntil(daemon.url, { signal: stop.signal }, () => {
    stop.abort();
    return false;
  });
  expect(await open).toEqual(["link_opened"]);
  const later = new AbortController();
  const waiting = watchUntil(
    daemon.url,
    { signal: later.signal, backoff: { firstMs: 60_000, maxMs: 60_000 } },
    (_, item) => {
      if (item.type === "link_opened") daemon.dropWatchers();
      if (item.type === "link_lost") setTimeout(() => later.abort(), 5);
      return false;
    },
  );
  expect(await waiting).toEqual(["link_opened", "link_lost"]);
});

test("leaving the loop closes the connection", async () => {
  await watchUntil(daemon.url, {}, () => true);
  while (daemon.watcherCount() > 0) await Bun.sleep(1);
  expect(daemon.watcherCount()).toBe(0);
});

/** Completes the WebSocket handshake and then never says anything, not even a pong. */
function openMuteServer() {
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(socket, bytes) {
        const text = bytes.toString("latin1");
        if (text.startsWith("GET /api/v1/farm")) {
          const body = '{"coop_id":"local.coop","hen_count":0}';
          socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
        } else if (text.startsWith("GET ")) {
          const key = /sec-websocket-key: (\S+)/i.exec(text)?.[1] ?? "";
          const accept = new Bun.CryptoHasher("sha1")
            .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
            .digest("base64");
          const head = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n";
          socket.write(`${head}sec-websocket-accept: ${accept}\r\n\r\n`);
        }
      },
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, close: () => server.stop(true) };
}

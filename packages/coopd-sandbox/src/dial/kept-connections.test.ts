import { afterEach, describe, expect, test } from "bun:test";
import net, { type AddressInfo, type Socket } from "node:net";
import { createDial } from "./dial.ts";
import { createDialFetch } from "./dial-fetch.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/** A server that speaks only what it is told: the answer to each request, by its number. */
async function openServer(answerTo: (n: number, socket: Socket) => void) {
  const sockets: Socket[] = [];
  const heads: string[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket);
    let text = "";
    socket
      .on("error", () => {})
      .on("data", (bytes) => {
        text += bytes;
        for (let at = text.indexOf("\r\n\r\n"); at >= 0; at = text.indexOf("\r\n\r\n")) {
          heads.push(text.slice(0, at));
          text = text.slice(at + 4);
          answerTo(heads.length, socket);
        }
      });
  });
  await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const closed = (n: number) => new Promise<void>((done) => sockets[n]?.once("close", () => done()));
  close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url, sockets, heads, closed };
}

let close = () => {};
afterEach(() => close());

/** A fetch whose clock is the test's. */
function openFetch() {
  const clock = { ms: 0 };
  const ask = createDialFetch({ dial: createDial(), nowMs: () => clock.ms });
  const read = async (url: string, init: RequestInit = {}) => (await ask(url, init)).text();
  return { clock, ask, read };
}

describe("a connection is not used again", () => {
  test("in the name of another key", async () => {
    const { url, sockets, heads } = await openServer((_, socket) => socket.write(OK));
    const { read } = openFetch();
    for (const authorization of ["Bearer a", "Bearer b"]) await read(url, { headers: { authorization } });
    await read(url, { headers: { "x-api-key": "a" } });
    await read(url);
    expect([sockets.length, heads.length]).toEqual([4, 4]);
  });

  test("for another place, though it is the same address", async () => {
    const { url, sockets } = await openServer((_, socket) => socket.write(OK));
    const { read } = openFetch();
    await read(url);
    await read(url.replace("127.0.0.1", "localhost"));
    expect(sockets.length).toBe(2);
  });

  test("once it has waited for 4 s, or is a minute old", async () => {
    const { url, sockets } = await openServer((_, socket) => socket.write(OK));
    const { clock, read } = openFetch();
    await read(url);
    clock.ms += 4_000;
    await read(url);
    expect(sockets.length).toBe(2);
    for (let n = 0; n < 20; n += 1) {
      clock.ms += 3_000;
      await read(url);
    }
    expect(sockets.length).toBe(3);
  });

  test("when its server said close, speaks HTTP/1.0, or waits no longer", async () => {
    const answers = [
      OK.replace("OK\r\n", "OK\r\nconnection: close\r\n"),
      OK.replace("1.1", "1.0"),
      OK.replace("OK\r\n", "OK\r\nkeep-alive: timeout=1\r\n"),
    ];
    const { url, sockets } = await openServer((n, socket) => socket.write(answers[n - 1] ?? OK));
    const { read } = openFetch();
    for (let n = 0; n < 4; n += 1) expect(await read(url)).toBe("ok");
    expect(sockets.length).toBe(4);
  });

  test("when only its end shows the end of the answer", async () => {
    const { url, sockets } = await openServer((_, socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nok"));
    const { read } = openFetch();
    for (let n = 0; n < 2; n += 1) expect(await read(url)).toBe("ok");
    expect(sockets.length).toBe(2);
  });

  test("when its answer was not read to the end", async () => {
    const { url, sockets, closed } = await openServer((_, socket) => socket.write(OK.replace("2\r\n", "9\r\n")));
    const { ask } = openFetch();
    const reader = (await ask(url)).body?.getReader();
    await reader?.read();
    const gone = closed(0);
    await reader?.cancel();
    await gone;
    await ask(url);
    expect(sockets.length).toBe(2);
  });

  test("when its server ends it, and the next request does not meet the end", async () => {
    const { url, sockets, closed } = await openServer((_, socket) => socket.write(OK));
    const { read } = openFetch();
    await read(url);
    const gone = closed(0);
    sockets[0]?.end();
    await gone;
    expect(await read(url)).toBe("ok");
    expect(sockets.length).toBe(2);
  });

  test("when its server says more than it was asked: nobody takes that for an answer", async () => {
    const planted = OK.replace("ok", "no");
    const { url, sockets, closed } = await openServer((n, socket) => {
      if (n === 1) return void socket.write(OK + planted); // in one piece with the answer
      if (n === 2) {
        socket.write(OK);
        return void setImmediate(() => socket.write(planted)); // and behind it
      }
      socket.write(OK);
    });
    const { read } = openFetch();
    for (let n = 0; n < 4; n += 1) {
      expect(await read(url)).toBe("ok");
      if (n < 2 && sockets[n]?.destroyed === false) await closed(n);
    }
    expect(sockets.length).toBe(3);
  });
});

test("a connection carries one request after the other, and as many connections as there are requests at once", async () => {
  const { url, sockets, heads } = await openServer((_, socket) => socket.write(OK));
  const { read } = openFetch();
  for (let n = 0; n < 5; n += 1) {
    const leaving = new AbortController();
    expect(await read(url, { method: "POST", signal: leaving.signal })).toBe("ok");
    leaving.abort(new Error("the call has ended")); // as a brain does when it has its answer
  }
  expect([sockets.length, heads.length]).toEqual([1, 5]);
  expect(await Promise.all([1, 2, 3].map(() => read(url)))).toEqual(["ok", "ok", "ok"]);
  expect(sockets.length).toBe(3);
  expect(heads.every((head) => /\r\nconnection: keep-alive/i.test(head))).toBe(true);
});

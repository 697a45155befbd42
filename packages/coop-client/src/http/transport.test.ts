import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { CoopError } from "coopd-core";
import { openClient } from "../client.ts";
import { type FakeDaemon, openFakeDaemon } from "../testing/index.ts";

let daemon: FakeDaemon;
beforeAll(() => {
  daemon = openFakeDaemon({ token: "sesame" });
});
afterAll(() => daemon.close());

/** What a call to `GET /farm` fails with when the server answers it so. */
async function failure(respond: () => Response | Promise<Response>, timeoutMs = 5_000): Promise<CoopError> {
  daemon.answer("GET /api/v1/farm", respond);
  return openClient({ baseUrl: daemon.url, token: "sesame", timeoutMs })
    .farm()
    .then(
      () => expect.unreachable("it should have failed"),
      (error) => error as CoopError,
    );
}

describe("a refusal", () => {
  test("in the envelope keeps message, code, next and details", async () => {
    const envelope = { error: "hen not found: x", code: "hen_not_found", next: "coop hen list", details: { a: 1 } };
    const error = await failure(() => Response.json(envelope, { status: 404 }));
    expect(error).toMatchObject({
      message: "hen not found: x",
      code: "hen_not_found",
      next: "coop hen list",
      details: { a: 1 },
    });
  });

  test("in the original's envelope takes its code from the status", async () => {
    const codes: [number, string][] = [
      [400, "bad_request"],
      [401, "unauthorized"],
      [403, "policy_denied"],
      [404, "not_found"],
      [413, "body_too_large"],
      [429, "limit_reached"],
      [500, "internal"],
    ];
    for (const [status, code] of codes) {
      expect(await failure(() => Response.json({ error: "no" }, { status }))).toMatchObject({ code, message: "no" });
    }
  });

  test("with a code of a newer daemon falls back to the status", async () => {
    const error = await failure(() => Response.json({ error: "no", code: "moon_phase" }, { status: 409 }));
    expect(error.code).toBe("illegal_move");
  });

  test("in text keeps status and body", async () => {
    const guard = await failure(() => new Response("host not allowed\n", { status: 403 }));
    expect(guard.code).toBe("host_refused");
    expect(guard.message).toBe("the server answered 403 Forbidden: host not allowed");
    expect((await failure(() => new Response("too big", { status: 413 }))).message).toContain("too big");
    expect((await failure(() => new Response(null, { status: 404 }))).message).toBe(
      "the server answered 404 Not Found",
    );
  });

  test("in a proxy's HTML keeps status and body, clipped to a line", async () => {
    const html = `<html>\n<h1>502 Bad Gateway</h1>${"x".repeat(5_000)}</html>`;
    const error = await failure(() => new Response(html, { status: 502, headers: { "content-type": "text/html" } }));
    expect(error.code).toBe("unreachable");
    expect(error.message).toStartWith("the server answered 502 Bad Gateway: <html> <h1>502 Bad Gateway</h1>xxx");
    expect(error.message.length).toBeLessThan(400);
  });

  test("by redirect is not followed, so the token stays where it was meant for", async () => {
    const error = await failure(() => Response.redirect("http://127.0.0.1:1/elsewhere", 307));
    expect(error).toMatchObject({
      code: "bad_answer",
      message: "the server redirects to http://127.0.0.1:1/elsewhere",
    });
  });
});

describe("a broken answer", () => {
  test("that is no JSON is shown", async () => {
    const error = await failure(() => new Response('{"coop_id":'));
    expect(error.code).toBe("bad_answer");
    expect(error.message).toContain('not JSON: {"coop_id":');
    expect((await failure(() => new Response(""))).message).toContain("an empty answer");
  });

  test("of another server's shape is no farm", async () => {
    for (const body of [null, 7, [], {}, { coop_id: 1, hen_count: 2 }, { coop_id: "a" }]) {
      expect((await failure(() => Response.json(body))).code).toBe("bad_answer");
    }
  });

  test("that never ends stops at the limit", async () => {
    let sent = 0;
    const chunk = new Uint8Array(4_194_304).fill(32);
    const error = await failure(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              sent += chunk.length;
              controller.enqueue(chunk);
            },
          }),
        ),
      20_000,
    );
    expect(error.message).toBe("the answer is larger than 67108864 bytes");
    expect(sent).toBeLessThan(200_000_000);
  });

  test("that hangs ends with timeout, also when only the body hangs", async () => {
    const never = new Promise<Response>(() => {});
    expect(await failure(() => never, 50)).toMatchObject({ code: "timeout" });
    const stuck = () =>
      new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(9)) }));
    expect(await failure(stuck, 50)).toMatchObject({ code: "timeout" });
  });
});

test("nobody listening is unreachable, with the next step", async () => {
  const gone = openFakeDaemon();
  await gone.close();
  const failed = openClient({ baseUrl: gone.url }).health();
  await expect(failed).rejects.toMatchObject({
    code: "unreachable",
    message: `cannot reach ${gone.url}: connection refused`,
    next: "start the daemon: npm start, or coopd serve",
  });
});

test("a call that the caller gives up rejects with cancelled", async () => {
  daemon.answer("GET /api/v1/readyz", () => new Promise<Response>(() => {}));
  const stop = new AbortController();
  const call = openClient({ baseUrl: daemon.url }).ready({ signal: stop.signal });
  stop.abort();
  await expect(call).rejects.toMatchObject({ code: "cancelled" });
});

test("a wrong token is unauthorized and says what to do; the right one is sent as a bearer", async () => {
  const wrong = openClient({ baseUrl: daemon.url, token: "wrong" }).hens.list();
  await expect(wrong).rejects.toMatchObject({ code: "unauthorized", next: expect.stringContaining("--token-file") });
  expect(await openClient({ baseUrl: daemon.url, token: "sesame" }).hens.list()).toEqual([]);
  expect(daemon.requests.at(-1)?.headers.get("authorization")).toBe("Bearer sesame");
  await openClient({ baseUrl: daemon.url, token: "" }).health();
  expect(daemon.requests.at(-1)?.headers.has("authorization")).toBe(false);
});

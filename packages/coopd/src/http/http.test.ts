import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";

let daemon: DaemonUnderTest;
beforeAll(async () => {
  daemon = await openDaemonUnderTest();
});
afterAll(() => daemon.close());

const raw = (path: string, init: RequestInit = {}) => fetch(`${daemon.base}${path}`, init);
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

describe("what is refused", () => {
  test("an unknown path is 404 and a wrong method 405 with Allow, both in the envelope", async () => {
    const unknown = await raw("/api/v1/nothing");
    expect([unknown.status, await codeOf(unknown)]).toEqual([404, "not_found"]);
    const slash = await raw("/api/v1/farm/");
    expect(slash.status).toBe(404);
    const wrong = await raw("/api/v1/farm", { method: "DELETE" });
    expect([wrong.status, wrong.headers.get("allow"), await codeOf(wrong)]).toEqual([
      405,
      "GET, HEAD",
      "method_not_allowed",
    ]);
  });

  test("an unencoded slash in a hen id is another route", async () => {
    expect((await raw("/api/v1/hens/local.coop/aria")).status).toBe(404);
  });

  test("a bad id is 400 and an unknown one 404, for every route with an id", async () => {
    for (const [method, tail] of [
      ["GET", ""],
      ["DELETE", ""],
      ["POST", "/hatch"],
      ["POST", "/sleep"],
      ["POST", "/wake"],
    ] as const) {
      expect((await daemon.call(method, `/hens/Bad%20Id${tail}`)).status).toBe(400);
      const unknown = await daemon.call(method, `/hens/local.coop%2Fnobody${tail}`);
      expect([unknown.status, (unknown.json as { code: string }).code]).toEqual([404, "hen_not_found"]);
    }
    const job = await daemon.call("GET", "/jobs/0195b2c4-0000-7abc-8def-000000000001");
    expect([job.status, (job.json as { error: string }).error]).toEqual([
      404,
      "job not found: 0195b2c4-0000-7abc-8def-000000000001",
    ]);
    expect((await daemon.call("GET", "/jobs/x/journal")).status).toBe(404);
  });

  test("a foreign Host, a foreign Origin and Origin null are refused, the probes excepted", async () => {
    const host = await raw("/api/v1/farm", { headers: { host: "farm.example" } });
    expect([host.status, await codeOf(host)]).toEqual([403, "host_refused"]);
    for (const origin of [
      "https://evil.example",
      "null",
      "http://localhost.evil.example",
      "http://127.0.0.1@evil.example",
      "http://localhost:5173",
      "http://127.0.0.1",
    ]) {
      const answer = await raw("/api/v1/farm", { headers: { origin } });
      expect([origin, answer.status]).toEqual([origin, 403]);
    }
    expect((await raw("/api/v1/farm", { headers: { origin: daemon.base } })).status).toBe(200);
    const named = daemon.base.replace("127.0.0.1", "localhost");
    expect((await raw("/api/v1/farm", { headers: { origin: named } })).status).toBe(200);
    expect((await raw("/api/v1/healthz", { headers: { host: "farm.example" } })).status).toBe(200);
  });

  test("a body of another type is 415, one over 2 MiB is 413, a wrong shape is 422", async () => {
    const url = "/api/v1/hens/local.coop%2Fnobody/jobs";
    const type = await raw(url, { method: "POST", body: "{}", headers: { "content-type": "text/plain" } });
    expect([type.status, await codeOf(type)]).toEqual([415, "bad_media_type"]);
    const json = { "content-type": "application/json" };
    const large = await raw(url, { method: "POST", body: `"${"x".repeat(2_097_152)}"`, headers: json });
    expect(large.status).toBe(413);
    const shape = await raw(url, { method: "POST", body: '{"prompt":7}', headers: json });
    expect([shape.status, await codeOf(shape)]).toEqual([422, "bad_shape"]);
    const whole = await raw("/api/v1/hens", { method: "POST", body: "a".repeat(5_000_000) });
    expect(whole.status).toBe(413);
  });

  test("a body that is declared larger than anybody holds is 413 in the envelope too", async () => {
    const socket = connect(Number(new URL(daemon.base).port), "127.0.0.1");
    socket.write("POST /api/v1/hens HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000000000\r\n\r\n");
    const answer = await new Promise<string>((resolve) => socket.once("data", (bytes) => resolve(String(bytes))));
    socket.destroy();
    expect(answer).toStartWith("HTTP/1.1 413 ");
    expect(answer).toContain('"code":"body_too_large"');
  });

  test("a body that cannot be read is said before an id that is none", async () => {
    for (const path of ["jobs", "delegate", "shell/send", "lease"]) {
      const answer = await raw(`/api/v1/hens/Bad%20Id/${path}`, { method: "POST", body: "{}" });
      expect([path, answer.status]).toEqual([path, 415]);
    }
  });

  test("repeated and unusable query parameters are 400", async () => {
    for (const path of [
      "/hens?state=",
      "/hens?state=idle",
      "/hens?state=IDLE&state=IDLE",
      "/jobs?limit=0",
      "/jobs?limit=1001",
      "/jobs?status=done",
      "/jobs?hen_id=x",
    ]) {
      expect([path, (await daemon.call("GET", path)).status]).toEqual([path, 400]);
    }
  });

  test("a prompt over the cap is 413 and leaves no job", async () => {
    const id = encodeURIComponent(await daemon.hatch(promptHen("capped")));
    const answer = await daemon.call("POST", `/hens/${id}/jobs`, { prompt: "é".repeat(131_073) });
    expect([answer.status, (answer.json as { code: string }).code]).toEqual([413, "prompt_too_large"]);
    expect((await daemon.call("GET", `/jobs?hen_id=${id}`)).json).toEqual([]);
  });
});

describe("JSON bodies of the public suite", () => {
  const suite = join(import.meta.dir, "../../../../../shared/fixtures/json-bodies.json");
  test.skipIf(!existsSync(suite))("each is taken or refused as the suite says, never answered with 5xx", async () => {
    const { rows } = JSON.parse(readFileSync(suite, "utf8")) as {
      rows: readonly { id: string; kind: string; b64?: string; gz_b64?: string }[];
    };
    expect(rows.length).toBeGreaterThan(300);
    for (const row of rows) {
      const bytes =
        row.b64 === undefined
          ? Bun.gunzipSync(Buffer.from(row.gz_b64 ?? "", "base64"))
          : Buffer.from(row.b64, "base64");
      const answer = await raw("/api/v1/hens/local.coop%2Fnobody/jobs", {
        method: "POST",
        body: bytes,
        headers: { "content-type": "application/json" },
      });
      const expected = row.kind === "y" ? [404, 422] : row.kind === "n" ? [400] : [400, 404, 422];
      expect([row.id, expected.includes(answer.status) ? "fits" : answer.status]).toEqual([row.id, "fits"]);
    }
  });
});

describe("what is answered", () => {
  test("healthz, readyz and farm, HEAD on every GET route, and security headers on all", async () => {
    expect(await (await raw("/api/v1/healthz")).text()).toBe('{"ok":true}');
    expect(await (await raw("/api/v1/readyz")).text()).toBe('{"ok":true}');
    const farm = (await daemon.call("GET", "/farm")).json as Record<string, unknown>;
    expect(farm.coop_id).toBe("local.coop");
    expect(typeof farm.hen_count).toBe("number");
    const head = await raw("/api/v1/hens", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect(head.headers.get("x-content-type-options")).toBe("nosniff");
    expect((await raw("/api/v1/none")).headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });

  test("the page starts with the doctype, carries the title and holds nothing of the farm", async () => {
    await daemon.hatch(promptHen("mallory", "visual: {emoji: '<script>alert(1)</script>'}\n"));
    const page = await (await raw("/")).text();
    expect(page.startsWith("<!doctype html>\n")).toBe(true);
    expect(page).toContain("<title>🐔 Coop Farm</title>");
    expect(page).toContain("/api/v1/hens");
    expect(page).toContain("/shell");
    expect(page).not.toContain("mallory");
    expect(page).not.toContain("alert(1)");
    expect(await (await raw("/hens/local.coop/mallory")).text()).toBe(page);
    expect((await raw("/henhouse")).status).toBe(404);
  });

  test("a file of the page comes whole, compressed as it is asked for, and is good for ever; others do not exist", async () => {
    const page = await (await raw("/")).text();
    const path = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? "";
    const plain = await raw(path, { headers: { "accept-encoding": "identity" } });
    expect(plain.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    const text = await plain.text();
    for (const form of ["br", "gzip"]) {
      const packed = await raw(path, { headers: { "accept-encoding": `x, ${form}` } });
      expect([packed.headers.get("content-encoding"), packed.headers.get("vary")]).toEqual([form, "accept-encoding"]);
      expect(await packed.text()).toBe(text); // fetch unpacks it
      const etag = packed.headers.get("etag") ?? "";
      const known = await raw(path, { headers: { "accept-encoding": form, "if-none-match": etag } });
      expect([form, known.status, await known.text()]).toEqual([form, 304, ""]);
    }
    expect((await raw(path, { headers: { "accept-encoding": "br;q=0" } })).headers.get("content-encoding")).toBeNull();
    for (const bad of [
      "/assets/none.js",
      "/assets/..%2fsources.sha256",
      "/assets/page-table.js",
      "/assets/__proto__",
    ]) {
      expect([bad, (await raw(bad)).status]).toEqual([bad, 404]);
    }
    const document = await raw("/", { headers: { "if-none-match": (await raw("/")).headers.get("etag") ?? "" } });
    expect(document.status).toBe(304);
  });

  test("creating answers the bare id, twice is 409 and changes nothing", async () => {
    const first = await raw("/api/v1/hens", { method: "POST", body: promptHen("twice") });
    expect([first.status, await first.text()]).toEqual([201, '"local.coop/twice"']);
    const second = await raw("/api/v1/hens", { method: "POST", body: promptHen("twice") });
    expect([second.status, await codeOf(second)]).toEqual([409, "hen_exists"]);
  });

  test("a limit of null is no limit of the submitter's, as a job's own answer writes it", async () => {
    const hen = await daemon.hatch(promptHen("unlimited", "limits: {wall_secs: 60}\n"));
    const path = `/hens/${encodeURIComponent(hen)}/jobs`;
    const made = await daemon.call("POST", path, { prompt: "say hi", limits: { wall_secs: null, cost_usd: null } });
    expect(made.status).toBe(202);
    const job = await daemon.call("GET", `/jobs/${(made.json as { job_id: string }).job_id}`);
    expect((job.json as { limits: object }).limits).toMatchObject({ wall_secs: 60, cost_usd: null });
  });

  test("a hen that names a script beside it needs the script sent along", async () => {
    const manifest = promptHen("scripted").replace("model: prompt", "model: file:steps.yaml");
    const bare = await raw("/api/v1/hens", { method: "POST", body: manifest });
    expect([bare.status, await codeOf(bare)]).toEqual([400, "manifest_invalid"]);
    const form = new FormData();
    form.set("manifest", manifest);
    form.append("attachment", new File(["  - text: from the file\n"], "steps.yaml"));
    const created = await raw("/api/v1/hens", { method: "POST", body: form });
    expect([created.status, await created.text()]).toEqual([201, '"local.coop/scripted"']);
    await daemon.call("POST", "/hens/local.coop%2Fscripted/hatch");
    const job = await daemon.ended(await daemon.submit("local.coop/scripted", "go"));
    expect([job.status, job.result]).toEqual(["DONE", "from the file"]);
  });

  test("the doctor tells what was measured, and each hen what is held of its policy", async () => {
    const { json } = await daemon.call("GET", "/doctor");
    const report = json as { ok: boolean; rows: { id: string; holds: boolean }[] };
    expect([report.ok, report.rows.some((row) => row.id === "seccomp" && row.holds)]).toEqual([true, true]);
    await daemon.call("POST", "/hens", promptHen("strict"));
    await daemon.call("POST", "/hens", promptHen("frank").replace('network: {policy: "off"}', ""));
    const strict = (await daemon.call("GET", "/hens/local.coop%2Fstrict")).json;
    const frank = (await daemon.call("GET", "/hens/local.coop%2Ffrank")).json;
    expect(strict).toMatchObject({ enforcement: "enforced", enforcement_reason: null });
    expect(frank).toMatchObject({ enforcement: "gated", enforcement_reason: null });
  });

  test("with COOP_SANDBOX=0 a strict hen is refused however it is woken, and an open one runs no process", async () => {
    await using off = await openDaemonUnderTest({ COOP_SANDBOX: "0" });
    const strict = String((await off.call("POST", "/hens", promptHen("strict"))).json);
    for (const [method, tail, body] of [
      ["POST", "/hatch", undefined],
      ["POST", "/jobs", { prompt: "- text: x\n" }],
    ] as const) {
      const answer = await off.call(method, `/hens/${encodeURIComponent(strict)}${tail}`, body);
      expect([answer.status, (answer.json as { code: string }).code]).toEqual([403, "walls_missing"]);
    }
    const open = await off.hatch(promptHen("frank").replace('network: {policy: "off"}', ""));
    const steps =
      '- tools: [{name: bash, input: {command: "id"}}, {name: file_write, input: {path: a, content: b}}]\n- text: ok\n';
    const job = await off.ended(await off.submit(open, steps));
    const results = (await off.journal(job.id)).filter((entry) => entry.kind === "tool.result");
    expect(results.map((entry) => entry.kind === "tool.result" && entry.is_error)).toEqual([true, false]);
  });
});

import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";

const ADA = promptHen("ada");
const JOB = { prompt: "turns: []" };
const JOBS = "/hens/local.coop%2Fada/jobs";

/** One POST with a key: status, body, and whether the daemon calls it a repetition. */
async function post(base: string, path: string, key: string, body: string | FormData | object) {
  const isPlain = typeof body === "string" || body instanceof FormData;
  const headers: Record<string, string> = { "idempotency-key": key };
  if (!isPlain) headers["content-type"] = "application/json";
  const response = await fetch(`${base}/api/v1${path}`, {
    method: "POST",
    headers,
    body: isPlain ? body : JSON.stringify(body),
  });
  const isReplayed = response.headers.get("idempotency-replayed") === "true";
  return { status: response.status, text: await response.text(), isReplayed };
}

test("a key that is no key is refused, and nothing is made", async () => {
  await using daemon = await openDaemonUnderTest({ COOP_SANDBOX: "0" });
  for (const key of ["a b", "x".repeat(256), ""]) {
    const { status, text } = await post(daemon.base, "/hens", key, ADA);
    expect([key, status, JSON.parse(text).code]).toEqual([key, 400, "bad_request"]);
  }
  expect((await daemon.call("GET", "/hens")).json).toEqual([]);
});

test("the same key with another request is a conflict, whatever of it is different", async () => {
  await using daemon = await openDaemonUnderTest({ COOP_SANDBOX: "0" });
  expect((await post(daemon.base, "/hens", "k1", ADA)).status).toBe(201);
  expect((await post(daemon.base, "/hens", "k2", promptHen("bob"))).status).toBe(201);
  const others = [
    await post(daemon.base, "/hens", "k1", promptHen("cleo")),
    await post(daemon.base, "/hens", "k1", `${ADA}\n`),
    await post(daemon.base, JOBS, "k1", JOB),
  ];
  for (const { status, text } of others) {
    expect([status, JSON.parse(text).code]).toEqual([409, "idempotency_conflict"]);
  }
  expect((await daemon.call("GET", "/hens")).json).toHaveLength(2);
});

test("a hen is made once: the same request gets the same answer, by a form with another boundary too", async () => {
  await using daemon = await openDaemonUnderTest({ COOP_SANDBOX: "0" });
  const manifest = ADA.replace("model: prompt", 'model: "file:s.yaml"');
  const form = () => {
    const parts = new FormData();
    parts.append("manifest", new Blob([manifest]), "agent.yaml");
    parts.append("attachment", new Blob(["turns: [{say: hi}]"]), "s.yaml");
    return parts;
  };
  const first = await post(daemon.base, "/hens", "k1", form());
  expect(first).toEqual({ status: 201, text: '"local.coop/ada"', isReplayed: false });
  expect(await post(daemon.base, "/hens", "k1", form())).toEqual({ ...first, isReplayed: true });
  expect((await post(daemon.base, "/hens", "k2", form())).status).toBe(409);
  await daemon.call("DELETE", "/hens/local.coop%2Fada");
  expect(await post(daemon.base, "/hens", "k1", form())).toEqual({ ...first, isReplayed: true });
  expect((await daemon.call("GET", "/hens")).json).toEqual([]);
});

test("a job is queued once, when 20 arrive at once and after a restart, also while the hen takes none any more", async () => {
  const dir = mkdtempSync(join(tmpdir(), "coopd-once-"));
  try {
    let answer = "";
    {
      await using daemon = await openDaemonUnderTest({}, dir);
      const hen = await daemon.hatch(ADA);
      const answers = await Promise.all(Array.from({ length: 20 }, () => post(daemon.base, JOBS, "k1", JOB)));
      answer = answers[0]?.text ?? "";
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set([`202 ${answer}`]));
      expect(answers.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1);
      await daemon.ended(JSON.parse(answer).job_id);
      await daemon.call("POST", `/hens/${encodeURIComponent(hen)}/archive?force`);
    }
    await using daemon = await openDaemonUnderTest({}, dir);
    expect(await post(daemon.base, JOBS, "k1", JOB)).toEqual({ status: 202, text: answer, isReplayed: true });
    expect((await post(daemon.base, JOBS, "k2", JOB)).status).toBe(409);
    expect((await daemon.call("GET", "/jobs")).json).toHaveLength(1);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test("a refused request binds no key: once its cause is gone, the same request is done", async () => {
  await using daemon = await openDaemonUnderTest({});
  expect((await post(daemon.base, JOBS, "k1", JOB)).status).toBe(404);
  await daemon.hatch(ADA);
  expect((await post(daemon.base, JOBS, "k1", JOB)).status).toBe(202);
});

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../../testing/daemon-under-test.ts";

let daemon: DaemonUnderTest;
beforeAll(async () => {
  daemon = await openDaemonUnderTest();
});
afterAll(() => daemon.close());

const at = (name: string) => `${daemon.base}/api/v1/hens/local.coop%2F${name}/manifest`;
const put = async (name: string, body: string | FormData, tag?: string) => {
  const headers: Record<string, string> = tag === undefined ? {} : { "if-match": tag };
  const response = await fetch(at(name), { method: "PUT", body, headers });
  const json = (await response.json()) as Record<string, unknown>;
  return { status: response.status, code: json.code, etag: response.headers.get("etag"), json };
};
const create = async (name: string, extra = "") => {
  await daemon.call("POST", "/hens", promptHen(name, extra));
};

describe("what is refused", () => {
  test("a change that does not say what it was made of, or says it loosely", async () => {
    await create("loose");
    expect(await put("loose", promptHen("loose"))).toMatchObject({ status: 428, code: "revision_missing" });
    for (const tag of ["*", "1", 'W/"1"', '"1", "2"', '"x"']) {
      expect(await put("loose", promptHen("loose"), tag)).toMatchObject({ status: 400, code: "bad_request" });
    }
    expect(await put("nobody", promptHen("nobody"), '"1"')).toMatchObject({ status: 404, code: "hen_not_found" });
  });

  test("another name, a text with faults, a file that was never sent", async () => {
    await create("fixed");
    expect(await put("fixed", promptHen("other"), '"1"')).toMatchObject({ status: 400, code: "manifest_invalid" });
    const faulty = await put("fixed", "name: fixed\nbrian: 1\n", '"1"');
    expect([faulty.status, JSON.stringify(faulty.json)]).toEqual([400, expect.stringContaining("brian")]);
    const scripted = promptHen("fixed").replace("model: prompt", 'model: "file:s.yaml"');
    expect(await put("fixed", scripted, '"1"')).toMatchObject({ status: 400, code: "manifest_invalid" });
    expect(await (await fetch(at("fixed"))).text()).toBe(promptHen("fixed"));
  });

  test("an older revision, and all but one of many changes of the same one", async () => {
    await create("raced");
    const puts = await Promise.all(
      Array.from({ length: 6 }, (_, n) => put("raced", promptHen("raced", `metadata: {n: ${n}}`), '"1"')),
    );
    expect(puts.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
    expect(await put("raced", promptHen("raced"), '"1"')).toMatchObject({ status: 412, code: "revision_conflict" });
  });

  test("what this host cannot hold, for a hen that is awake; for one at rest the hatch refuses", async () => {
    await using bare = await openDaemonUnderTest({ COOP_SANDBOX: "0" });
    const open = promptHen("awake").replace('policy: "off"', "policy: open");
    const id = encodeURIComponent(await bare.hatch(open));
    const change = (tag: string) =>
      fetch(`${bare.base}/api/v1/hens/${id}/manifest`, {
        method: "PUT",
        body: promptHen("awake"),
        headers: { "if-match": tag },
      });
    expect(((await (await change('"1"')).json()) as { code: string }).code).toBe("walls_missing");
    await bare.call("POST", `/hens/${id}/sleep`);
    expect((await change('"1"')).status).toBe(200);
    expect((await bare.call("POST", `/hens/${id}/wake`)).status).toBe(403);
  });
});

test("the text comes back as it was written, with its revision, and the hen is what it says", async () => {
  await create("ada");
  const text = `# mine\n${promptHen("ada", "metadata: {note: changed}")}`;
  expect(await put("ada", text, '"1"')).toMatchObject({ status: 200, etag: '"2"', json: { revision: 2 } });
  const read = await fetch(at("ada"));
  expect([read.headers.get("etag"), await read.text()]).toEqual(['"2"', text]);
  const { json } = await daemon.call("GET", "/hens/local.coop%2Fada");
  expect(json).toMatchObject({ manifest_revision: 2, manifest: { metadata: { note: "changed" } } });
});

test("a job that runs keeps what it began with, and the next one has the new manifest", async () => {
  const hen = await daemon.hatch(promptHen("busy"));
  const slow = "- {delay_ms: 400, text: x, tools: [{name: bash, input: {command: 'true'}}]}\n- text: done\n";
  const running = await daemon.submit(hen, slow);
  while ((await daemon.journal(running)).length < 2) await Bun.sleep(5);
  const bare = promptHen("busy").replace("tools: [bash, file_read, file_write]", "tools: []");
  expect(await put("busy", bare, '"1"')).toMatchObject({ status: 200 });
  const next = await daemon.submit(hen, slow);
  await daemon.ended(next);
  const resultOf = async (id: string) => (await daemon.journal(id)).find((entry) => entry.kind === "tool.result");
  expect(await resultOf(running)).toMatchObject({ is_error: false });
  expect(await resultOf(next)).toMatchObject({ is_error: true, content: expect.stringContaining("not granted") });
});

test("a script stays where it is not sent again, and is replaced where it is", async () => {
  const manifest = promptHen("actor").replace("model: prompt", 'model: "file:s.yaml"');
  const form = (script: string) => {
    const data = new FormData();
    data.append("manifest", new Blob([manifest]), "agent.yaml");
    data.append("attachment", new Blob([script]), "s.yaml");
    return data;
  };
  await fetch(`${daemon.base}/api/v1/hens`, { method: "POST", body: form("- text: first\n") });
  await daemon.call("POST", "/hens/local.coop%2Factor/hatch");
  const play = async () => (await daemon.ended(await daemon.submit("local.coop/actor", "go"))).result;
  expect(await put("actor", `${manifest}\n# same script\n`, '"1"')).toMatchObject({ status: 200 });
  expect(await play()).toBe("first");
  expect(await put("actor", form("- text: second\n"), '"2"')).toMatchObject({ status: 200 });
  expect(await play()).toBe("second");
});

test("a check names every fault and makes nothing", async () => {
  const bad = await daemon.call("POST", "/manifests/check", "name: X\nbrian: 1\n");
  expect(bad).toMatchObject({ status: 200, json: { ok: false, manifest: null } });
  expect((bad.json as { faults: { path: string; line: number }[] }).faults.map(({ path }) => path)).toContain("brian");
  const good = await daemon.call("POST", "/manifests/check", promptHen("unmade"));
  expect(good).toMatchObject({ status: 200, json: { ok: true, faults: [], manifest: { name: "unmade" } } });
  expect((await daemon.call("GET", "/hens/local.coop%2Funmade")).status).toBe(404);
});

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { FarmEvent, Hen } from "coopd-core";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../../testing/daemon-under-test.ts";

let daemon: DaemonUnderTest;
beforeAll(async () => {
  daemon = await openDaemonUnderTest();
});
afterAll(() => daemon.close());

const at = (name: string, tail = "") => `/hens/local.coop%2F${name}${tail}`;
const put = async (name: string, block: unknown, tag?: string, base = daemon.base) => {
  const headers: Record<string, string> = { "content-type": "application/json", ...(tag && { "if-match": tag }) };
  const response = await fetch(`${base}/api/v1${at(name, "/network")}`, {
    method: "PUT",
    body: JSON.stringify(block),
    headers,
  });
  const json = (await response.json()) as Record<string, unknown>;
  const { headers: said } = response;
  return {
    status: response.status,
    code: json.code,
    json,
    etag: said.get("etag"),
    warning: said.get("x-coop-warning"),
  };
};
const hen = async (name: string) => (await daemon.call("GET", at(name))).json as Hen;
const textOf = async (name: string) => (await daemon.call("GET", at(name, "/manifest"))).json as string;
const rule = (host: string) => ({ host, ports: [443], private: false, methods: null, paths: null });

describe("a network that is refused changes nothing", () => {
  test("what the manifest's rules refuse, with the path of each fault", async () => {
    await daemon.call("POST", "/hens", promptHen("ruled"));
    for (const [block, path] of [
      [{ policy: "allowlist", allow: [{ host: "https://a.org" }] }, "network.allow[0].host"],
      [{ policy: "open", allow: [{ host: "a.org" }] }, "network.allow"],
      [{}, "network.policy"],
      ["off", "network"],
    ] as const) {
      const refused = await put("ruled", block);
      expect([refused.status, refused.code, refused.json.error]).toEqual([
        400,
        "manifest_invalid",
        expect.stringContaining(`invalid network block: ${path}`),
      ]);
    }
    expect([(await hen("ruled")).manifest_revision, await textOf("ruled")]).toEqual([1, promptHen("ruled")]);
  });

  test("an unknown hen, an archived one, another revision, a loose tag, a body that is no JSON", async () => {
    const block = { policy: "off" };
    expect(await put("nobody", block)).toMatchObject({ status: 404, code: "hen_not_found" });
    await daemon.call("POST", "/hens", promptHen("tagged"));
    expect(await put("tagged", block, '"2"')).toMatchObject({ status: 412, code: "revision_conflict" });
    for (const tag of ["*", "1", 'W/"1"']) expect(await put("tagged", block, tag)).toMatchObject({ status: 400 });
    expect((await daemon.call("PUT", at("tagged", "/network"), "{")).status).toBe(415);
    await daemon.hatch(promptHen("gone"));
    await daemon.call("POST", at("gone", "/archive"));
    expect(await put("gone", block)).toMatchObject({ status: 409, code: "hen_archived" });
  });

  test("one that this host cannot hold, for a hen that is awake", async () => {
    await using bare = await openDaemonUnderTest({ COOP_SANDBOX: "0" });
    await bare.hatch(promptHen("bare").replace('policy: "off"', "policy: open"));
    const strict = { policy: "allowlist", allow: [{ host: "a.org" }] };
    expect(await put("bare", strict, undefined, bare.base)).toMatchObject({ status: 403, code: "walls_missing" });
    await bare.call("POST", at("bare", "/sleep"));
    expect(await put("bare", strict, undefined, bare.base)).toMatchObject({ status: 200 });
  });
});

describe("a network that is taken", () => {
  const commented = `${promptHen("kept").replace('network: {policy: "off"}\n', "")}# why it may\nnetwork:\n  policy: allowlist # ours\n  allow: # few\n    - host: a.org # the first\n`;

  test("changes manifest and text together, keeps comments, answers revision and block, and is told", async () => {
    await daemon.call("POST", "/hens", commented);
    const { event_seq } = (await daemon.call("GET", "/farm")).json as { event_seq: number };
    const made = await put("kept", { policy: "allowlist", allow: [{ host: "A.org" }, { host: "b.org" }] }, '"1"');
    const network = { policy: "allowlist", allow: [rule("a.org"), rule("b.org")] };
    expect(made).toMatchObject({ status: 200, etag: '"2"', json: { id: "local.coop/kept", revision: 2, network } });
    expect((await hen("kept")).manifest.network).toEqual(network as never);
    const text = await textOf("kept");
    for (const comment of ["# why it may", "# ours", "# few", "# the first"]) expect(text).toContain(comment);
    expect(text).toEndWith("    - host: a.org # the first\n    - host: b.org\n      ports: [443]\n");
    const socket = new WebSocket(`${daemon.base.replace("http", "ws")}/api/v1/watch?since=${event_seq}`);
    const event = await new Promise<FarmEvent>((resolve) => {
      socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)));
    });
    socket.close();
    expect(event).toMatchObject({ type: "hen_manifest_changed", id: "local.coop/kept", revision: 2 });
  });

  test("with what is odd about it, and null as no block at all", async () => {
    await daemon.call("POST", "/hens", promptHen("odd"));
    expect(await put("odd", { policy: "allowlist", allow: [] })).toMatchObject({
      status: 200,
      warning: expect.stringContaining("network.allow: is empty"),
    });
    expect(await put("odd", null)).toMatchObject({ status: 200, json: { network: null } });
    expect((await hen("odd")).manifest.network).toBeNull();
  });

  test("by many at once without a tag: all are taken one after the other, and the last one holds", async () => {
    await daemon.hatch(promptHen("raced"));
    const puts = await Promise.all(
      [1, 2, 3, 4].map((n) => put("raced", { policy: "allowlist", allow: [{ host: `h${n}.org` }] })),
    );
    expect(puts.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(puts.map(({ json }) => json.revision).sort()).toEqual([2, 3, 4, 5]);
    const last = puts.find(({ json }) => json.revision === 5);
    expect((await hen("raced")).manifest.network).toEqual(last?.json.network as never);
  });

  test("holds over a restart", async () => {
    const first = await openDaemonUnderTest({}, `${daemon.dataDir}-again`);
    await first.call("POST", "/hens", promptHen("again"));
    await put("again", { policy: "open" }, undefined, first.base);
    await first.close();
    await using second = await openDaemonUnderTest({}, `${daemon.dataDir}-again`);
    expect(((await second.call("GET", at("again"))).json as Hen).manifest.network?.policy).toBe("open");
  });
});

describe("an egress log", () => {
  test("of a hen that is not there is 404, and odd questions are 400", async () => {
    expect((await daemon.call("GET", at("nobody", "/egress"))).status).toBe(404);
    await daemon.call("POST", "/hens", promptHen("quiet"));
    for (const query of [
      "limit=0",
      "limit=1001",
      "after=x",
      "verdict=maybe",
      "order=up",
      "verdict=denied&verdict=denied",
    ]) {
      expect([query, (await daemon.call("GET", at("quiet", `/egress?${query}`))).status]).toEqual([query, 400]);
    }
  });

  test("of a hen that asked for nothing is an empty list, whole or by page", async () => {
    expect((await daemon.call("GET", at("quiet", "/egress"))).json).toEqual([]);
    expect((await daemon.call("GET", at("quiet", "/egress?limit=5&verdict=denied"))).json).toEqual([]);
  });
});

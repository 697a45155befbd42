import { afterAll, beforeAll, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../../testing/daemon-under-test.ts";

let daemon: DaemonUnderTest;
let workdir: string;
beforeAll(async () => {
  daemon = await openDaemonUnderTest();
  await daemon.hatch(promptHen("ada"));
  workdir = join(daemon.dataDir, "workdirs/local-coop__ada");
});
afterAll(() => daemon.close());

const look = (query: string, hen = "ada") => daemon.call("GET", `/hens/local.coop%2F${hen}/files${query}`);

test("nothing outside, behind a link, with a second name or special is opened, and everything is listed", async () => {
  symlinkSync("/etc/passwd", join(workdir, "link"));
  symlinkSync("/etc", join(workdir, "linked-folder"));
  writeFileSync(join(daemon.dataDir, "secret"), "secret");
  linkSync(join(daemon.dataDir, "secret"), join(workdir, "hard"));
  execFileSync("mkfifo", [join(workdir, "fifo")]);
  for (const path of [
    "link",
    "linked-folder",
    "linked-folder/passwd",
    "hard",
    "fifo",
    "../secret",
    "/etc/passwd",
    "a%00b",
  ]) {
    const refused = await look(`?path=${path}`);
    expect([path, refused.status, (refused.json as { code: string }).code]).toEqual([path, 403, "path_refused"]);
  }
  for (const path of ["gone", "gone/deeper"]) {
    const missing = await look(`?path=${path}`);
    expect([path, missing.status, (missing.json as { code: string }).code]).toEqual([path, 404, "not_found"]);
  }
  const { json } = await look("");
  expect((json as { entries: { name: string; kind: string }[] }).entries.map(({ name, kind }) => [name, kind])).toEqual(
    [
      ["fifo", "other"],
      ["hard", "file"],
      ["link", "link"],
      ["linked-folder", "link"],
    ],
  );
});

test("a hen that was never hatched has no folder and is given none; an unknown one is 404", async () => {
  await daemon.call("POST", "/hens", promptHen("egg"));
  expect(await look("", "egg")).toMatchObject({ status: 200, json: { entries: [], next: null } });
  expect((await look("?path=x", "egg")).status).toBe(404);
  expect((await look("", "nobody")).status).toBe(404);
});

test("a folder is read page by page in the order of names", async () => {
  mkdirSync(join(workdir, "many"));
  for (let n = 0; n < 25; n += 1) writeFileSync(join(workdir, "many", `f${String(n).padStart(2, "0")}`), "x".repeat(n));
  const names: string[] = [];
  for (let after = ""; ; ) {
    const { json } = await look(`?path=many&limit=10&after=${after}`);
    const page = json as { entries: { name: string; bytes: number }[]; next: string | null };
    names.push(...page.entries.map(({ name }) => name));
    if (page.next === null) break;
    after = page.next;
  }
  expect(names).toEqual(Array.from({ length: 25 }, (_, n) => `f${String(n).padStart(2, "0")}`));
  expect((await look("?limit=0")).status).toBe(400);
});

test("a file comes whole and as a download that no browser shows", async () => {
  const text = "<script>alert(1)</script>\n".repeat(20_000);
  writeFileSync(join(workdir, "page's \u{1F414}.html"), text);
  const path = encodeURIComponent("page's \u{1F414}.html");
  const response = await fetch(`${daemon.base}/api/v1/hens/local.coop%2Fada/files?path=${path}`);
  expect(await response.text()).toBe(text);
  expect(response.headers.get("content-type")).toBe("application/octet-stream");
  expect(response.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''page%27s%20%F0%9F%90%94.html");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
});

test("a sparse terabyte is begun and given up without holding it, and a file that shrinks is no whole answer", async () => {
  writeFileSync(join(workdir, "huge"), "");
  truncateSync(join(workdir, "huge"), 2 ** 40);
  const gone = new AbortController();
  const huge = await fetch(`${daemon.base}/api/v1/hens/local.coop%2Fada/files?path=huge`, { signal: gone.signal });
  expect(huge.headers.get("x-coop-bytes")).toBe(String(2 ** 40));
  gone.abort();
  writeFileSync(join(workdir, "shrinks"), "x".repeat(8_000_000));
  const cut = await fetch(`${daemon.base}/api/v1/hens/local.coop%2Fada/files?path=shrinks`);
  truncateSync(join(workdir, "shrinks"), 10);
  expect(cut.arrayBuffer()).rejects.toThrow();
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { makeHenScenes } from "./hen-scenes.ts";
import { hasBrowser, openPageRig, type PageRig, script } from "./rig.ts";

let rig: PageRig;
beforeAll(async () => {
  if (hasBrowser) rig = await openPageRig();
}, 60_000);
afterEach(() => rig?.closePages());
afterAll(() => rig?.close());

/** What a hostile hen writes: script in Markdown and HTML, a text that turns round, a very long line. */
const EVIL = [
  "# Hi <img src=x onerror=\"document.title='taken'\"> <script>document.title='taken'</script>",
  "[click me](javascript:document.title='taken') ![pixel](https://evil.example/pixel.png)",
  "safe\u202egnp.exe\u202c",
  "x".repeat(100_000),
].join("\n\n");

const ended = async (id: string) => {
  for await (const event of rig.client.jobs.live(id)) if (event.type === "end") return;
};
const write = (path: string, content: string) => ({ name: "file_write", input: { path, content } });

describe.skipIf(!hasBrowser)("what a hen's tabs show", () => {
  test("memory grows as jobs end, and is forgotten only after a question", async () => {
    const id = await rig.raise("mem");
    const page = await rig.open(`/hens/${id}/memory`);
    await page.getByText("A clear head").waitFor();
    await rig.client.jobs.submit(id, script({ text: "I found **four** eggs." }));
    await page.locator(".episode strong").getByText("four").waitFor();
    const heir = page.getByRole("link", { name: "Raise an heir" });
    expect(await heir.getAttribute("href")).toBe("/raise?inherit=local.coop%2Fmem");
    await page.getByRole("button", { name: "Forget…" }).click();
    await page.getByRole("button", { name: "Leave it" }).click();
    expect(await rig.client.hens.memory(id)).toHaveLength(1);
    await page.getByRole("button", { name: "Forget…" }).click();
    await page.getByRole("button", { name: "Forget them" }).click();
    await page.getByText("A clear head").waitFor();
    expect(await rig.client.hens.memory(id)).toEqual([]);
    expect(rig.complaints).toEqual([]);
  });

  test("egress: a denial appears as it happens and is allowed by a button; a private one only after a question", async () => {
    const id = await rig.raise("ask", "network: {policy: allowlist, allow: [{host: a.example}]}\n");
    const page = await rig.open(`/hens/${id}/egress`);
    await page.getByText("It asked for nothing yet").waitFor();
    const command =
      "curl -sS -m 5 https://b.example/; curl -sS -m 5 --noproxy '' -x \"$http_proxy\" http://10.1.2.3:8080/";
    await ended(
      await rig.client.jobs.submit(id, script({ tools: [{ name: "bash", input: { command } }] }, { text: "." })),
    );
    const row = page.locator(".egress-row", { hasText: "b.example:443" }).first();
    await row.getByText("no rule names b.example").waitFor();
    await row.getByRole("button", { name: "Allow this host: b.example:443" }).click();
    await page.locator(".rules").getByText("b.example").waitFor();
    await row.getByText("open now").waitFor();
    const near = page.locator(".egress-row", { hasText: "10.1.2.3" }).first();
    await near.getByRole("button", { name: /^Allow/ }).click();
    await page.getByText("That is this machine or its network").waitFor();
    await page.getByRole("button", { name: "Leave it" }).click();
    const { manifest } = await rig.client.hens.get(id);
    expect(manifest.network?.allow.map(({ host }) => host)).toEqual(["a.example", "b.example"]);
    await page.getByRole("button", { name: "Close a.example" }).click();
    await page.locator(".rules").getByText("a.example").waitFor({ state: "detached" });
    expect(rig.complaints).toEqual([]);
  });

  test("egress: the policy is another only after a question, a bad host is told, and a filter is in the address", async () => {
    const id = await rig.raise("pol", "network: {policy: allowlist, allow: [{host: a.example}]}\n");
    const page = await rig.open(`/hens/${id}/egress`);
    await page.fill("#allow-host", "http://x/");
    await page.getByRole("button", { name: "Allow this host", exact: true }).click();
    await page.getByText("is no HOST or HOST:PORT").waitFor();
    await page.fill("#allow-host", "c.example:8443");
    await page.keyboard.press("Enter");
    await page.locator(".rules").getByText("c.example").waitFor();
    await page.getByRole("radio", { name: /^Open/ }).click();
    await page.getByText("can send there whatever it can read").waitFor();
    await page.getByRole("button", { name: "Leave it" }).click();
    expect(await page.getByRole("radio", { name: /^Allowlist/ }).isChecked()).toBe(true);
    await page.getByRole("radio", { name: /^Off/ }).click();
    await page.getByRole("button", { name: "Close it" }).click();
    await page.waitForSelector(".policy-kind.is-chosen:has-text('Off')");
    expect((await rig.client.hens.get(id)).manifest.network).toEqual({ policy: "off", allow: [] });
    await page.getByRole("button", { name: "Denied", exact: true }).click();
    expect(page.url()).toEndWith("/egress?verdict=denied");
    expect(rig.complaints).toEqual([]);
  });

  test("work that was handed on is a tree, from whoever asked first", async () => {
    const { boss } = await makeHenScenes(rig);
    for (const start of [boss, "local.coop/lotte"]) {
      const page = await rig.open(`/hens/${start}/handed`);
      await page.waitForSelector(".tree ul ul ul .tree-job:has-text('lotte')");
      const names = await page.locator(".tree-job .tree-what p:first-child a:first-child").allTextContents();
      expect(names).toEqual(["juno", "lotte", "kit", "lotte"]);
      await page.context().close();
    }
    const alone = await rig.open(`/hens/${await rig.raise("solo")}/handed`);
    await alone.getByText("It works alone").waitFor();
    expect(rig.complaints).toEqual([]);
  });

  test("walls: what holds, and how it was proved on this host, measured anew at will", async () => {
    const id = await rig.raise("wally");
    const page = await rig.open(`/hens/${id}/walls`);
    const { rows } = await rig.client.doctor();
    await page.locator(".wall-rows li").first().waitFor();
    expect(await page.locator(".wall-rows li").count()).toBe(rows.length);
    const holding = rows.filter(({ holds }) => holds).length;
    expect(await page.locator(".wall-holds").count()).toBe(holding);
    await page.getByText("Off: its processes see a network of their own").waitFor();
    await page.getByRole("button", { name: "Measure again" }).click();
    await page.getByText("just now").first().waitFor();
    expect(rig.complaints).toEqual([]);
  });

  test("usage adds up tokens by day and by model", async () => {
    const id = await rig.raise("sum");
    const page = await rig.open(`/hens/${id}/usage`);
    await page.getByText("It has asked no model yet").waitFor();
    await rig.client.jobs.submit(id, script({ text: "Hi.", tokens: { input: 1_200, output: 34 } }));
    await page.getByRole("table", { name: "Usage by model" }).getByText("script prompt").waitFor();
    await page.locator(".day-bar[height='58']").waitFor();
    await page.getByText("As a table").click();
    await page.getByRole("table", { name: "Usage by day" }).getByText("1.2k tok").waitFor();
    expect(rig.complaints).toEqual([]);
  });
});

describe.skipIf(!hasBrowser)("files of a hostile hen", () => {
  test("are looked at as text, whatever is in them or in their names", async () => {
    const id = await rig.raise("evil");
    const tools = [
      write("evil.md", EVIL),
      write("page.html", "<script>document.title='taken'</script>"),
      write("deep/down/egg.txt", "an egg"),
      write("a<b>&amp;.txt", "x"),
      {
        name: "bash",
        input: { command: "head -c 3000 /dev/urandom >noise.bin; ln -s /etc/passwd link; : >empty.txt" },
      },
    ];
    await ended(await rig.client.jobs.submit(id, script({ tools }, { text: EVIL })));
    const page = await rig.open(`/hens/${id}/files`);
    await page.getByRole("button", { name: "evil.md" }).click();
    await page.locator(".file-view .markdown").getByText("click me").waitFor();
    expect(await page.locator(".file-view img, .file-view script, .file-view a[href^=javascript]").count()).toBe(0);
    await page.locator(".file-view .unseen").first().waitFor();
    await page.getByRole("button", { name: "As written" }).click();
    await page.locator(".file-view pre").getByText("<script>").waitFor();
    await page.getByRole("button", { name: "page.html" }).click();
    await page.locator(".file-view pre").getByText("document.title='taken'").waitFor();
    await page.getByRole("button", { name: "noise.bin" }).click();
    await page.getByText("This is no text. It begins:").waitFor();
    await page.getByRole("button", { name: "empty.txt" }).click();
    await page.getByText("An empty file.").waitFor();
    expect(await page.getByRole("button", { name: "link" }).count()).toBe(0);
    await page.getByRole("button", { name: "deep/" }).click();
    await page.getByRole("button", { name: "down/" }).click();
    await page.getByRole("button", { name: "egg.txt" }).click();
    await page.locator(".file-view").getByText("an egg").waitFor();
    await page.reload();
    await page.locator(".file-view").getByText("an egg").waitFor();
    const save = page.waitForEvent("download");
    await page.getByRole("link", { name: "Save" }).click();
    expect((await save).suggestedFilename()).toBe("egg.txt");
    await page.getByRole("navigation", { name: "Folder" }).getByRole("button", { name: "nest" }).click();
    await page.getByRole("button", { name: "a<b>&amp;.txt" }).waitFor();
    expect(await page.title()).toBe("Hen · 🐔 Coop Farm");
    expect(rig.complaints).toEqual([]);
  });

  test("nor do its memory and its jobs do anything", async () => {
    const page = await rig.open("/hens/local.coop/evil/memory");
    await page.locator(".episode").first().waitFor();
    await page.goto(`${rig.url}/hens/local.coop/evil`);
    await page.locator(".hen-job").first().waitFor();
    expect(await page.title()).toBe("Hen · 🐔 Coop Farm");
    expect(rig.complaints).toEqual([]);
  });
});

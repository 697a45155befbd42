import { afterAll, expect, test } from "bun:test";
import { openRealDaemon } from "./testing/real-daemon.ts";
import { runCoop, runCoopInTerminal } from "./testing/run-coop.ts";

const daemon = await openRealDaemon();
afterAll(() => daemon.close());

/** Each starts up to a dozen programs, one after the other, on a machine that may have other work. */
const MANY_MS = 30_000;

const env = { COOP_API: daemon.url };
const coop = (...args: string[]) => runCoop(args, { env });
const HEAD = "spec_version: coop/v1\nbrain: {provider: script, model: hello, provider_id: none}\n";
const create = (name: string, network: string) =>
  runCoop(["hen", "create", "-"], { stdin: `${HEAD}name: ${name}\n${network}`, env });
const textOf = async (name: string) => (await fetch(`${daemon.url}/api/v1/hens/local.coop%2F${name}/manifest`)).text();

test(
  "what would open more than was said is refused with the way to say it, and nothing changes",
  async () => {
    await create("strict", "network: {policy: allowlist}\n");
    await create("wide", "network: {policy: open}\n");
    const before = await textOf("strict");
    for (const [args, exitCode, words] of [
      [["allow", "local.coop/strict", "127.0.0.1:11434"], 7, "--private"],
      [["allow", "local.coop/strict", "localhost"], 7, "--private"],
      [["allow", "local.coop/strict", "169.254.169.254", "--private"], 7, "nothing opens it"],
      [["allow", "local.coop/strict", "https://a.org"], 2, "no HOST or HOST:PORT"],
      [["allow", "local.coop/strict", "*"], 2, "no HOST or HOST:PORT"],
      [["allow", "local.coop/strict", "*.org"], 2, "top-level domain"],
      [["allow", "local.coop/wide", "db.lan:5432", "--private"], 7, "allowlist"],
      [["deny", "local.coop/wide", "a.org"], 7, "allowlist"],
      [["allow", "local.coop/nobody", "a.org"], 4, "coop hen list"],
      [["allow", "local.coop/strict"], 2, "HOST"],
    ] as const) {
      const { exitCode: code, stdout, stderr } = await coop("hen", ...args);
      expect([args, code, stdout]).toEqual([args, exitCode, ""]);
      expect(stderr).toContain(words);
    }
    expect(await textOf("strict")).toBe(before);
  },
  MANY_MS,
);

test(
  "allow makes the smallest change and shows it, a private host with --private; deny takes it back; comments stay",
  async () => {
    await create("aria", "network:\n  policy: off # nothing yet\n");
    const allowed = await coop("hen", "allow", "local.coop/aria", "API.example.org");
    expect(allowed).toMatchObject({ exitCode: 0, stderr: "" });
    expect(JSON.parse(allowed.stdout)).toEqual({
      changed: true,
      diff:
        "@@ -2,4 +2,7 @@\n brain: {provider: script, model: hello, provider_id: none}\n name: aria\n network:\n" +
        "-  policy: off # nothing yet\n+  policy: allowlist # nothing yet\n+  allow:\n+    - host: api.example.org\n+      ports: [443]\n",
      hen: "local.coop/aria",
      network: {
        allow: [{ host: "api.example.org", methods: null, paths: null, ports: [443], private: false }],
        policy: "allowlist",
      },
      revision: 2,
    });
    expect((await coop("hen", "allow", "local.coop/aria", "127.0.0.1:11434", "--private")).exitCode).toBe(0);
    const text = `${HEAD}name: aria\nnetwork:\n  policy: allowlist # nothing yet\n  allow:\n    - host: api.example.org\n      ports: [443]\n`;
    expect(await textOf("aria")).toBe(`${text}    - host: 127.0.0.1\n      ports: [11434]\n      private: true\n`);
    expect((await coop("hen", "deny", "local.coop/aria", "127.0.0.1")).exitCode).toBe(0);
    expect(await textOf("aria")).toBe(text);
    const last = await coop("hen", "deny", "local.coop/aria", "api.example.org:443");
    expect(last.stderr).toContain("warning: network.allow: is empty");
  },
  MANY_MS,
);

test(
  "nothing to change changes nothing, and --dry-run only shows",
  async () => {
    await create("same", "network:\n  policy: allowlist\n  allow:\n    - host: a.org\n");
    const before = await textOf("same");
    for (const args of [
      ["allow", "local.coop/same", "a.org"],
      ["deny", "local.coop/same", "b.org"],
      ["deny", "local.coop/same", "a.org:80"],
      ["allow", "local.coop/wide", "a.org"],
    ]) {
      expect(JSON.parse((await coop("hen", ...args)).stdout)).toMatchObject({ changed: false, diff: "" });
    }
    const planned = JSON.parse((await coop("hen", "allow", "local.coop/same", "b.org:8443", "--dry-run")).stdout);
    expect(planned).toMatchObject({
      changed: false,
      revision: 1,
      diff: expect.stringContaining("+    - host: b.org\n"),
    });
    expect(await textOf("same")).toBe(before);
  },
  MANY_MS,
);

test(
  "on a terminal it is a diff and a sentence",
  async () => {
    await create("shown", "network: {policy: off}\n");
    const { text, exitCode } = await runCoopInTerminal(["hen", "allow", "local.coop/shown", "a.org"], { env });
    expect(exitCode).toBe(0);
    expect(text).toContain("-network: {policy: off}\n");
    expect(text).toEndWith("it holds from now on (revision 2)\n");
    const again = await runCoopInTerminal(["hen", "allow", "local.coop/shown", "a.org"], { env });
    expect(again.text).toBe("local.coop/shown: nothing to change\n");
  },
  MANY_MS,
);

test(
  "a manifest that somebody changed in between is not overwritten",
  async () => {
    await create("raced", "network: {policy: allowlist}\n");
    const changes = await Promise.all(
      ["a.org", "b.org", "c.org"].map((host) => coop("hen", "allow", "local.coop/raced", host)),
    );
    const taken = changes.filter(({ exitCode }) => exitCode === 0).length;
    const refused = changes.filter(({ exitCode }) => exitCode === 6);
    expect(taken + refused.length).toBe(3);
    expect((await textOf("raced")).split("host:").length - 1).toBe(taken);
    for (const { stderr } of refused) expect(stderr).toContain("by now");
  },
  MANY_MS,
);

test(
  "from a denial to what allows it: job logs and hen egress name the command, and run as it stands it lets the hen out",
  async () => {
    const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("reached") });
    try {
      const manifest = `spec_version: coop/v1
name: asking
brain: {provider: script, model: prompt, provider_id: none}
tools: [http]
network: {policy: allowlist} # grows
`;
      await runCoop(["hen", "create", "-"], { stdin: manifest, env });
      const prompt = `- tools: [{name: http, input: {url: "http://127.0.0.1:${server.port}/"}}]\n- text: "{{last_result}}"\n`;
      const ask = () => coop("-q", "job", "run", "--wait", "local.coop/asking", "--", prompt);
      expect((await ask()).stdout).toContain("was not let out: no rule names 127.0.0.1 (no_rule)");
      const [job = ""] = (await coop("-q", "job", "list", "--hen-id", "local.coop/asking")).stdout.split("\n");
      const { text } = await runCoopInTerminal(["job", "logs", job], { env, columns: 200 });
      const command = /allow it: coop (hen allow .*)$/m.exec(text)?.[1] ?? "";
      expect(command).toBe(`hen allow local.coop/asking 127.0.0.1:${server.port} --private`);
      const rows = JSON.parse((await coop("hen", "egress", "local.coop/asking", "--denied", "--job", job)).stdout);
      expect(rows).toMatchObject([{ host: "127.0.0.1", job_id: job, next: `coop ${command}` }]);
      expect((await coop(...command.split(" "))).exitCode).toBe(0);
      expect(await textOf("asking")).toContain("# grows");
      expect((await ask()).stdout).toContain("reached");
      expect((await coop("hen", "deny", "local.coop/asking", "127.0.0.1")).exitCode).toBe(0);
      expect((await ask()).stdout).toContain("was not let out");
    } finally {
      await server.stop(true);
    }
  },
  MANY_MS,
);

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type FakeDaemon, openFakeDaemon } from "coop-client/testing";
import { runCoop, runCoopInTerminal, type TerminalOptions } from "../testing/run-coop.ts";

let daemon: FakeDaemon;
beforeEach(() => {
  daemon = openFakeDaemon();
});
afterEach(() => daemon.close());

const onTerminal = (args: readonly string[], options: TerminalOptions = {}) =>
  runCoopInTerminal(args, { ...options, env: { COOP_API: daemon.url, ...options.env } });

test("tables are aligned, coloured and cut at the terminal's edge", async () => {
  daemon.farm.addHen("aria");
  daemon.farm.moveHen("local.coop/aria", "IDLE");
  daemon.farm.addHen("a-hen-with-a-longer-name");
  const { raw, text, exitCode } = await onTerminal(["hen", "list"], { columns: 90 });
  expect(exitCode).toBe(0);
  expect(
    text
      .split("\n")
      .slice(0, 3)
      .map((line) => line.replace(/\d+ d/, "AGE")),
  ).toEqual([
    "HEN                                  STATE    BRAIN          NETWORK  SINCE  TOOLS",
    "local.coop/a-hen-with-a-longer-name  DEFINED  demo (script)  off      AGE  bash file_re…",
    "local.coop/aria                      IDLE     demo (script)  off      AGE  bash file_re…",
  ]);
  expect(raw).toContain("\u001b[32mIDLE   \u001b[39m");
});

test("NO_COLOR, --no-color and TERM=dumb leave no escape sequence at all", async () => {
  daemon.farm.addHen("aria");
  for (const [args, env] of [
    [[], { NO_COLOR: "1" }],
    [["--no-color"], {}],
    [[], { TERM: "dumb" }],
  ] as const) {
    const { raw } = await onTerminal(["hen", "list", ...args], { env });
    expect(raw).toContain("local.coop/aria");
    expect(raw).not.toContain("\u001b");
  }
  expect((await onTerminal(["hen", "list"], { env: { NO_COLOR: "" } })).raw).toContain("\u001b[");
});

test("a person gets sentences and what to do next, a pipe gets JSON", async () => {
  daemon.farm.addHen("aria");
  expect((await onTerminal(["hen", "hatch", "local.coop/aria"])).text).toBe(
    'local.coop/aria hatched\nnext: coop job run local.coop/aria "…" --wait\n',
  );
  expect((await onTerminal(["hen", "sleep", "local.coop/aria", "-o", "json"])).text).toBe('{\n  "ok": true\n}\n');
  expect((await onTerminal(["-q", "hen", "wake", "local.coop/aria"])).text).toBe("");
  expect((await onTerminal(["hen", "forget", "local.coop/aria"])).text).toBe("local.coop/aria forgot 0 episodes\n");
  expect((await onTerminal(["hen", "delete", "local.coop/aria"])).text).toBe("deleted local.coop/aria\n");
  expect((await onTerminal(["hen", "list"])).text).toBe("no hens yet: coop hen create FILE\n");
  expect((await onTerminal(["health"])).text).toBe(`ok  ${daemon.url}\n`);
  expect((await onTerminal(["farm"])).text).toContain("farm    local.coop\ndaemon  coopd 0.1.0 at http://127.0.0.1");
});

test("what a server sends cannot act on the terminal, in no form of output", async () => {
  const evil = "\u001b]52;c;b3duZWQ=\u0007\u001b[2J\u009b31mhi\u009d0;x\u009c\u202e\rthere\u007f";
  daemon.farm.addHen("aria", { personality: { system_prompt: evil, traits: { [evil]: evil } } });
  const job = daemon.farm.addJob("local.coop/aria", evil);
  daemon.farm.append(job.id, { kind: "note", text: evil });
  daemon.farm.moveJob(job.id, "FAILED", { result: evil, error: evil });
  const commands = [
    ["hen", "get", "local.coop/aria"],
    ["hen", "list"],
    ["job", "get", job.id],
    ["job", "list"],
    ["job", "wait", job.id],
    ["job", "logs", job.id],
    ["hen", "memory", "local.coop/aria"],
  ];
  for (const args of commands) {
    for (const format of ["table", "json", "jsonl", "yaml"]) {
      const { raw } = await onTerminal([...args, "--no-color", "-o", format]);
      const seen = raw.replaceAll("\r\n", "\n").replaceAll("\r\u001b[2K", ""); // the progress line wipes itself
      expect({ args, format, seen: /[^\P{Cc}\n\t]|[\u202a-\u202e]/u.exec(seen)?.[0] }).toEqual({
        args,
        format,
        seen: undefined,
      });
    }
  }
}, 30_000);

test("JSON and YAML carry such a text unharmed", async () => {
  const evil = "\u001b[2J\u009b31mhi\u202e\u007f\n";
  daemon.farm.addHen("aria", { personality: { system_prompt: evil, traits: {} } });
  const env = { COOP_API: daemon.url };
  const json = await runCoop(["hen", "get", "local.coop/aria"], { env });
  expect(JSON.parse(json.stdout).manifest.personality.system_prompt).toBe(evil);
  const yaml = await runCoop(["hen", "get", "local.coop/aria", "-o", "yaml"], { env });
  expect(
    (Bun.YAML.parse(yaml.stdout) as { manifest: { personality: { system_prompt: string } } }).manifest.personality
      .system_prompt,
  ).toBe(evil);
});

describe("job run --wait", () => {
  test("says of a job that waits that the farm is stopped", async () => {
    daemon.farm.addHen("aria");
    daemon.farm.isStopped = true;
    let isBegun = false;
    const { raw, exitCode } = await onTerminal(["job", "run", "local.coop/aria", "look", "--wait"], {
      onText: (seen) => {
        const [job] = daemon.farm.jobs.values();
        if (isBegun || job === undefined || !seen.includes("QUEUED · the farm is stopped; coop farm resume ·")) return;
        isBegun = true;
        daemon.farm.moveJob(job.id, "RUNNING");
        daemon.farm.moveJob(job.id, "DONE");
      },
    });
    expect({ isBegun, exitCode }).toEqual({ isBegun: true, exitCode: 0 });
    expect(raw).not.toContain("RUNNING · the farm is stopped");
  });

  test("shows what the hen is doing, then only the result and how it went", async () => {
    daemon.farm.addHen("aria");
    daemon.onJob((id) => daemon.farm.moveJob(id, "RUNNING", { turns: 2 }));
    let step = 0;
    const finish = (text: string) => {
      const [job] = daemon.farm.jobs.values();
      if (job === undefined) return;
      if (step === 0 && text.includes("RUNNING · turn 2 ·") && daemon.watcherCount() > 0) {
        step = 1;
        daemon.sendProgress(job.id, { turn: 3, tool: null, tokens: 0 });
      } else if (step === 1 && text.includes("RUNNING · turn 3 · thinking ·")) {
        step = 2;
        daemon.sendProgress(job.id, { turn: 3, tool: "bash", tokens: 1234 });
      } else if (step === 2 && text.includes("RUNNING · turn 3 · bash · 1234 tokens ·")) {
        step = 3;
        daemon.farm.moveJob(job.id, "DONE", { result: "two files\n", turns: 3 });
      }
    };
    const { raw, text, exitCode } = await onTerminal(["job", "run", "local.coop/aria", "look", "--wait"], {
      onText: finish,
    });
    expect(exitCode).toBe(0);
    expect(raw).toMatch(/RUNNING · turn 3 · thinking · \d/);
    expect(daemon.requests.filter(({ path }) => path.includes("/journal"))).toEqual([]);
    expect(text).toMatch(/^two files\nDONE in 2\.0 s, 3 turns · coop job logs [0-9a-f-]{36}\n$/);
  });
});

test("watch prints a coloured line an event, and Ctrl-C ends it as 130", async () => {
  let step = 0;
  const { text, exitCode } = await onTerminal(["watch"], {
    onText: (seen, press) => {
      if (step === 0 && seen.includes("watching")) {
        step = 1;
        daemon.farm.addHen("aria");
        daemon.farm.moveHen("local.coop/aria", "IDLE");
      } else if (step === 1 && seen.includes("hen_state_changed")) {
        step = 2;
        press("\u0003");
      }
    },
  });
  expect(exitCode).toBe(130);
  expect(text).toContain("10:00:02  hen_created           local.coop/aria\n");
  expect(text).toContain("10:00:04  hen_state_changed     local.coop/aria  DEFINED → IDLE\n");
});

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type FakeDaemon, openFakeDaemon } from "coop-client/testing";
import { runCoop } from "../testing/run-coop.ts";

let daemon: FakeDaemon;
beforeEach(() => {
  daemon = openFakeDaemon();
});
afterEach(() => daemon.close());

const coop = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCoop(args, { env: { COOP_API: daemon.url, ...env } });

/** Fails with this on stderr, nothing on stdout. */
async function refused(args: readonly string[], exitCode: number, stderr: string, env = {}): Promise<void> {
  expect(await coop(args, env)).toEqual({ stdout: "", stderr, exitCode });
}

describe("wrong usage is exit code 2, on stderr, with what was most likely meant", () => {
  test("nothing at all, or a group alone, prints its help", async () => {
    const nothing = await coop([]);
    expect(nothing).toMatchObject({ stdout: "", exitCode: 2 });
    expect(nothing.stderr).toContain("Usage:\n  coop [OPTIONS] COMMAND …");
    const group = await coop(["hen"]);
    expect(group).toMatchObject({ stdout: "", exitCode: 2 });
    expect(group.stderr).toContain("hen hatch HEN");
    expect(group.stderr).not.toContain("job run");
  });

  test("unknown commands", async () => {
    await refused(["hen", "crate"], 2, 'Error: unknown command "hen crate"\n  next: Did you mean: coop hen create\n');
    await refused(["frobnicate"], 2, 'Error: unknown command "frobnicate"\n  next: See: coop --help\n');
    await refused(["--", "farm!"], 2, 'Error: unknown command "farm!"\n  next: Did you mean: coop farm\n');
  });

  test("unknown options, and options of another command", async () => {
    await refused(["farm", "--outptu", "json"], 2, "Error: unknown option --outptu\n  next: Did you mean --output?\n");
    await refused(
      ["job", "get", "x", "--wait"],
      2,
      'Error: unknown option --wait\n  next: If "--wait" is no option but an argument, put -- before it.\n',
    );
    const dashed = await coop(["job", "run", "local.coop/a", "-do it"]);
    expect(dashed).toMatchObject({ stdout: "", exitCode: 2 });
    expect(dashed.stderr).toContain("put -- before it");
  });

  test("missing, surplus and unusable values", async () => {
    await refused(
      ["hen", "get"],
      2,
      "Error: coop hen get needs HEN: the hen's id, as local.coop/aria\n  next: See: coop hen get --help\n",
    );
    await refused(["farm", "-o"], 2, "Error: -o needs a value: -o FORMAT\n  next: See: coop farm --help\n");
    await refused(
      ["farm", "-o", "-q"],
      2,
      'Error: -o needs a value: -o FORMAT\n  next: If "-q" is meant, write -o=-q\n',
    );
    await refused(["farm", "-o", "xml"], 2, 'Error: --output "xml": expected table, json, jsonl, yaml\n');
    await refused(["farm", "--quiet=1"], 2, "Error: --quiet takes no value\n  next: See: coop farm --help\n");
    await refused(["hen", "memory", "a/b", "--limit", "x"], 2, 'Error: --limit "x": expected a whole number from 0\n');
    await refused(
      ["hen", "list", "--state", "HAPPY"],
      2,
      'Error: --state "HAPPY": expected DEFINED, HATCHING, IDLE, WORKING, LEASED, SLEEPING, DORMANT, ARCHIVED\n',
    );
    const words = await coop(["job", "run", "local.coop/a", "list", "files"]);
    expect(words).toMatchObject({ stdout: "", exitCode: 2 });
    expect(words.stderr).toContain('unexpected argument "files"\n  next: Put the prompt into quotes');
    expect(daemon.requests).toEqual([]);
  });

  test("an unusable address, and files that cannot be read", async () => {
    await refused(
      ["farm"],
      2,
      'Error: the daemon\'s address "localhost:9700" is not an http:// or https:// address\n  next: Give one like http://127.0.0.1:9700.\n',
      { COOP_API: "localhost:9700" },
    );
    await refused(["hen", "create", "/nope.yaml"], 2, "Error: cannot read /nope.yaml: there is no such file\n");
    await refused(["hen", "create", "/tmp"], 2, "Error: cannot read /tmp: it is a directory\n");
  });
});

describe("what the daemon refuses is told as it says it", () => {
  test("an unknown hen or job is exit code 4, at once", async () => {
    const hint = "\n  next: coop hen list shows the hens of this farm.\n";
    for (const command of [
      ["hen", "get"],
      ["hen", "hatch"],
      ["hen", "delete"],
    ]) {
      await refused([...command, "local.coop/no"], 4, `Error: hen not found: local.coop/no${hint}`);
    }
    for (const command of [
      ["job", "get"],
      ["job", "wait"],
      ["job", "logs"],
      ["job", "logs", "-f"],
    ]) {
      await refused([...command, "no"], 4, "Error: job not found: no\n  next: coop job list shows the jobs.\n");
    }
  });

  test("an id that no URL can carry is refused here", async () => {
    await refused(
      ["job", "get", ".."],
      2,
      'Error: ".." is not an id\n  next: coop hen list and coop job list show the ids.\n',
    );
  });

  test("what is in the way is exit code 6", async () => {
    daemon.farm.addHen("aria");
    daemon.farm.moveHen("local.coop/aria", "IDLE");
    const { stderr, exitCode } = await coop(["hen", "hatch", "local.coop/aria"]);
    expect(exitCode).toBe(6);
    expect(stderr).toStartWith("Error: local.coop/aria is IDLE and cannot become HATCHING\n  next: From IDLE");
  });

  test("a manifest's faults are exit code 2", async () => {
    const result = await runCoop(["hen", "create", "-"], { stdin: "nonsense", env: { COOP_API: daemon.url } });
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain("3:1: name is missing");
  });

  test("a wrong token is exit code 5; file, variable and flag all bring one", async () => {
    const guarded = openFakeDaemon({ token: "sesame" });
    const env = { COOP_API: guarded.url };
    try {
      const without = await coop(["farm"], env);
      expect(without).toMatchObject({ exitCode: 5, stdout: "" });
      expect(without.stderr).toContain("--token-file");
      await Bun.write("/tmp/coop-cli-token-test", "sesame\n");
      for (const args of [
        ["--token", "sesame"],
        ["--token-file", "/tmp/coop-cli-token-test"],
      ]) {
        expect((await coop(["farm", ...args], env)).exitCode).toBe(0);
      }
      expect((await coop(["farm"], { ...env, COOP_API_TOKEN: "sesame" })).exitCode).toBe(0);
      expect((await coop(["farm", "--token", "wrong"], { ...env, COOP_API_TOKEN: "sesame" })).exitCode).toBe(5);
      await refused(
        ["farm", "--token", "a", "--token-file", "b"],
        2,
        "Error: --token and --token-file are both given; one of them is enough\n",
      );
      await refused(
        ["farm", "--token-file", import.meta.path],
        2,
        `Error: the token file ${import.meta.path} does not hold one line with a token\n`,
      );
    } finally {
      await guarded.close();
      await Bun.file("/tmp/coop-cli-token-test").unlink();
    }
  });
});

describe("what is no answer of a daemon is told too", () => {
  const answers: [string, () => Response, number, string][] = [
    [
      "403 in text",
      () => new Response("host not allowed", { status: 403 }),
      5,
      "the server answered 403 Forbidden: host not allowed",
    ],
    [
      "413 in text",
      () => new Response("length limit exceeded", { status: 413 }),
      2,
      "413 Payload Too Large: length limit exceeded",
    ],
    ["404 without a body", () => new Response(null, { status: 404 }), 4, "the server answered 404 Not Found"],
    [
      "500 in HTML",
      () => new Response("<html><h1>Oops</h1></html>", { status: 500 }),
      1,
      "500 Internal Server Error: <html><h1>Oops</h1></html>",
    ],
    ["garbage", () => new Response("{{{"), 1, "gave not JSON: {{{"],
    ["JSON of another server", () => Response.json({ hello: "world" }), 1, "JSON of another shape than coopd's"],
    [
      "a redirect",
      () => Response.redirect("https://elsewhere.example/", 302),
      1,
      "redirects to https://elsewhere.example/",
    ],
  ];
  for (const [name, respond, code, text] of answers) {
    test(name, async () => {
      daemon.answer("GET /api/v1/farm", respond);
      const { stdout, stderr, exitCode } = await coop(["farm"]);
      expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: code });
      expect(stderr).toStartWith("Error: ");
      expect(stderr).toContain(text);
    });
  }

  test("nobody listening", async () => {
    await daemon.close();
    const next = "  next: start the daemon: npm start, or coopd serve\n";
    for (const args of [["farm"], ["health"], ["watch"], ["job", "wait", "x"]]) {
      await refused(args, 1, `Error: cannot reach ${daemon.url}: connection refused\n${next}`);
    }
  });

  test("an answer that never comes", async () => {
    daemon.answer("GET /api/v1/farm", () => new Promise<Response>(() => {}));
    const { stderr, exitCode } = await coop(["farm", "--request-timeout-s", "0.2"]);
    expect(exitCode).toBe(1);
    expect(stderr).toStartWith(`Error: no answer from ${daemon.url} within 0.2 s\n  next: Is the daemon stuck?`);
  });

  test("escape sequences in an error never reach stderr", async () => {
    const evil = "\u001b]0;owned\u0007\u001b[2Jno\u009b31m\r\nsecond\u202eline";
    daemon.answer("GET /api/v1/farm", () =>
      Response.json({ error: evil, code: "internal", next: evil }, { status: 500 }),
    );
    const { stderr } = await coop(["farm"]);
    expect(stderr).toBe("Error: no\n  secondline\n  next: no\n  secondline\n");
  });
});

test("requests to this machine go past a proxy of the environment, and --log debug shows them", async () => {
  const { stderr, exitCode } = await coop(["health", "--log", "debug"], {
    HTTP_PROXY: "http://127.0.0.1:1",
    http_proxy: "http://127.0.0.1:1",
  });
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/^debug: GET http:\/\/127\.0\.0\.1:\d+\/api\/v1\/healthz: 200 in \d+ ms\n$/);
});

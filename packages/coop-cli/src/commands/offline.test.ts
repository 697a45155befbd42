import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCoop } from "../testing/run-coop.ts";

const GOOD = "spec_version: coop/v1\nname: aria\nbrain:\n  provider: script\n  provider_id: none\n  model: demo\n";
/** Nothing listens there: these commands must not need a daemon. */
const env = { COOP_API: "http://127.0.0.1:1" };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "coop-cli-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("validate", () => {
  test("names every fault of every file with line and column, and is exit code 2", async () => {
    await Bun.write(join(folder, "bad.yaml"), GOOD.replace("model:", "modle:").replace("name: aria", "name: Aria!"));
    await Bun.write(join(folder, "good.yaml"), GOOD);
    const { stdout, stderr, exitCode } = await runCoop(["validate", "bad.yaml", "good.yaml"], { env, cwd: folder });
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 2 });
    const lines = stdout.trimEnd().split("\n");
    expect(lines.find((line) => line.startsWith("bad.yaml:2:7: error: name:"))).toBeDefined();
    expect(lines.find((line) => line.startsWith("bad.yaml:6:3: error: brain.modle:"))).toContain(
      'did you mean "model"?',
    );
    expect(lines.at(-1)).toBe("good.yaml: ok");
  });

  test("shows warnings, which are no failure, and is silent with -q", async () => {
    const manifest = `${GOOD}memory:\n  semantic_summarize_every: 3\n`;
    const { stdout, exitCode } = await runCoop(["validate", "-"], { env, stdin: manifest });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("-:8:29: warning: memory.semantic_summarize_every");
    expect(stdout).toEndWith("-: ok\n");
    expect((await runCoop(["-q", "validate", "-"], { env, stdin: manifest })).stdout).toBe("");
  });

  test("gives a report as JSON", async () => {
    const { stdout, exitCode } = await runCoop(["validate", "-o", "json", "-"], { env, stdin: "[]" });
    expect(exitCode).toBe(2);
    const [report] = JSON.parse(stdout);
    expect(report).toMatchObject({ file: "-", ok: false, warnings: [] });
    expect(report.faults[0]).toMatchObject({ line: 1, column: 1 });
  });

  test("says which file cannot be read", async () => {
    const { stderr, exitCode } = await runCoop(["validate", join(folder, "none.yaml")], { env });
    expect(exitCode).toBe(2);
    expect(stderr).toBe(`Error: cannot read ${join(folder, "none.yaml")}: there is no such file\n`);
  });

  test("finds no fault in the examples", async () => {
    const examples = join(import.meta.dir, "../../../../examples");
    const files = [...new Bun.Glob("*.yaml").scanSync(examples)].map((name) => join(examples, name));
    expect(files.length).toBeGreaterThan(0);
    expect((await runCoop(["validate", ...files], { env })).exitCode).toBe(0);
  });
});

test("schema prints the JSON Schema of agent.yaml", async () => {
  const { stdout, exitCode } = await runCoop(["schema"], { env });
  expect(exitCode).toBe(0);
  const schema = JSON.parse(stdout);
  expect(schema.$schema).toContain("2020-12");
  expect(Object.keys(schema.properties)).toContain("brain");
});

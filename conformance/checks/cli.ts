import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "../check.ts";
import { holds, matches, same } from "../claims.ts";
import type { Door } from "../door.ts";

/** As the command line prints JSON: two spaces, keys sorted, a newline at the end. */
function pretty(value: unknown): string {
  const sorted = (_: string, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part;
  return `${JSON.stringify(value, sorted, 2)}\n`;
}

function manifestFile({ folder, models }: Door, name: string, model = models.answering): string {
  const path = join(folder, `${name}.yaml`);
  const brain = `{provider_id: none, provider: openai-compat, base_url: "${model}", model: m}`;
  writeFileSync(path, `spec_version: coop/v1\nname: ${name}\nbrain: ${brain}\n`);
  return path;
}

/** `coop`, in a pipe. */
export const CLI_CHECKS: readonly Check[] = [
  {
    id: "cli-usage",
    section: "cli",
    title: "help and version end with 0; no command, an unknown one and an unknown option with 2, on stderr",
    needs: "coop",
    run: async ({ coop }) => {
      for (const args of [["--help"], ["-h"], ["hen", "--help"]]) same(args.join(" "), (await coop(args)).exitCode, 0);
      for (const args of [["--version"], ["-V"]]) {
        const { exitCode, stdout } = await coop(args);
        same(args.join(" "), exitCode, 0);
        matches("it", stdout, /^coop \d+\.\d+\.\d+/);
      }
      for (const args of [[], ["hen"], ["nonsense"], ["hen", "list", "--nonsense"], ["hen", "get"]]) {
        const { exitCode, stdout, stderr } = await coop(args);
        same(`coop ${args.join(" ")}`, [exitCode, stdout, stderr.length > 0], [2, "", true]);
      }
    },
  },
  {
    id: "cli-unreachable",
    section: "cli",
    title: "a daemon that is not there is an error on stderr and exit code 1",
    needs: "coop",
    run: async ({ coop }) => {
      const { exitCode, stdout, stderr } = await coop(["--api", "http://127.0.0.1:1", "farm"]);
      same("it", [exitCode, stdout], [1, ""]);
      matches("stderr", stderr, /^Error: /);
    },
  },
  {
    id: "cli-reads",
    section: "cli",
    title: "health is compact, what is read otherwise is JSON with sorted keys",
    needs: "coop",
    run: async ({ coop, get }) => {
      same("health", (await coop(["health"])).stdout.trim(), '{"ok":true}');
      for (const [args, path] of [
        [["hen", "list", "--state", "ARCHIVED"], "/hens?state=ARCHIVED"],
        [["hen", "list"], "/hens"],
      ] as const) {
        same(args.join(" "), (await coop(args)).stdout, pretty((await get(path)).json));
      }
    },
  },
  {
    id: "cli-hen-life",
    section: "cli",
    title: "create, hatch, sleep, wake, get and delete print what scripts read",
    needs: "coop",
    run: async (door) => {
      const { coop, get, fresh } = door;
      const name = fresh("cli");
      const id = `local.coop/${name}`;
      const file = manifestFile(door, name);
      same("create", await coop(["hen", "create", file]), { exitCode: 0, stdout: `"${id}"\n`, stderr: "" });
      const again = await coop(["hen", "create", file]);
      holds("create again", again.exitCode !== 0 && again.stdout === "" && /^Error: /.test(again.stderr));
      for (const word of ["hatch", "sleep", "wake"]) {
        const { exitCode, stdout } = await coop(["hen", word, id]);
        same(word, [exitCode, stdout], [0, '{\n  "ok": true\n}\n']);
      }
      holds("wake again", (await coop(["hen", "wake", id])).exitCode !== 0);
      same("get", (await coop(["hen", "get", id])).stdout, pretty((await get(`/hens/${encodeURIComponent(id)}`)).json));
      matches("delete", (await coop(["hen", "delete", id])).stdout, /status: 204 No Content/);
    },
  },
  {
    id: "cli-jobs",
    section: "cli",
    title: "job run, get, wait and list; hen memory, forget and delegate",
    needs: "coop",
    run: async (door) => {
      const { coop, get, hen, fresh } = door;
      const [id, other] = [await hen({ name: fresh("runs") }), await hen({ name: fresh("helps") })].map(
        decodeURIComponent,
      );
      const ran = await coop(["job", "run", id ?? "", "list files"]);
      const { job_id: job } = JSON.parse(ran.stdout);
      same("run", [ran.exitCode, ran.stdout], [0, pretty({ job_id: job })]);
      const waited = await coop(["job", "wait", job, "--interval-s", "1", "--timeout-s", "60"]);
      same("wait", [waited.exitCode, JSON.parse(waited.stdout).status], [0, "DONE"]);
      same("get", (await coop(["job", "get", job])).stdout, pretty((await get(`/jobs/${job}`)).json));
      same("list", JSON.parse((await coop(["job", "list", "--hen-id", id ?? ""])).stdout).length, 1);
      holds("memory", (await coop(["hen", "memory", id ?? ""])).stdout.includes(job));
      same("memory of one", JSON.parse((await coop(["hen", "memory", id ?? "", "--limit", "1"])).stdout).length, 1);
      same("forget", (await coop(["hen", "forget", id ?? ""])).stdout, pretty({ forgotten: 1 }));
      const handed = JSON.parse((await coop(["hen", "delegate", id ?? "", other ?? "", "look"])).stdout);
      same("delegate", [handed.hen, handed.status], [other, "Done"]);
    },
  },
  {
    id: "cli-wait-timeout",
    section: "cli",
    title: "job wait gives up after --timeout-s, not with 0",
    needs: "coop",
    run: async ({ coop, hen, post, models, fresh }) => {
      const id = await hen({ name: fresh("hangs"), model: models.hanging });
      const { job_id: job } = (await post(`/hens/${id}/jobs`, { prompt: "x" })).json;
      holds(
        "it ends with 0",
        (await coop(["job", "wait", job, "--interval-s", "1", "--timeout-s", "1"])).exitCode !== 0,
      );
      await post(`/jobs/${job}/cancel`); // where there is such a route; else it goes on until its model's timeout
    },
  },
];

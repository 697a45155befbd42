import type { Check } from "../check.ts";
import { hasFields, holds, INSTANT, matches, oneOf, same, UUID_V7 } from "../claims.ts";

const FIELDS = [
  "id",
  "hen_id",
  "prompt",
  "status",
  "result",
  "error",
  "turns",
  "delegation_depth",
  "grain_spent",
  "created_at",
  "updated_at",
];

/** Jobs, from the prompt to the end. */
export const JOB_CHECKS: readonly Check[] = [
  {
    id: "jobs-done",
    section: "domain §5",
    title: "a job that its model answers is DONE with the last text",
    run: async ({ idleHen, ended, fresh }) => {
      const job = await ended(await idleHen({ name: fresh("done") }), "list files");
      hasFields("the job", job, FIELDS);
      same("its end", [job.status, job.result, job.error, job.turns], ["DONE", "Done.", null, 1]);
      same("its beginning", [job.prompt, job.delegation_depth], ["list files", 0]);
      matches("its id", job.id, UUID_V7);
      for (const at of ["created_at", "updated_at"]) matches(at, job[at], INSTANT);
    },
  },
  {
    id: "jobs-tool",
    section: "domain §5",
    title: "a turn that calls a granted tool is followed by another",
    run: async ({ idleHen, ended, fresh, models }) => {
      const more = 'tools: [bash]\nnetwork: {policy: "off"}\n';
      const job = await ended(await idleHen({ name: fresh("tool"), model: models.working, more }), "echo");
      same("its end", [job.status, job.result, job.turns], ["DONE", "Done.", 2]);
    },
  },
  {
    id: "jobs-failed-at-once",
    section: "http-api §8.4",
    title: "when FAILED is first seen, there is an error, the hen is IDLE and the episode is there",
    run: async ({ get, post, idleHen, fresh, models }) => {
      const id = await idleHen({ name: fresh("failed"), model: models.refusing });
      for (let round = 0; round < 5; round += 1) {
        const accepted = await post(`/hens/${id}/jobs`, { prompt: "list files" });
        same("accepted", [accepted.status, Object.keys(accepted.json)], [202, ["job_id"]]);
        const job = accepted.json.job_id;
        let seen = (await get(`/jobs/${job}`)).json;
        for (const deadline = performance.now() + 120_000; seen.status !== "FAILED" && performance.now() < deadline; ) {
          oneOf("on its way it", seen.status, ["QUEUED", "RUNNING"]);
          seen = (await get(`/jobs/${job}`)).json;
        }
        const [hen, memory] = await Promise.all([get(`/hens/${id}`), get(`/hens/${id}/memory`)]);
        same("status", seen.status, "FAILED");
        matches("error", seen.error, /./);
        same("the hen", hen.json.state, "IDLE");
        const last = memory.json.at(-1);
        same("the episode", [last?.job_id, last?.outcome], [job, "failed"]);
      }
    },
  },
  {
    id: "jobs-queue",
    section: "domain §5",
    title: "one job of a hen runs at a time, the oldest first; none is lost",
    run: async ({ get, post, idleHen, fresh, models }) => {
      const id = await idleHen({ name: fresh("queue"), model: models.refusing });
      const accepted = await Promise.all(
        Array.from({ length: 8 }, (_, n) => post(`/hens/${id}/jobs`, { prompt: `${n}` })),
      );
      const ids = accepted.map(({ json }) => json.job_id as string);
      const list = async () => (await get(`/jobs?hen_id=${id}`)).json as { id: string; status: string }[];
      for (const deadline = performance.now() + 120_000; performance.now() < deadline; ) {
        const jobs = await list();
        holds("two run at once", jobs.filter(({ status }) => status === "RUNNING").length <= 1);
        if (jobs.every(({ status }) => status === "FAILED")) break;
      }
      same(
        "their ends",
        (await list()).map(({ id: job, status }) => [job, status]),
        ids.toSorted().map((job) => [job, "FAILED"]),
      );
      const memory = (await get(`/hens/${id}/memory`)).json as { job_id: string }[];
      same(
        "their order",
        memory.map(({ job_id: job }) => job),
        ids.toSorted(),
      );
    },
  },
  {
    id: "jobs-empty-prompt",
    section: "http-api §3",
    title: "an empty prompt is taken",
    run: async ({ post, hen, fresh }) => {
      same(
        "an empty prompt",
        (await post(`/hens/${await hen({ name: fresh("empty") })}/jobs`, { prompt: "" })).status,
        202,
      );
    },
  },
  {
    id: "jobs-wake",
    section: "domain §2",
    title: "a job hatches a DEFINED hen and wakes a SLEEPING one",
    run: async ({ get, post, hen, ended, fresh }) => {
      const id = await hen({ name: fresh("wakes") });
      same("of a DEFINED one", (await ended(id, "x")).status, "DONE");
      same("sleep", (await post(`/hens/${id}/sleep`)).status, 200);
      same("of a SLEEPING one", (await ended(id, "x")).status, "DONE");
      same("state", (await get(`/hens/${id}`)).json.state, "IDLE");
    },
  },
  {
    id: "jobs-list",
    section: "http-api §3",
    title: "jobs are listed in the order of creation; ?hen_id keeps one hen's, a bad one is 400",
    run: async ({ get, hen, ended, fresh }) => {
      const id = await hen({ name: fresh("lists") });
      const job = await ended(id, "x");
      const all = ((await get("/jobs")).json as { id: string }[]).map(({ id: one }) => one);
      same("the order", all, all.toSorted());
      holds("it is listed", all.includes(job.id));
      same(
        "of the hen",
        ((await get(`/jobs?hen_id=${id}`)).json as { id: string }[]).map(({ id: one }) => one),
        [job.id],
      );
      same("of no id", (await get("/jobs?hen_id=NOPE")).status, 400);
    },
  },
  {
    id: "jobs-unknown-hen",
    section: "http-api §3",
    title: "a job for a hen that is not there is 404, for an id that is none 400",
    run: async ({ post, fresh }) => {
      same("not there", (await post(`/hens/local.coop%2F${fresh("none")}/jobs`, { prompt: "x" })).status, 404);
      same("no id", (await post("/hens/NOPE/jobs", { prompt: "x" })).status, 400);
    },
  },
];

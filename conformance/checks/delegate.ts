import type { Check } from "../check.ts";
import { holds, matches, same } from "../claims.ts";

/** Handing on by the API. */
export const DELEGATE_CHECKS: readonly Check[] = [
  {
    id: "delegate-done",
    section: "http-api §3",
    title: "handing on waits for the end and answers 200 with Done and the result",
    run: async ({ get, post, hen, fresh }) => {
      const [from, to] = [await hen({ name: fresh("from") }), await hen({ name: fresh("to") })];
      const { status, text, json } = await post(`/hens/${from}/delegate`, {
        to: decodeURIComponent(to),
        prompt: "look",
      });
      same("the answer", [status, json.hen, json.output, json.status], [200, decodeURIComponent(to), "Done.", "Done"]);
      matches("its keys in order", text, /^\{"hen":.*"job_id":.*"output":.*"status":/);
      const jobs = (await get(`/jobs?hen_id=${to}`)).json as { id: string; delegation_depth: number }[];
      same(
        "the job",
        jobs.map(({ id, delegation_depth: depth }) => [id, depth]),
        [[json.job_id, 1]],
      );
    },
  },
  {
    id: "delegate-failed",
    section: "http-api §8.7",
    title: "a job that failed is 200 too, with Failed and its error",
    run: async ({ post, hen, fresh, models }) => {
      const [from, to] = [
        await hen({ name: fresh("giver") }),
        await hen({ name: fresh("taker"), model: models.refusing }),
      ];
      const { status, json } = await post(`/hens/${from}/delegate`, { to: decodeURIComponent(to), prompt: "look" });
      same("the answer", [status, json.status], [200, "Failed"]);
      matches("its output", json.output, /./);
    },
  },
  {
    id: "delegate-refused",
    section: "http-api §3",
    title: "to itself and a blank prompt are 400, to nobody 404",
    run: async ({ get, post, hen, fresh }) => {
      const id = await hen({ name: fresh("alone") });
      const to = decodeURIComponent(id);
      same("to itself", (await post(`/hens/${id}/delegate`, { to, prompt: "x" })).status, 400);
      same("a blank prompt", (await post(`/hens/${id}/delegate`, { to, prompt: " \n" })).status, 400);
      same(
        "to nobody",
        (await post(`/hens/${id}/delegate`, { to: `local.coop/${fresh("none")}`, prompt: "x" })).status,
        404,
      );
      same("to no id", (await post(`/hens/${id}/delegate`, { to: "NOPE", prompt: "x" })).status, 400);
      same("from no id", (await post("/hens/NOPE/delegate", { to, prompt: "x" })).status, 400);
      holds("a job came of it", ((await get(`/jobs?hen_id=${id}`)).json as unknown[]).length === 0);
    },
  },
];

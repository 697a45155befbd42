import type { Check } from "../check.ts";
import { hasFields, INSTANT, matches, same, UUID_V7 } from "../claims.ts";

/** Episodes. */
export const MEMORY_CHECKS: readonly Check[] = [
  {
    id: "memory-episodes",
    section: "domain §7",
    title: "one episode a finished job, oldest first; ?limit keeps the newest; forgetting counts them",
    run: async ({ get, send, hen, ended, fresh }) => {
      const id = await hen({ name: fresh("episodes") });
      const jobs = [await ended(id, "one"), await ended(id, "two"), await ended(id, "three")];
      const read = async (query = "") => (await get(`/hens/${id}/memory${query}`)).json as Record<string, unknown>[];
      const all = await read();
      same(
        "their jobs",
        all.map(({ job_id: job }) => job),
        jobs.map(({ id: job }) => job),
      );
      const [first] = all;
      hasFields("an episode", first, ["id", "hen_id", "job_id", "at", "prompt", "summary", "turns", "outcome"]);
      same("the first", [first?.prompt, first?.summary, first?.turns, first?.outcome], ["one", "Done.", 1, "done"]);
      matches("its id", first?.id, UUID_V7);
      matches("its time", first?.at, INSTANT);
      same(
        "limit=1",
        (await read("?limit=1")).map(({ prompt }) => prompt),
        ["three"],
      );
      same(
        "limit=2",
        (await read("?limit=2")).map(({ prompt }) => prompt),
        ["two", "three"],
      );
      same("limit=0", await read("?limit=0"), []);
      same("limit=x", (await get(`/hens/${id}/memory?limit=x`)).status, 400);
      const forgotten = await send("DELETE", `/api/v1/hens/${id}/memory`);
      same("forgetting", [forgotten.status, forgotten.json], [200, { forgotten: 3 }]);
      same("then", await read(), []);
    },
  },
  {
    id: "memory-clipped",
    section: "domain §7",
    title: "a prompt is remembered trimmed, and cut at 400 characters with an ellipsis",
    run: async ({ get, hen, ended, fresh }) => {
      const id = await hen({ name: fresh("clipped") });
      await ended(id, `  ${"ä".repeat(500)}  `);
      const [episode] = (await get(`/hens/${id}/memory`)).json;
      same("the prompt", episode.prompt, `${"ä".repeat(400)}…`);
    },
  },
  {
    id: "memory-unknown-hen",
    section: "http-api §3",
    title: "a hen that is not there has no memory, and 0 are forgotten; an id that is none is 400",
    run: async ({ get, send, fresh }) => {
      const path = `/hens/local.coop%2F${fresh("none")}/memory`;
      const { status, json } = await get(path);
      same("reading", [status, json], [200, []]);
      same("forgetting", (await send("DELETE", `/api/v1${path}`)).json, { forgotten: 0 });
      same("no id", (await get("/hens/NOPE/memory")).status, 400);
    },
  },
];

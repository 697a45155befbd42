import type { Check } from "../check.ts";
import { hasFields, holds, same } from "../claims.ts";

type Event = Readonly<Record<string, unknown>>;

/** `/watch`. */
export const WATCH_CHECKS: readonly Check[] = [
  {
    id: "watch-life",
    section: "http-api §5.1",
    title: "a hen's life and a job are told in their order, compact, type first",
    run: async ({ watch, idleHen, ended, send, fresh }) => {
      const watching = await watch();
      try {
        const path = await idleHen({ name: fresh("watched") });
        const id = decodeURIComponent(path);
        const job = await ended(path, "x");
        await send("DELETE", `/api/v1/hens/${path}`);
        await watching.until("hen_deleted", ({ type, id: hen }) => type === "hen_deleted" && hen === id);
        for (const frame of watching.frames) {
          holds(`its type does not come first: ${frame}`, /^\{"type":"[a-z_]+"/.test(frame));
          same("it is compact", frame, JSON.stringify(JSON.parse(frame)));
        }
        const about = ({ id: hen, hen_id: owner, job_id: of }: Event) => hen === id || owner === id || of === job.id;
        const seen = watching
          .events()
          .filter(about)
          .map(toWord)
          .filter((word) => KNOWN.test(word));
        same("the order", seen, [
          "hen_created",
          "hen_state_changed DEFINED HATCHING",
          "hen_state_changed HATCHING IDLE",
          "job_submitted",
          "hen_state_changed IDLE WORKING",
          "job_status_changed RUNNING",
          "job_status_changed DONE",
          "memory_recorded",
          "hen_state_changed WORKING IDLE",
          "hen_deleted",
        ]);
        const recorded = watching
          .events()
          .find(({ type, hen_id: owner }) => type === "memory_recorded" && owner === id);
        hasFields("memory_recorded", recorded, ["hen_id", "entry_id"]);
      } finally {
        watching.close();
      }
    },
  },
  {
    id: "watch-delegated",
    section: "http-api §5.1",
    title: "handing on is told with from, to and job",
    run: async ({ watch, hen, post, fresh }) => {
      const watching = await watch();
      try {
        const [from, to] = [await hen({ name: fresh("a") }), await hen({ name: fresh("b") })].map(decodeURIComponent);
        const answer = await post(`/hens/${encodeURIComponent(from ?? "")}/delegate`, { to, prompt: "x" });
        await watching.until("delegated", ({ type, from: giver }) => type === "delegated" && giver === from);
        const told = watching.events().find(({ type, from: giver }) => type === "delegated" && giver === from);
        same("it", [told?.to, told?.job_id], [to, answer.json.job_id]);
      } finally {
        watching.close();
      }
    },
  },
];

/** Events that the contract has; a daemon may tell more. */
const KNOWN = /^(?:hen_created|hen_state_changed|hen_deleted|job_submitted|job_status_changed|memory_recorded)\b/;

function toWord({ type, from, to, status }: Event): string {
  return [type, ...(type === "hen_state_changed" ? [from, to] : []), ...(status === undefined ? [] : [status])].join(
    " ",
  );
}

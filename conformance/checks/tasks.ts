import type { Check } from "../check.ts";
import { hasFields, holds, INSTANT, matches, oneOf, same, UUID_V7 } from "../claims.ts";

/** Prompts for any fitting hen; none of these fits, so that nothing is typed anywhere. */
export const TASK_CHECKS: readonly Check[] = [
  {
    id: "tasks-life",
    section: "http-api §3",
    title: "a task is taken, listed newest first, cancelled while PENDING, and done from any status",
    run: async ({ get, post, send }) => {
      const add = async (prompt: string) => {
        const { status, json } = await post("/tasks", { prompt, required_agent_kind: "gh-copilot" });
        same("adding", status, 202);
        matches("its id", json.task_id, UUID_V7);
        return json.task_id as string;
      };
      const [one, two] = [await add("conformance one"), await add("conformance two")];
      const list = (await get("/tasks")).json as Record<string, unknown>[];
      const places = [two, one].map((id) => list.findIndex((task) => task.id === id));
      holds(`they are not listed newest first: ${places}`, places[0] !== -1 && (places[0] ?? 0) < (places[1] ?? -1));
      const task = list.find(({ id }) => id === one);
      hasFields("a task", task, [
        "id",
        "prompt",
        "required_agent_kind",
        "status",
        "claimed_by",
        "created_at",
        "updated_at",
      ]);
      same(
        "it",
        [task?.prompt, task?.required_agent_kind, task?.status, task?.claimed_by],
        ["conformance one", "gh-copilot", "PENDING", null],
      );
      matches("created_at", task?.created_at, INSTANT);
      const cancelled = await send("DELETE", `/api/v1/tasks/${one}`);
      same("cancelling", [cancelled.status, cancelled.text], [200, '{"ok":true}']);
      holds("it is cancelled twice", (await send("DELETE", `/api/v1/tasks/${one}`)).status >= 400);
      const done = await post(`/tasks/${two}/done`);
      same("done", [done.status, done.text], [200, '{"ok":true}']);
      const after = (await get("/tasks")).json as Record<string, unknown>[];
      same(
        "their ends",
        [one, two].map((id) => after.find((row) => row.id === id)?.status ?? "CANCELLED"),
        ["CANCELLED", "DONE"],
      );
    },
  },
  {
    id: "tasks-refused",
    section: "http-api §3",
    title: "a blank prompt is 400, an unknown kind 422, an unknown task no success",
    run: async ({ post, send }) => {
      same("blank", (await post("/tasks", { prompt: " ", required_agent_kind: null })).status, 400);
      same("kind", (await post("/tasks", { prompt: "x", required_agent_kind: "parrot" })).status, 422);
      const unknown = "0195b2c4-0000-7abc-8def-000000000003";
      // 400 in the original, which has no 404 for tasks; a daemon may know better.
      oneOf("done", (await post(`/tasks/${unknown}/done`)).status, [400, 404]);
      oneOf("cancel", (await send("DELETE", `/api/v1/tasks/${unknown}`)).status, [400, 404]);
    },
  },
];

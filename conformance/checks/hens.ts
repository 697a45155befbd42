import type { Check } from "../check.ts";
import { hasFields, holds, INSTANT, matches, oneOf, same } from "../claims.ts";

/** `/hens`: making, listing, moving, deleting. */
export const HEN_CHECKS: readonly Check[] = [
  {
    id: "hens-create",
    section: "http-api §3",
    title: "creating answers 201 and the bare id; the body's type is not looked at, and JSON is YAML",
    run: async ({ send, fresh }) => {
      const brain = { provider_id: "none", provider: "openai-compat", base_url: "http://127.0.0.1:1/v1", model: "m" };
      for (const type of [undefined, "application/yaml", "application/json", "text/plain"]) {
        const name = fresh("made");
        const body = JSON.stringify({ spec_version: "coop/v1", name, brain });
        const { status, text } = await send("POST", "/api/v1/hens", type === undefined ? { body } : { body, type });
        same(`as ${type}`, [status, text], [201, `"local.coop/${name}"`]);
        const twice = await send("POST", "/api/v1/hens", { body, type: "application/yaml" });
        oneOf("the same name again", twice.status, [409, 500]); // 500 in the original, which is to be mended
        matches("its error", twice.json.error, /./);
        same("deleting it", (await send("DELETE", `/api/v1/hens/local.coop%2F${name}`)).status, 204);
      }
    },
  },
  {
    id: "hens-object",
    section: "http-api §4",
    title: "a hen has every field, with its defaults filled in",
    run: async ({ get, hen, fresh }) => {
      const name = fresh("object");
      const { json } = await get(`/hens/${await hen({ name })}`);
      const fields = [
        "id",
        "state",
        "lease",
        "manifest",
        "assigned_roost",
        "stats",
        "lineage",
        "created_at",
        "updated_at",
        "tags",
      ];
      hasFields("the hen", json, fields);
      same("id", json.id, `local.coop/${name}`);
      same("state", json.state, "DEFINED");
      same("lease", json.lease, { kind: "owner" });
      same("lineage", [json.lineage.parent, json.lineage.generation > 1], [null, false]);
      hasFields("stats", json.stats, ["xp", "level", "quests_completed", "grain_earned"]);
      for (const at of ["created_at", "updated_at"]) matches(at, json[at], INSTANT);
      const { manifest } = json;
      same("sex, kind, tools", [manifest.sex, manifest.agent_kind, manifest.tools], ["hen", "anthropic", []]);
      for (const block of ["visual", "resources", "scheduling", "lease"])
        same(`manifest.${block}`, manifest[block], null);
      const { brain } = manifest;
      const defaults = [
        brain.capabilities_required,
        brain.fallbacks,
        brain.fallback_provider_ids,
        brain.auto_route,
        brain.cache,
      ];
      same("brain's defaults", defaults, [null, [], [], false, false]);
    },
  },
  {
    id: "hens-list",
    section: "http-api §3",
    title: "hens are listed by id; ?state keeps those in it, in capitals only",
    run: async ({ get, hen, idleHen, fresh }) => {
      const made = [await hen({ name: fresh("zz") }), await idleHen({ name: fresh("aa") })].map(decodeURIComponent);
      const ids = async (query: string) => ((await get(`/hens${query}`)).json as { id: string }[]).map(({ id }) => id);
      const all = await ids("");
      same("the order", all, all.toSorted());
      holds(
        "both are listed",
        made.every((id) => all.includes(id)),
      );
      same("only the DEFINED one", made.filter((id) => all.includes(id)).length, 2);
      const [defined, idle] = [await ids("?state=DEFINED"), await ids("?state=IDLE")];
      same(
        "DEFINED",
        made.map((id) => defined.includes(id)),
        [true, false],
      );
      same(
        "IDLE",
        made.map((id) => idle.includes(id)),
        [false, true],
      );
      for (const state of ["idle", "", "NONE"]) same(`state=${state}`, (await get(`/hens?state=${state}`)).status, 400);
    },
  },
  {
    id: "hens-moves",
    section: "domain §2",
    title: "the life cycle: what the table has happens, everything else is 400 and changes nothing",
    run: async ({ get, post, hen, fresh }) => {
      const id = await hen({ name: fresh("moves") });
      const state = async () => (await get(`/hens/${id}`)).json.state;
      const move = async (word: string, status: number, then: string) => {
        const answer = await post(`/hens/${id}/${word}`);
        same(`${word} of a hen that then is ${await state()}`, [answer.status, await state()], [status, then]);
        if (status === 200) same("its answer", answer.text, '{"ok":true}');
        else matches("its error", answer.json.error, /./);
      };
      await move("sleep", 400, "DEFINED");
      await move("wake", 400, "DEFINED");
      await move("hatch", 200, "IDLE");
      await move("hatch", 400, "IDLE");
      await move("wake", 400, "IDLE");
      await move("sleep", 200, "SLEEPING");
      await move("sleep", 400, "SLEEPING");
      await move("hatch", 400, "SLEEPING");
      await move("wake", 200, "IDLE");
    },
  },
  {
    id: "hens-hatch-quickly",
    section: "http-api §8.3",
    title: "0.3 s after a hatch was asked for, the hen is IDLE",
    run: async ({ get, idleHen, fresh }) => {
      const id = await idleHen({ name: fresh("quick"), more: 'tools: [bash]\nnetwork: {policy: "off"}\n' });
      await Bun.sleep(300); // as the script does
      same("state", (await get(`/hens/${id}`)).json.state, "IDLE");
    },
  },
  {
    id: "hens-delete",
    section: "http-api §3",
    title: "deleting answers 204 without a body; then it is not there",
    run: async ({ get, send, hen, fresh }) => {
      const id = await hen({ name: fresh("gone") });
      const { status, text } = await send("DELETE", `/api/v1/hens/${id}`);
      same("deleting", [status, text], [204, ""]);
      same("looking", (await get(`/hens/${id}`)).status, 404);
      same("again", (await send("DELETE", `/api/v1/hens/${id}`)).status, 404);
    },
  },
  {
    id: "hens-unknown",
    section: "http-api §3",
    title: "every move of a hen that is not there is 404, of an id that is none 400",
    run: async ({ post, fresh }) => {
      for (const word of ["hatch", "sleep", "wake"]) {
        same(word, (await post(`/hens/local.coop%2F${fresh("none")}/${word}`)).status, 404);
        same(`${word} of no id`, (await post(`/hens/NOT%20AN%20ID/${word}`)).status, 400);
      }
    },
  },
];

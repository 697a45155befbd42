import type { Check } from "../check.ts";
import { holds, matches, oneOf, same } from "../claims.ts";

const JSON_TYPE = "application/json";

/** Rules of every route. */
export const WIRE_CHECKS: readonly Check[] = [
  {
    id: "wire-not-found",
    section: "http-api §1",
    title: "an unknown path and a slash at the end are 404",
    run: async ({ get }) => {
      for (const path of ["/nothing", "/hens/", "/farm/"]) same(`GET ${path}`, (await get(path)).status, 404);
    },
  },
  {
    id: "wire-wrong-method",
    section: "http-api §1",
    title: "a wrong method is 405, and Allow says which are right",
    run: async ({ send }) => {
      const { status, headers } = await send("PATCH", "/api/v1/farm");
      same("PATCH /farm", status, 405);
      matches("Allow", headers.get("allow"), /GET/);
    },
  },
  {
    id: "wire-head",
    section: "http-api §1",
    title: "HEAD is answered where GET is, without a body",
    run: async ({ send }) => {
      const { status, text } = await send("HEAD", "/api/v1/farm");
      same("HEAD /farm", [status, text], [200, ""]);
    },
  },
  {
    id: "wire-id-one-segment",
    section: "http-api §1",
    title: "a hen's id is one percent-encoded segment; with its slash it is another route",
    run: async ({ get, hen, fresh }) => {
      const id = await hen({ name: fresh("segment") });
      same("encoded", (await get(`/hens/${id}`)).status, 200);
      same("in lower case hex", (await get(`/hens/${id.replace("%2F", "%2f")}`)).status, 200);
      same("with its slash", (await get(`/hens/${decodeURIComponent(id)}`)).status, 404);
      oneOf("as part of another route", (await get("/hens/local.coop/memory")).status, [400, 404]);
      same("invalid UTF-8", (await get("/hens/%ff%fe")).status, 400);
    },
  },
  {
    id: "wire-json-out",
    section: "http-api §1",
    title: "answers are compact JSON",
    run: async ({ get }) => {
      const { headers, text, json } = await get("/farm");
      matches("the type", headers.get("content-type"), /^application\/json\b/);
      same("the text", text, JSON.stringify(json));
    },
  },
  {
    id: "wire-error-envelope",
    section: "http-api §1",
    title: 'an error of a handler is {"error": text} with its status',
    run: async ({ get }) => {
      for (const [path, status] of [
        ["/hens/local.coop%2Fnobody-here", 404],
        ["/hens/Not-An-Id", 400],
        ["/jobs/nothing", 404],
        ["/hens?state=SOMETHING", 400],
      ] as const) {
        const answer = await get(path);
        same(`GET ${path}`, answer.status, status);
        matches(`the error of ${path}`, answer.json.error, /./);
      }
    },
  },
  {
    id: "wire-json-in",
    section: "http-api §1",
    title: "no JSON type 415, a syntax error 400, another shape 422, unknown fields ignored",
    run: async ({ send, hen, fresh }) => {
      const path = `/api/v1/hens/${await hen({ name: fresh("body") })}/jobs`;
      const body = '{"prompt":"x"}';
      same("no type", (await send("POST", path, { body })).status, 415);
      same("text/plain", (await send("POST", path, { body, type: "text/plain" })).status, 415);
      same("a syntax error", (await send("POST", path, { body: "{", type: JSON_TYPE })).status, 400);
      same("an empty body", (await send("POST", path, { body: "", type: JSON_TYPE })).status, 400);
      for (const shape of ["{}", '{"prompt":1}', '{"prompt":null}', "[]"]) {
        same(shape, (await send("POST", path, { body: shape, type: JSON_TYPE })).status, 422);
      }
      for (const type of ["application/json; charset=utf-8", "application/problem+json"]) {
        const more = '{"prompt":"x","nobody":"knows"}';
        same(type, (await send("POST", path, { body: more, type })).status, 202);
      }
    },
  },
  {
    id: "wire-body-before-id",
    section: "http-api §1",
    title: "what is wrong with the body comes before what is wrong with the id",
    run: async ({ send }) => {
      same("a bad id without a type", (await send("POST", "/api/v1/hens/BAD/jobs", { body: "{}" })).status, 415);
      const shaped = await send("POST", "/api/v1/hens/BAD/jobs", { body: '{"prompt":"x"}', type: JSON_TYPE });
      same("a bad id", shaped.status, 400);
    },
  },
  {
    id: "wire-limits",
    section: "http-api §1",
    title: "a prompt above the cap is 413 in JSON, a body above 2 MiB 413",
    run: async ({ post, send, hen, fresh }) => {
      const id = await hen({ name: fresh("large") });
      const capped = await post(`/hens/${id}/jobs`, { prompt: "x".repeat(262_145) });
      same("a prompt of 262,145 bytes", capped.status, 413);
      matches("its error", capped.json.error, /262[,_]?14[45]/);
      const body = JSON.stringify({ prompt: "x".repeat(2_097_152) });
      same(
        "a body above 2 MiB",
        (await send("POST", `/api/v1/hens/${id}/jobs`, { body, type: JSON_TYPE })).status,
        413,
      );
    },
  },
  {
    id: "wire-ids-ascend",
    section: "http-api §1",
    title: "job ids are UUIDv7 in the order of creation",
    run: async ({ post, hen, fresh }) => {
      const id = await hen({ name: fresh("ids") });
      const ids: string[] = [];
      for (let n = 0; n < 20; n += 1) ids.push((await post(`/hens/${id}/jobs`, { prompt: `${n}` })).json.job_id);
      for (const job of ids)
        matches("a job id", job, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      holds(
        `the ids do not ascend: ${ids.join(" ")}`,
        ids.every((job, at) => at === 0 || (ids[at - 1] ?? "") < job),
      );
    },
  },
];

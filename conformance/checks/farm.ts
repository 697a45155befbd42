import type { Check } from "../check.ts";
import { hasFields, holds, matches, oneOf, same } from "../claims.ts";

/** The farm as a whole, and its page. */
export const FARM_CHECKS: readonly Check[] = [
  {
    id: "farm-probes",
    section: "http-api §3",
    title: 'healthz and readyz answer {"ok":true}',
    run: async ({ get }) => {
      for (const path of ["/healthz", "/readyz"]) {
        const { status, text } = await get(path);
        same(path, [status, text], [200, '{"ok":true}']);
      }
    },
  },
  {
    id: "farm-counts-hens",
    section: "http-api §3",
    title: "/farm names the farm and counts its hens",
    run: async ({ get, hen, fresh, send }) => {
      const before = (await get("/farm")).json;
      hasFields("/farm", before, ["coop_id", "coopd_version", "hen_count"]);
      same("coop_id", before.coop_id, "local.coop");
      const id = await hen({ name: fresh("count") });
      same("hen_count after one more", (await get("/farm")).json.hen_count, before.hen_count + 1);
      await send("DELETE", `/api/v1/hens/${id}`);
      same("hen_count after its end", (await get("/farm")).json.hen_count, before.hen_count);
    },
  },
  {
    id: "farm-location",
    section: "http-api §7",
    title: "/farm/location says where the farm can be opened, loopback first",
    run: async ({ get }) => {
      const { json } = await get("/farm/location");
      hasFields("the location", json, ["hostname", "bound_addr", "loopback_only", "urls"]);
      const [first] = json.urls;
      same("the first entry", [first.label, first.scope], ["Loopback", "local"]);
      matches("its url", first.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    },
  },
  {
    id: "farm-capabilities",
    section: "http-api §6",
    title: "/session/capabilities says what a terminal client may expect",
    run: async ({ get }) => {
      const { json } = await get("/session/capabilities");
      for (const name of ["shell", "persistent_session", "task_dispatch"]) same(name, typeof json[name], "boolean");
      oneOf("os", json.os, ["linux", "macos", "windows"]);
      for (const name of ["backend", "note"]) matches(name, json[name], /./);
    },
  },
  {
    id: "farm-page",
    section: "http-api §8.10",
    title: "/ and /farm are the page, with what scripts look for in it",
    run: async ({ send }) => {
      for (const path of ["/", "/farm"]) {
        const { status, headers, text } = await send("GET", path);
        same(`${path} status`, status, 200);
        same("its type", headers.get("content-type")?.toLowerCase().replace(" ", ""), "text/html;charset=utf-8");
        same("its first line", text.split("\n")[0], "<!doctype html>");
        for (const part of ["<title>🐔 Coop Farm</title>", "/api/v1/hens", "/shell"])
          holds(`the page has no ${part}`, text.includes(part));
      }
    },
  },
];

import type { Fault } from "./breaking-proxy.ts";

// For each check of the suite something that a daemon might do otherwise, and that this check must find.

/** Answers whose path and status fit get another status. */
function status(path: RegExp, from: number, to: number, method?: string): Fault {
  return {
    answer: (asked, at, answer) =>
      path.test(at) && answer.status === from && (method === undefined || method === asked)
        ? { ...answer, status: to }
        : answer,
  };
}

/** Answers whose path fits get another text. */
function text(path: RegExp, change: (text: string) => string, method?: string): Fault {
  return {
    answer: (asked, at, answer) =>
      path.test(at) && (method === undefined || method === asked) ? { ...answer, text: change(answer.text) } : answer,
  };
}

/** Successful answers whose path fits get another value. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the route answers
function json(path: RegExp, change: (value: any) => unknown, method?: string): Fault {
  const changed = text(path, (body) => JSON.stringify(change(JSON.parse(body))), method).answer;
  return {
    answer: (asked, at, answer) =>
      answer.status < 300 && answer.text !== "" ? (changed?.(asked, at, answer) ?? answer) : answer,
  };
}

const PAGE = /^\/(?:farm)?$/;
const FARM = /^\/api\/v1\/farm$/;
const HENS = /\/hens$/;
const HEN = /\/hens\/[^/]+$/;
const JOBS = /\/jobs$/;
const JOB = /\/api\/v1\/jobs\/[^/]+$/;
const MEMORY = /\/memory$/;
const reversed = (list: unknown[]) => list.toReversed();

/** Check → what breaks it, through the proxy. */
export const WIRE_FAULTS: Readonly<Record<string, Fault>> = {
  "farm-probes": text(/healthz/, (body) => body.replace(":true", ": true")),
  "farm-counts-hens": json(FARM, (farm) => ({ ...farm, hen_count: 1 })),
  "farm-location": json(/location/, (place) => ({ ...place, urls: [{ ...place.urls[0], label: "Here" }] })),
  "farm-capabilities": json(/capabilities/, (said) => ({ ...said, shell: "yes" })),
  "farm-page": text(PAGE, (page) => page.replace("<!doctype html>", "<!DOCTYPE html>")),
  "wire-not-found": status(/nothing/, 404, 200),
  "wire-wrong-method": { answer: (_, __, answer) => ({ ...answer, headers: new Headers() }) },
  "wire-head": status(FARM, 200, 405, "HEAD"),
  "wire-id-one-segment": status(/local\.coop%2f/, 200, 404),
  "wire-json-out": text(FARM, (body) => `${body}\n`),
  "wire-error-envelope": text(/Not-An-Id/, (body) => body.replace('"error"', '"message"')),
  "wire-json-in": status(JOBS, 415, 400),
  "wire-body-before-id": status(/BAD/, 415, 400),
  "wire-limits": status(JOBS, 413, 400),
  "wire-ids-ascend": text(JOBS, (body) => body.replace(/(-[0-9a-f]{4}-)7([0-9a-f]{3}-)/, "$14$2"), "POST"),
  "door-host": { request: (headers) => headers.set("host", "127.0.0.1") },
  "door-origin": { request: (headers) => headers.delete("origin") },
  "door-socket-origin": status(/watch/, 403, 101 + 99),
  "door-handshake": { answer: (_, path, answer) => (path.endsWith("/watch") ? { ...answer, status: 200 } : answer) },
  "door-token": json(/auth\/status/, (said) => ({ ...said, authenticated: !said.authenticated })),
  "hens-create": status(HENS, 201, 200),
  "hens-object": json(HEN, ({ stats: _, ...hen }) => hen),
  "hens-list": json(HENS, (list) => (Array.isArray(list) ? reversed(list) : list)),
  "hens-moves": status(/\/sleep$/, 400, 409),
  "hens-hatch-quickly": json(HEN, (hen) => ({ ...hen, state: "HATCHING" })),
  "hens-delete": {
    answer: (method, _, answer) => (method === "DELETE" ? { ...answer, status: 200, text: "{}" } : answer),
  },
  "hens-unknown": status(/\/hatch$/, 404, 400),
  "manifest-refused": status(HENS, 400, 422),
  "manifest-scalars": text(HEN, (body) => body.replace('"policy":"off"', '"policy":false')),
  "manifest-network": text(HEN, (body) => body.replace("[443]", "[]")),
  "manifest-inherit": text(HEN, (body) => body.replace(/"parent":"[^"]*"/, '"parent":null')),
  "jobs-done": text(JOB, (body) => body.replace('"turns":1', '"turns":0')),
  "jobs-tool": text(JOB, (body) => body.replace('"turns":2', '"turns":1')),
  "jobs-failed-at-once": text(HEN, (body) => body.replace('"state":"IDLE"', '"state":"WORKING"')),
  "jobs-queue": json(MEMORY, reversed),
  "jobs-empty-prompt": status(JOBS, 202, 400),
  "jobs-wake": text(HEN, (body) => body.replace('"state":"IDLE"', '"state":"SLEEPING"')),
  "jobs-list": json(JOBS, (list) => (Array.isArray(list) ? reversed(list) : list)),
  "jobs-unknown-hen": status(JOBS, 404, 400),
  "memory-episodes": json(MEMORY, (list) => (Array.isArray(list) ? reversed(list) : list)),
  "memory-clipped": text(MEMORY, (body) => body.replaceAll("…", "")),
  "memory-unknown-hen": status(MEMORY, 200, 404),
  "delegate-done": text(/delegate$/, (body) => body.replace('"Done"', '"DONE"')),
  "delegate-failed": status(/delegate$/, 200, 500),
  "delegate-refused": status(/delegate$/, 404, 400),
  "watch-life": { frame: (frame) => frame.replace('"to":"HATCHING"', '"to":"IDLE"') },
  "watch-delegated": { frame: (frame) => frame.replace(/("type":"delegated".*"to":")/, "$1x") },
  "tasks-life": json(/\/tasks$/, (list) => (Array.isArray(list) ? reversed(list) : list)),
  "tasks-refused": status(/\/tasks$/, 422, 400),
  "shell-echo": { frame: (frame) => frame.replace('"code":0', '"code":3') },
  "shell-workdir": { bytes: (bytes) => bytes.replaceAll("workdir-", "w-") },
  "shell-send": text(/shell\/send$/, (body) => body.replace(":true", ": true")),
  "shell-persists": { bytes: (bytes) => bytes.replaceAll("<value>", "<>") },
  "shell-unknown-hen": { frame: (frame) => frame.replace(/"message":"[^"]*"/, '"message":""') },
  "vault-unlock": text(/vault\/unlock$/, (body) => body.replace(":true", ": true")),
  "vault-refused": status(/vault\/secrets$/, 400, 422),
};

/** Check → a shell script that is the program in place of `$real`, and does something otherwise. */
export const PROGRAM_FAULTS: Readonly<Record<string, string>> = {
  "cli-usage": '$real "$@"; exit 0',
  "cli-unreachable": '$real "$@" 2>&1',
  "cli-reads": '$real "$@" | tr -d " "',
  "cli-hen-life": '$real "$@" | sed "s/204 No Content/done/"',
  "cli-jobs": '$real "$@" | sed "s/^  //"',
  "cli-wait-timeout": '$real "$@"; exit 0',
  "daemon-command-line": '$real "$@" | sed s/data_dir/dir/',
  "daemon-start-stop": 'trap "kill -9 \\$pid; exit 3" TERM; $real "$@" & pid=$!; wait $pid',
  "daemon-killed": 'unset COOP_RESUME; exec $real "$@"',
};

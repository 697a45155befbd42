/** Paths that tell nothing and ask for nothing; any Host may ask for them (contract/http-api.md §2.1). */
export const PROBES: readonly string[] = ["/api/v1/healthz", "/api/v1/readyz"];

/** Paths without a token (contract/http-api.md §2.2): the probes, and what it takes to log in. */
const OPEN_PATHS: readonly string[] = [
  ...PROBES,
  "/api/v1/auth/login",
  "/api/v1/auth/status",
  "/login",
  "/favicon.ico",
];

/** Whether a path needs no token; the files of the page are the same on every farm. */
export function isOpenPath(path: string): boolean {
  return OPEN_PATHS.includes(path) || /^\/assets\/[^/]+$/.test(path);
}

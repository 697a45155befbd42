/** Paths that tell nothing and ask for nothing; any Host may ask for them (contract/http-api.md §2.1). */
export const PROBES: readonly string[] = ["/api/v1/healthz", "/api/v1/readyz"];

/** Paths without a token (contract/http-api.md §2.2): the probes, and what it takes to log in. */
export const OPEN_PATHS: readonly string[] = [
  ...PROBES,
  "/api/v1/auth/login",
  "/api/v1/auth/status",
  "/login",
  "/assets/plain.css",
  "/favicon.ico",
];

/** Pages for a browser; everything else is for programs. */
export const PAGES: readonly string[] = ["/", "/farm", "/login"];

/** First parts of the addresses that open the page; what is behind them is the page's own business. */
const PLACES: readonly string[] = ["hens", "jobs", "raise", "terminals", "tasks", "vault", "events", "settings"];
const PAGE_PATH = new RegExp(`^/(?:farm|login|(?:${PLACES.join("|")})(?:/.*)?)?$`);

/** Whether a browser that opens this path gets a page: the farm's, or the login's. */
export function isPagePath(path: string): boolean {
  return PAGE_PATH.test(path);
}

/**
 * Where a login leads: a path of this page, with its query, as it was asked for; `/` for anything else, so that no link can
 * use the login to lead elsewhere. A token that stood in the query is not carried along.
 */
export function toReturnPath(wanted: string | undefined): string {
  if (wanted === undefined || !wanted.startsWith("/") || !URL.canParse(wanted, ORIGIN)) return "/";
  const { origin, pathname, search, searchParams } = new URL(wanted, ORIGIN);
  const isMeant = origin === ORIGIN && isPagePath(pathname) && pathname !== "/login" && !searchParams.has("token");
  return isMeant ? `${pathname}${search}` : "/";
}

/** Stands for the farm's own address while a path is parsed. */
const ORIGIN = "http://farm.invalid";

import { CoopError } from "coopd-core";

/** Leaves for the login page, which leads back here. */
export function goToLogin(): never {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  throw new CoopError("cancelled", "the page is being left for the login");
}

/** A login that has ended leads to the login page; any other error is the caller's. */
export function loginIfEnded(error: unknown): void {
  if (error instanceof CoopError && error.code === "unauthorized") goToLogin();
}

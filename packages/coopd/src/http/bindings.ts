import type { Server } from "bun";

/** What a `/watch` upgrade carries into its socket: the seq to replay behind, if any. */
export interface WatchTicket {
  readonly since: number | undefined;
}

/** What Bun hands the handler besides the request. */
export interface Bindings {
  readonly server: Server<WatchTicket>;
}

import type { Visit } from "../../access/door.ts";
import type { Bindings } from "../bindings.ts";
import type { Operation } from "../operations/operation.ts";

/** What the door gives the routes behind it. */
export interface RequestEnv {
  readonly Bindings: Bindings;
  readonly Variables: {
    /** Names this request in the log, the audit trail and the answer's `X-Request-Id`. */
    requestId: string;
    /** Who asks; set for every path that asks for it. */
    visit: Visit;
    /** The route's row; undefined for pages and for paths that no route has. */
    operation: Operation | undefined;
  };
}

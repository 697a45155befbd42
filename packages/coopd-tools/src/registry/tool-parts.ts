import type { ToolContext } from "coopd-core";
import type { Pen, Sandbox } from "coopd-sandbox";
import type { HandOn } from "../delegate/delegate-tool.ts";
import type { HttpToolParts } from "../http/http-tool.ts";

/** What tools act with; compose.ts hands it in. */
export interface ToolParts extends HttpToolParts {
  readonly sandbox: Sandbox;
  /** The pen of the hen that the call is for; makes it when needed. */
  readonly penOf: (context: ToolContext) => Promise<Pen>;
  /** Hands work to another hen. */
  readonly handOn: HandOn;
}

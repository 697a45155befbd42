import { CoopError, type ToolContext } from "coopd-core";
import type { HenFolder, Pen } from "coopd-sandbox";
import type { ToolParts } from "../registry/tool-parts.ts";

/** The folder that a call's file tools act in. @throws CoopError `cancelled`, and what opening the pen throws */
export async function openHenFolder({ penOf }: ToolParts, context: ToolContext): Promise<HenFolder & Pen> {
  const pen = await penOf(context);
  if (context.signal.aborted) throw new CoopError("cancelled", "cancelled before the file was touched");
  return pen;
}

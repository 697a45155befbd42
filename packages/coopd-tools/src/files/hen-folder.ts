import { CoopError, type ToolContext } from "coopd-core";
import type { HenFolder } from "coopd-sandbox";
import type { ToolParts } from "../registry/tool-registry.ts";

/** The folder that a call's file tools act in. @throws CoopError `cancelled`, and what opening the pen throws */
export async function henFolderOf({ penOf }: ToolParts, context: ToolContext): Promise<HenFolder> {
  const pen = await penOf(context);
  if (context.signal.aborted) throw new CoopError("cancelled", "cancelled before the file was touched");
  return { workdir: pen.workdir, uid: pen.uid, home: pen.home };
}

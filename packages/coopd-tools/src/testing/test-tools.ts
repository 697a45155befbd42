import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JobId, type Manifest, parseHenId, type ToolContext } from "coopd-core";
import { openSandbox, type Pen, type Sandbox } from "coopd-sandbox";
import { createToolRegistry } from "../registry/tool-registry.ts";
import { createTestDoor } from "./test-door.ts";

export interface TestTools {
  readonly pen: Pen;
  readonly sandbox: Sandbox;
  invoke(tool: string, input: unknown, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

const HEN_ID = parseHenId("local.coop/aria");

/** The tools of one hen on a real sandbox in a temporary data directory. */
export async function openTestTools(disabled = false): Promise<TestTools> {
  const dataDir = mkdtempSync(join(tmpdir(), "coop-tools-"));
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: console.warn, error: console.error };
  const sandbox = await openSandbox({ dataDir, disabled, log });
  const penOf = () => sandbox.openPen({ henId: HEN_ID, uid: sandbox.uidRange?.base });
  const registry = createToolRegistry({
    sandbox,
    penOf,
    handOn: () => Promise.reject(new Error("no farm here")),
    door: createTestDoor({}),
    networkOf: async () => null,
  });
  return {
    pen: await penOf(),
    sandbox,
    invoke: async (tool, input, signal = new AbortController().signal) => {
      const context: ToolContext = {
        henId: HEN_ID,
        manifest: {} as Manifest, // no tool of these reads it
        jobId: "0192f5d0-0000-7000-8000-000000000000" as JobId,
        callKey: "0192f5d0-0000-7000-8000-000000000000:1:0",
        epoch: 1,
        turn: 1,
        callId: "call_0",
        record: () => undefined,
        signal,
      };
      const found = registry.get(tool);
      if (found === undefined) throw new Error(`no tool ${tool}`);
      return found.invoke(input, context);
    },
    close: async () => {
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

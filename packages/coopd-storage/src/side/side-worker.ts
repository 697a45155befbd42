import { toWireError } from "../calls/messages.ts";
import { toStoreError } from "../database/sqlite-errors.ts";
import { runSideTask, type SideTask } from "./side-tasks.ts";

// A thread for one side task: it is told the task, answers once, and is ended by who started it.
declare const self: Worker;

self.onmessage = ({ data }: MessageEvent<string>) => {
  try {
    self.postMessage(JSON.stringify({ value: runSideTask(JSON.parse(data) as SideTask) }));
  } catch (error) {
    self.postMessage(JSON.stringify({ error: toWireError(toStoreError(error)) }));
  }
};

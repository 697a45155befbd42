export { type FakeDaemon, type FakeDaemonOptions, openFakeDaemon } from "./fake-daemon.ts";
export { FakeFarm } from "./fake-farm.ts";
export type { SeenRequest } from "./fake-routes.ts";

export { type FakeDaemon, type FakeDaemonOptions, openFakeDaemon, type SeenRequest } from "./fake-daemon.ts";
export { FakeFarm } from "./fake-farm.ts";

/** What `coop init` finds and writes, for `npm start`, which does the same on its own farm. */
export { describeBrain, type FirstBrain, firstManifest } from "./first-manifest.ts";
export { findKeys, findLocalServers, KEYED_PROVIDERS, type KeyedProvider, type LocalServer } from "./model-sources.ts";

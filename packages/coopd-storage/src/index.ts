export { type Holder, readHolder } from "./data-dir/holder.ts";
export { openStore, type SqliteStore, type StoreOptions, type StoreStats } from "./open-store.ts";

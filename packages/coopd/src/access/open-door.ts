import type { AccessStore, Clock, Log } from "coopd-core";
import type { Config } from "../config.ts";
import { Attempts } from "./attempts.ts";
import { createAuditTrail } from "./audit-trail.ts";
import type { Door } from "./door.ts";
import { openFarmToken } from "./farm-token.ts";
import { KeyRing } from "./key-ring.ts";
import { OnceLinks } from "./once-links.ts";

/** What the door is made of. */
export interface OpenDoorParts {
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
}

/** Reads who may come in, and makes the farm's token when this is its first start. The caller holds the data directory. */
export async function openDoor(config: Config, parts: OpenDoorParts): Promise<Door> {
  const { store, clock, newId } = parts;
  const links = new OnceLinks(clock.nowMs);
  const keys = config.auth === "none" ? undefined : await openKeys(config, { store, clock, newId });
  keys?.onRevoked((ids) => links.drop(ids));
  return {
    keys,
    links,
    attempts: new Attempts(config.loginAttemptsMax, () => performance.now()),
    trail: createAuditTrail(store, clock, parts.log),
    isPublic: config.isPublic,
    allowedHosts: config.allowedHosts,
  };
}

function openKeys(config: Config, parts: Omit<OpenDoorParts, "log">): Promise<KeyRing> {
  const { apiToken } = config;
  return KeyRing.open({
    ...parts,
    farmToken: apiToken ?? openFarmToken(config.dataDir),
    isChosen: apiToken !== undefined,
  });
}

import { type HenId, parseHenId } from "coopd-core";

/** Hens of the sandbox's own, by which it measures itself; no farm has them, and no egress log tells of them. */
export const OWN_HENS = {
  /** These two measure at start. A coop id of one word is nobody's. */
  probe: parseHenId("probe/probe"),
  gateProbe: parseHenId("probe/gate"),
  doctor: parseHenId("doctor.coop/probe"),
  attacker: parseHenId("doctor.coop/attacker"),
  decoy: parseHenId("doctor.coop/decoy"),
} as const;

/** True for one of {@link OWN_HENS}. */
export function isOwnHen(henId: HenId): boolean {
  return Object.values(OWN_HENS).includes(henId);
}

import type { Door } from "./door.ts";

/** One fact of the contract, tried from outside. */
export interface Check {
  /** Unique, kebab-case, its page's word first: `hens-create`. */
  readonly id: string;
  /** Where the contract says so: `http-api §3`. */
  readonly section: string;
  /** A sentence of what holds. */
  readonly title: string;
  /** Without it the check is skipped, and says so. */
  readonly needs?: "coop" | "coopd";
  /** @throws Broken saying what was found in place of what the contract says */
  readonly run: (door: Door) => Promise<void>;
}

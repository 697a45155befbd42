import { signal } from "@preact/signals";
import { client } from "../../data/client.ts";
import { loginIfEnded } from "../../data/login.ts";
import { henChanged } from "../../data/refresh.ts";

/** How far a hen is that is being raised. */
export interface Raising {
  /** `laying`: it is being created · `hatching` · `awake`, or `laid` where it was not to hatch yet · `refused`. */
  readonly step: "laying" | "hatching" | "awake" | "laid" | "refused";
  readonly name: string;
  /** Once it is created; then it is there whatever happens next. */
  readonly id?: string | undefined;
  readonly warnings: readonly string[];
  readonly error?: unknown;
}

/** The hen that is being raised; undefined while it is being written. */
export const raising = signal<Raising | undefined>(undefined);

/** What is sent. */
export interface Egg {
  readonly name: string;
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
  /** The same for every try of the same text, so that an answer that was lost lays no second egg. */
  readonly onceKey: string;
  readonly isToHatch: boolean;
}

/** Creates the hen and hatches it; how far it came is told by {@link raising}. */
export async function raise(egg: Egg): Promise<void> {
  const { name, text, files, onceKey, isToHatch } = egg;
  raising.value = { step: "laying", name, warnings: [] };
  try {
    const bytes = new TextEncoder().encode(text);
    const made = await client.hens.create(bytes, { attachments: files, idempotencyKey: onceKey });
    henChanged(made.id);
    raising.value = { step: isToHatch ? "hatching" : "laid", name, id: made.id, warnings: made.warnings };
  } catch (error) {
    loginIfEnded(error);
    raising.value = { step: "refused", name, warnings: [], error };
    return;
  }
  if (isToHatch) await hatch();
}

/** Hatches the egg that is there, once more if need be. */
export async function hatch(): Promise<void> {
  const egg = raising.peek();
  if (egg?.id === undefined) return;
  raising.value = { ...egg, step: "hatching", error: undefined };
  try {
    await client.hens.hatch(egg.id);
    raising.value = { ...egg, step: "awake", error: undefined };
  } catch (error) {
    loginIfEnded(error);
    raising.value = { ...egg, step: "refused", error };
  }
  henChanged(egg.id);
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoopError } from "coopd-core";
import type { DeriveKey } from "../kdf/derive-key.ts";
import { Secret } from "../secret/secret.ts";
import { Vault } from "../vault/vault.ts";
import { mutate } from "./mutations.ts";
import { createRandom } from "./random.ts";

/** Marks of the vault that is mutated, searched in every error. */
const PASSPHRASE = "canary-passphrase-41c7";
const VALUE = "canary-value-93e1";

/** How many were refused with a typed error, and how many opened all the same, by kind of mutation. */
export interface MutationCounts {
  readonly refused: number;
  readonly opened: number;
}

/**
 * Opens `count` mutated vault files. Each must either be refused with a CoopError `vault_refused` that names no content, or
 * open to a list of secrets (a change of a blank, or a plaintext that somebody with the key wrote); and no file is touched.
 *
 * @throws Error naming seed, number and kind of the first one that is not so
 */
export async function tryMutations(parts: {
  readonly count: number;
  readonly seed: number;
  readonly derive: DeriveKey;
}): Promise<MutationCounts> {
  const folder = mkdtempSync(join(tmpdir(), "coop-mutations-"));
  try {
    return await tryAll(folder, parts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryAll(
  folder: string,
  { count, seed, derive }: Parameters<typeof tryMutations>[0],
): Promise<MutationCounts> {
  const whole = join(folder, "whole.json");
  const vault = await Vault.create({ path: whole, passphrase: new Secret(PASSPHRASE), derive });
  vault.put("a", new Secret(VALUE), ["api.example.com"]);
  vault.put("b", new Secret("second"));
  vault.close();
  const bytes = new Uint8Array(readFileSync(whole));
  const salt = new Uint8Array(Buffer.from((JSON.parse(readFileSync(whole, "utf8")) as { salt: string }).salt, "hex"));
  const original = { bytes, key: await derive(new Secret(PASSPHRASE), salt) };
  const random = createRandom(seed);
  const counts = { refused: 0, opened: 0 };
  const path = join(folder, "mutated.json");
  for (let at = 0; at < count; at += 1) {
    const mutated = mutate(original, random);
    writeFileSync(path, mutated.bytes, { mode: 0o600 });
    const verdict = await tryOne(path, derive, mutated.kind === "plaintext");
    if (!Buffer.from(mutated.bytes).equals(readFileSync(path))) throw new Error(`seed ${seed}, ${at}: file changed`);
    if (verdict.kind === "wrong") throw new Error(`seed ${seed}, number ${at}, ${mutated.kind}: ${verdict.what}`);
    counts[verdict.kind] += 1;
  }
  return counts;
}

async function tryOne(
  path: string,
  derive: DeriveKey,
  mayDiffer: boolean,
): Promise<{ readonly kind: "refused" | "opened" } | { readonly kind: "wrong"; readonly what: string }> {
  try {
    using vault = await Vault.open({ path, passphrase: new Secret(PASSPHRASE), derive });
    const found = vault.entries().map(({ name }) => `${name}=${vault.secret(name)?.reveal()}`);
    if (mayDiffer || found.join() === `a=${VALUE},b=second`) return { kind: "opened" };
    return { kind: "wrong", what: "it opened to something else" };
  } catch (error) {
    if (!(error instanceof CoopError) || error.code !== "vault_refused")
      return { kind: "wrong", what: `threw ${error}` };
    const text = JSON.stringify([error.message, error.next, error.details, String(error.cause)]);
    return /canary|second/.test(text) ? { kind: "wrong", what: "the error names contents" } : { kind: "refused" };
  }
}

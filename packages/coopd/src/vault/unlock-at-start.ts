import type { Log } from "coopd-core";
import type { SecretSettings } from "./secret-settings.ts";
import type { VaultKeeper } from "./vault-keeper.ts";

/**
 * Opens the vault that the environment names with the passphrase that it gives. A failure is a warning: the farm runs, and hens
 * that need a key wait for the unlock.
 */
export async function unlockAtStart(
  keeper: VaultKeeper,
  { vaultPath, passphrase }: Pick<SecretSettings, "vaultPath" | "passphrase">,
  log: Log,
): Promise<void> {
  if (vaultPath === undefined || passphrase === undefined) return;
  try {
    await keeper.unlock(vaultPath, passphrase);
  } catch (error) {
    log.warn("COOP_VAULT was not opened; hens that need a key wait", { error });
  } finally {
    passphrase.close();
  }
}

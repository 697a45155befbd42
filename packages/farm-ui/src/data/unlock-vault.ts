import { tell } from "../kit/toast.tsx";
import { client } from "./client.ts";
import { attentionChanged, vaultChanged } from "./refresh.ts";

/** Opens the vault, says so, and has what the page shows of it read again. @throws CoopError what the farm refuses */
export async function unlockVault(path: string, passphrase: string): Promise<void> {
  await client.vault.unlock(path, passphrase);
  tell({ kind: "done", text: "The vault is open; what waited for a key goes on" });
  vaultChanged();
  attentionChanged();
}

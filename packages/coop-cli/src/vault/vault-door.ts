import type { CoopClient, SecretAnswer } from "coop-client";
import { CoopError } from "coopd-core";
import { identifyFile, type Secret, Vault } from "coopd-vault";
import type { CommandContext } from "../command-context.ts";
import { readPassphrase } from "../secrets/passphrase.ts";

/** A vault's file, however it is reached. Whoever opened it closes it. */
export interface VaultDoor extends Disposable {
  /** By name, in order. */
  entries(): Promise<readonly SecretAnswer[]>;
  /** Takes the value over. */
  put(name: string, value: Secret, hosts: readonly string[] | undefined): Promise<void>;
  remove(name: string): Promise<void>;
  bind(name: string, hosts: readonly string[]): Promise<void>;
  /** `askNext` is called when the passphrase that holds now is known. */
  rotate(askNext: () => Promise<Secret>): Promise<void>;
}

/** The daemon is asked whether it holds the file; one that hangs must not keep a command that needs none. */
const ASK_MS_MAX = 5_000;

/**
 * The vault at `path`: through the daemon when that has this very file open (device and inode, whatever the paths), else the
 * file itself under its lock. A daemon that opens or rewrites it between the question and the lock is asked once more.
 * @throws CoopError what opening a vault throws, `vault_busy` when another process than this daemon has it
 */
export async function openVaultDoor(context: CommandContext, path: string): Promise<VaultDoor> {
  const [asker, client] = await Promise.all([context.client({ timeoutMs: ASK_MS_MAX }), context.client()]);
  if (await holds(asker, path)) return throughDaemon(context, client);
  try {
    const passphrase = await readPassphrase(context);
    try {
      return directly(await Vault.open({ path, passphrase }));
    } finally {
      passphrase.close();
    }
  } catch (error) {
    const isBusy = error instanceof CoopError && error.code === "vault_busy";
    if (isBusy && (await holds(asker, path))) return throughDaemon(context, client);
    throw error;
  }
}

async function holds(client: CoopClient, path: string): Promise<boolean> {
  const own = identifyFile(path);
  if (own === undefined) return false;
  try {
    const { file } = await client.vault.status();
    return file?.device === own.device && file.inode === own.inode;
  } catch (error) {
    // No daemon, another one, or one that wants a token: the lock says whether somebody has the file.
    if (error instanceof CoopError) return false;
    throw error;
  }
}

function throughDaemon(context: CommandContext, client: CoopClient): VaultDoor {
  return {
    entries: () => client.vault.secrets(),
    async put(name, value, hosts) {
      using secret = value;
      await client.vault.put(name, secret.reveal(), hosts);
    },
    remove: (name) => client.vault.remove(name),
    bind: (name, hosts) => client.vault.bind(name, hosts),
    async rotate(askNext) {
      using passphrase = await readPassphrase(context);
      using next = await askNext();
      await client.vault.rotate(passphrase.reveal(), next.reveal());
    },
    [Symbol.dispose]: () => {},
  };
}

function directly(vault: Vault): VaultDoor {
  return {
    entries: async () => vault.entries(),
    put: async (name, value, hosts) => vault.put(name, value, hosts),
    remove: async (name) => vault.remove(name),
    bind: async (name, hosts) => vault.bind(name, hosts),
    async rotate(askNext) {
      using next = await askNext();
      await vault.rotate(next);
    },
    [Symbol.dispose]: () => vault.close(),
  };
}

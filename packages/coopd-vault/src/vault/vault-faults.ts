import { CoopError } from "coopd-core";
import { FileFault } from "../disk/private-file.ts";

/** What reading or writing a vault's file met, as one of ours; the path is the farmer's own. */
export function toVaultError(error: unknown, path: string): CoopError {
  if (error instanceof CoopError) return error;
  if (error instanceof FileFault) return new CoopError("vault_refused", `the vault ${path} ${error.message}`);
  const code = (error as NodeJS.ErrnoException).code ?? "";
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return new CoopError("vault_refused", `there is no vault ${path}`, { next: `Make one: coop vault init ${path}` });
    case "EEXIST":
      return new CoopError("vault_exists", `${path} exists already; it is left as it is`, {
        next: "Give another path, or use the vault that is there.",
      });
    case "ELOOP":
      return new CoopError("vault_refused", `the vault ${path} is a link`, { next: "Name the file itself." });
    case "ENOSPC":
    case "EDQUOT":
      return new CoopError("disk_full", `the disk of ${path} is full; the vault is as it was`, { cause: error });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new CoopError("vault_refused", `the vault ${path} cannot be opened or written by this user (${code})`);
  }
  if (/^E[A-Z]+$/.test(code)) return new CoopError("vault_refused", `the vault ${path} cannot be used (${code})`);
  return new CoopError("internal", "internal error; see the daemon's log", { cause: error });
}

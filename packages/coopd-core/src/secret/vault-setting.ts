/** The store's setting with the path of the vault that was opened last: what a restart, a hint and a backup mean by "the vault". */
export const VAULT_PATH_SETTING = "vault.path";

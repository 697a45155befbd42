import type { Operation } from "./operation.ts";

const body = (name: string) => ({ "application/json": { schema: { $ref: `#/components/schemas/${name}` } } });
const OK = { status: 200, answers: "ok", schema: "Ok" } as const;

/** `/vault…`. */
export const VAULT_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/vault/status",
    summary: "Whether a vault is open, and which",
    status: 200,
    answers: "status",
    schema: "VaultStatus",
  },
  {
    method: "post",
    path: "/api/v1/vault/init",
    summary: "Make an empty vault where the farm's is meant to be, and open it; never over a file that is there",
    body: body("VaultInit"),
    status: 201,
    answers: "where it is",
    schema: "VaultMade",
  },
  {
    method: "post",
    path: "/api/v1/vault/unlock",
    summary: "Open a vault of the daemon's host in place of the one that is open; five wrong tries a minute",
    body: body("VaultUnlock"),
    ...OK,
  },
  { method: "post", path: "/api/v1/vault/lock", summary: "Forget the vault's key and secrets", ...OK },
  {
    method: "post",
    path: "/api/v1/vault/rotate",
    summary: "Change the passphrase of the vault that is open",
    body: body("VaultRotate"),
    ...OK,
  },
  {
    method: "get",
    path: "/api/v1/vault/secrets",
    summary: "Names and hosts of the secrets, in order; none while it is locked",
    status: 200,
    answers: "names",
    schema: "VaultSecrets",
  },
  {
    method: "put",
    path: "/api/v1/vault/secrets",
    summary: "Add or replace a secret; it is on disk when this answers",
    body: body("VaultPut"),
    ...OK,
  },
  {
    method: "put",
    path: "/api/v1/vault/secrets/{name}/hosts",
    summary: "Say where a secret may be sent to besides its provider's own host",
    body: body("VaultHosts"),
    ...OK,
  },
  { method: "delete", path: "/api/v1/vault/secrets/{name}", summary: "Remove a secret", ...OK },
];

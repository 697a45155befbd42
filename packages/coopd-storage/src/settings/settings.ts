import type { Scope, WriteScope } from "../rows/scope.ts";

/** The value under a key, or undefined. */
export function setting(scope: Scope, key: string): string | undefined {
  return scope.sql.get<{ value: string }>("SELECT value FROM settings WHERE key = $key", { key })?.value;
}

/** Sets a key, or replaces what it holds. */
export function putSetting(scope: WriteScope, key: string, value: string): void {
  scope.sql.run(
    "INSERT INTO settings (key, value) VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    { key, value },
  );
}

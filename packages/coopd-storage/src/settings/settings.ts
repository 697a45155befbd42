import type { Scope, WriteScope } from "../rows/scope.ts";

export function setting(scope: Scope, key: string): string | undefined {
  return scope.sql.get<{ value: string }>("SELECT value FROM settings WHERE key = $key", { key })?.value;
}

export function putSetting(scope: WriteScope, key: string, value: string): void {
  scope.sql.run(
    "INSERT INTO settings (key, value) VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    { key, value },
  );
}

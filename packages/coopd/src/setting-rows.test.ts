import { expect, test } from "bun:test";
import { readInvocation, showConfig } from "./config.ts";
import { SETTING_ROWS } from "./setting-rows.ts";
import { USAGE } from "./usage.ts";

/** Not Coop's: where the data is without a setting. */
const OF_THE_SYSTEM = ["HOME"];

/** The environment as `readInvocation` asks for it. */
function watchedEnvironment(values: Readonly<Record<string, string>>) {
  const asked = new Set<string>();
  const env = new Proxy<Record<string, string | undefined>>(
    { ...values },
    {
      get: (target, name: string) => {
        asked.add(name);
        return target[name];
      },
    },
  );
  return { env, asked };
}

test("the table has exactly the variables that the daemon reads", () => {
  // Azure's are looked at when one of them is set, hence two environments.
  const without = watchedEnvironment({ HOME: "/nowhere" });
  readInvocation(["serve"], without.env);
  const withAzure = watchedEnvironment({
    HOME: "/nowhere",
    AZURE_TENANT_ID: "11111111-1111-1111-1111-111111111111",
    AZURE_CLIENT_ID: "22222222-2222-2222-2222-222222222222",
    AZURE_CLIENT_SECRET: "s",
    AZURE_KEYVAULT_DNS_SUFFIX: "vault.azure.cn",
  });
  readInvocation(["serve"], withAzure.env);
  const asked = [...new Set([...without.asked, ...withAzure.asked])].filter((name) => !OF_THE_SYSTEM.includes(name));
  expect(asked.sort()).toEqual(SETTING_ROWS.flatMap(({ variables }) => variables).sort());
});

test("each default is what config-show says with nothing set, and every line of config-show has its row", () => {
  const invocation = readInvocation(["config-show"], { HOME: "/nowhere" });
  if (invocation.command !== "config-show") throw new Error("another command");
  const shown = new Map(
    showConfig(invocation.config)
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" = ") as [string, string]),
  );
  expect(shown.get("data_dir")).toBe("/nowhere/.coop");
  shown.delete("data_dir");
  const cores = String(navigator.hardwareConcurrency * 4);
  const rows = SETTING_ROWS.filter((row) => row.shown !== undefined);
  expect(Object.fromEntries(shown)).toEqual(
    Object.fromEntries(rows.map((row) => [row.shown, row.default === "4 × cores" ? cores : row.default])),
  );
});

test("the help names every variable and option", () => {
  for (const { option, variables } of SETTING_ROWS) {
    for (const name of variables) expect(USAGE).toContain(name);
    if (option !== undefined) expect(USAGE).toContain(option);
  }
  expect(USAGE.split("\n").filter((line) => line.length > 110)).toEqual([]);
});

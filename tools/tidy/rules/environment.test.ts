import { expect, test } from "bun:test";
import { objections } from "../testing/fixture.ts";
import { environment } from "./environment.ts";

test("every way to the environment is found", async () => {
  const text = [
    "export const a = process.env.HOME;",
    'export const b = Bun.env["HOME"];',
    "export const c = import.meta.env;",
    'import { env } from "node:process";',
    'import { env as e } from "process";',
    "const { env: f } = process;",
    "const [, g] = [1, 2];",
    "void [env, e, f, g];",
  ].join("\n");
  const found = await objections(environment, { "packages/coopd-vault/src/a.ts": text });
  expect(found).toEqual(
    [1, 2, 3, 4, 5, 6].map((line) => `packages/coopd-vault/src/a.ts:${line} reads the environment`),
  );
});

test("config.ts of a program, tests and tools may read it; a word or another env may be used", async () => {
  const found = await objections(environment, {
    "packages/coopd/src/config.ts": "export const a = process.env;\n",
    "packages/coopd/src/main.test.ts": "export const a = process.env;\n",
    "tools/a.ts": "export const a = process.env;\n",
    "packages/coopd/src/b.ts": 'export const b = (parts: { env: string }) => [parts.env, "process.env"];\n',
  });
  expect(found).toEqual([]);
});

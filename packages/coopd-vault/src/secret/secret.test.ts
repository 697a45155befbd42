import { describe, expect, spyOn, test } from "bun:test";
import { inspect } from "node:util";
import { CoopError } from "coopd-core";
import { Secret } from "./secret.ts";

const VALUE = "sk-test-7f3a-ümlaut-🐔";

describe("a secret never shows its value", () => {
  const secret = new Secret(VALUE);
  const holder = { name: "key", secret, list: [secret], map: new Map([["k", secret]]) };
  const views: Record<string, () => string> = {
    "in a template": () => `${secret}`,
    "joined to a string": () => ["", secret].join(""),
    "by String()": () => String(secret),
    "by toString()": () => secret.toString(),
    "in JSON": () => JSON.stringify(secret),
    "in JSON, inside something": () => JSON.stringify({ ...holder, map: [...holder.map] }),
    "by util.inspect": () => inspect(secret),
    "by util.inspect with everything on": () =>
      inspect(holder, { showHidden: true, depth: 9, getters: true, showProxy: true, customInspect: true }),
    "by util.inspect that skips custom views": () =>
      inspect(holder, { customInspect: false, showHidden: true, depth: 9 }),
    "by Bun.inspect": () => Bun.inspect(holder),
    "by util.format": () => inspect([secret]),
    "as an error's cause": () => inspect(new Error("x", { cause: secret })),
    "in a CoopError's details": () => inspect(new CoopError("internal", "x", { details: { secret }, cause: secret })),
    "in its keys": () => JSON.stringify([Object.keys(secret), Object.entries(secret), Reflect.ownKeys(secret)]),
    "as a number": () => String(Number(secret)),
    "after structuredClone": () => inspect(structuredClone({ secret }), { showHidden: true }),
  };

  test.each(Object.entries(views))("%s", (_name, view) => {
    const text = view();
    expect(text).not.toContain("7f3a");
    expect(text).not.toContain(Buffer.from(VALUE).toString("hex").slice(0, 12));
    expect(text).not.toContain(Buffer.from(VALUE).toString("base64").slice(0, 12));
    expect(text).not.toContain([...Buffer.from(VALUE)].slice(0, 6).join(","));
  });

  test.each(["in a template", "by String()", "by util.inspect", "by Bun.inspect"])("%s it reads [secret]", (name) => {
    expect(views[name]?.()).toContain("[secret]");
  });

  test("by console.log, in a process of its own", () => {
    const program = `import { Secret } from ${JSON.stringify(`${import.meta.dir}/secret.ts`)};
      const s = new Secret(${JSON.stringify(VALUE)}); console.log(s, { s }, [s]); console.error("%s %o %j", s, s, s);`;
    const run = Bun.spawnSync([process.execPath, "--no-env-file", "--config=/dev/null", "-e", program]);
    const printed = run.stdout.toString() + run.stderr.toString();
    expect(run.exitCode).toBe(0);
    expect(printed).toContain("[secret]");
    expect(printed).not.toContain("7f3a");
  });

  test("and printing it does not reveal it on the way", () => {
    const reveal = spyOn(Secret.prototype, "reveal");
    String(inspect(holder)) + JSON.stringify(secret);
    expect(reveal).not.toHaveBeenCalled();
    reveal.mockRestore();
  });
});

describe("a secret", () => {
  test("is refused after it was closed", () => {
    const secret = new Secret("a");
    secret.close();
    secret.close();
    expect(() => secret.reveal()).toThrow(expect.objectContaining({ code: "secret_unavailable" }));
    expect(() => new Secret("a").equals(secret)).toThrow(expect.objectContaining({ code: "secret_unavailable" }));
  });

  test("overwrites its bytes when it is closed", () => {
    const bytes = new TextEncoder().encode("abc");
    new Secret(bytes).close();
    expect([...bytes]).toEqual([0, 0, 0]);
  });

  test("closes at the end of a `using` block", () => {
    const bytes = new TextEncoder().encode("abc");
    {
      using secret = new Secret(bytes);
      expect(secret.reveal()).toBe("abc");
    }
    expect([...bytes]).toEqual([0, 0, 0]);
  });

  test("refuses to reveal bytes that are not UTF-8, without showing them", () => {
    const secret = new Secret(new Uint8Array([0x73, 0xff, 0xfe]));
    expect(() => secret.reveal()).toThrow(expect.objectContaining({ code: "secret_unavailable" }));
  });

  test.each(["", "plain", VALUE, "\ufeffbom", "a\0b", "x".repeat(100_000)])("gives back what it holds: %#", (value) => {
    expect(new Secret(value).reveal()).toBe(value);
  });

  test("equals another with the same value only", () => {
    expect(new Secret("same").equals(new Secret("same"))).toBe(true);
    expect(new Secret("same").equals(new Secret("samf"))).toBe(false);
    expect(new Secret("same").equals(new Secret("longer"))).toBe(false);
  });

  test("cannot be given another way to show itself", () => {
    const secret = new Secret("a");
    expect(() => Object.assign(secret, { toJSON: () => "leak" })).toThrow(TypeError);
  });
});

import { expect, test } from "bun:test";
import type { Door, Pen, Sandbox } from "coopd-sandbox";
import type { HandOn } from "../delegate/delegate-tool.ts";
import { createToolRegistry } from "./tool-registry.ts";

const unused = new Proxy({}, { get: () => expect.unreachable() });
const registry = createToolRegistry({
  sandbox: unused as Sandbox,
  penOf: async () => unused as Pen,
  handOn: unused as HandOn,
  door: unused as Door,
  networkOf: async () => null,
});

test("specs come in the order asked for, and names that are no tools are left out", () => {
  expect(registry.specs(["file_write", "nope", "bash", "constructor"]).map((spec) => spec.name)).toEqual([
    "file_write",
    "bash",
  ]);
  expect(registry.get("nope")).toBeUndefined();
  expect(registry.names()).toEqual(["bash", "file_read", "file_write", "http", "delegate"]);
});

test("the schemas are the contract's", () => {
  const shape = (name: string) => registry.get(name)?.spec.input_schema;
  expect(shape("bash")).toMatchObject({
    type: "object",
    required: ["command"],
    properties: { command: { type: "string" }, timeout_s: { type: "integer", default: 30, minimum: 1, maximum: 600 } },
  });
  expect(shape("file_read")).toMatchObject({
    required: ["path"],
    properties: { path: { type: "string" }, max_bytes: { type: "integer", default: 1_048_576 } },
  });
  expect(shape("file_write")).toMatchObject({
    required: ["path", "content"],
    properties: { path: { type: "string" }, content: { type: "string" }, append: { type: "boolean", default: false } },
  });
  expect(shape("http")).toMatchObject({
    required: ["url"],
    properties: {
      url: { type: "string" },
      method: { enum: ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"], default: "GET" },
      headers: { type: "object", additionalProperties: { type: "string" } },
      body: { type: ["string", "null"] },
    },
  });
  expect(shape("delegate")).toMatchObject({
    required: ["hen", "prompt"],
    properties: { hen: { type: "string" }, prompt: { type: "string" } },
  });
});

test("the effect of a call is that of its very input, and a malformed one has none", () => {
  const effect = (name: string, input: unknown) => registry.get(name)?.effectOf(input);
  expect(effect("bash", { command: "true" })).toBe("once");
  expect(effect("file_read", { path: "a" })).toBe("pure");
  expect(effect("file_write", { path: "a", content: "" })).toBe("keyed");
  expect(effect("file_write", { path: "a", content: "", append: true })).toBe("once");
  for (const method of [undefined, "GET", "get", "HEAD"]) expect(effect("http", { url: "x", method })).toBe("pure");
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "PURGE"]) {
    expect(effect("http", { url: "x", method })).toBe("once");
  }
  for (const name of registry.names())
    for (const input of [{}, null, "x", [], { path: 1 }]) expect(effect(name, input)).toBe("pure");
});

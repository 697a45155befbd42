import { afterAll, expect, test } from "bun:test";
import { chmodSync, chownSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import type { CoopError } from "coopd-core";
import { Secret } from "../secret/secret.ts";
import { makeFolder } from "../testing/vault-folder.ts";
import { KeyFiles } from "./key-file.ts";
import { requireKeyText } from "./key-text.ts";

const folder = makeFolder();
afterAll(() => folder.remove());

const write = (name: string, text: string, mode = 0o600) => {
  writeFileSync(folder.path(name), text);
  chmodSync(folder.path(name), mode);
  return folder.path(name);
};
const faultOf = (path: string) => {
  try {
    new KeyFiles().secret(path);
    return "none";
  } catch (error) {
    expect(error).toMatchObject({ code: "secret_unavailable" });
    return (error as CoopError).message.replace(`the key file ${path} `, "");
  }
};

test("a key file that others may read or change, or that is no plain file, is refused", () => {
  expect(faultOf(folder.path("missing"))).toBe("is not there");
  expect(faultOf(write("group", "k", 0o640))).toStartWith("is open to others");
  expect(faultOf(write("world", "k", 0o604))).toStartWith("is open to others");
  mkdirSync(folder.path("folder"));
  expect(faultOf(folder.path("folder"))).toBe("is no ordinary file");
  symlinkSync(write("target", "k"), folder.path("link"));
  expect(faultOf(folder.path("link"))).toBe("is a link");
  linkSync(write("one", "k"), folder.path("two"));
  expect(faultOf(folder.path("two"))).toBe("has more than one name");
  Bun.spawnSync(["mkfifo", "-m", "600", folder.path("fifo")]);
  expect(faultOf(folder.path("fifo"))).toBe("is no ordinary file");
  expect(faultOf(write("huge", "k".repeat(65_537)))).toBe("is larger than 65536 bytes");
  if (process.geteuid?.() === 0) {
    chownSync(write("foreign", "k"), 12_345, 12_345);
    expect(faultOf(folder.path("foreign"))).toBe("belongs to another user");
  }
});

test("a key file is read without its line end, and again when it changes; what it was is overwritten", () => {
  const files = new KeyFiles();
  const path = write("key", "sk-1\n");
  const first = files.secret(path);
  expect(first.reveal()).toBe("sk-1");
  expect(files.secret(path)).toBe(first);
  write("key", "sk-2\r\n", 0o400);
  expect(files.secret(path).reveal()).toBe("sk-2");
  expect(first.isClosed).toBe(true);
  const second = files.secret(path);
  files.close();
  expect(second.isClosed).toBe(true);
});

test("what cannot be a header's value is no key, and is not repeated", () => {
  for (const value of ["", " ", "two words", "line\nbreak", "tab\t", "ümlaut", "nul\0", "x".repeat(8_193), "LEAK\r"]) {
    try {
      requireKeyText(new Secret(value), "vault:a");
      throw new Error(`accepted ${JSON.stringify(value)}`);
    } catch (error) {
      expect(error).toMatchObject({ code: "secret_unavailable" });
      expect((error as CoopError).message).not.toContain("LEAK");
    }
  }
  expect(requireKeyText(new Secret("sk-ant-api03-A_b.c~!"), "vault:a").reveal()).toBe("sk-ant-api03-A_b.c~!");
});

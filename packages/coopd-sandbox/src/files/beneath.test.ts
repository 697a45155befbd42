import { afterEach, beforeEach, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { makeFolder } from "../testing/test-sandbox.ts";
import { testWhere } from "../testing/test-where.ts";
import type { HenFolder } from "./open-beneath.ts";
import { readBeneath } from "./read-beneath.ts";
import { writeBeneath } from "./write-beneath.ts";

let root = "";
let folder: HenFolder;
const isRoot = process.getuid?.() === 0;

beforeEach(() => {
  root = makeFolder("coop-files-");
  mkdirSync(`${root}/work/sub`, { recursive: true });
  mkdirSync(`${root}/outside`);
  writeFileSync(`${root}/outside/secret`, "secret");
  folder = { workdir: `${root}/work`, uid: isRoot ? 200_000 : undefined, home: "/home/aria" };
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, content: string, append = false) =>
  writeBeneath(folder, { path, content: Buffer.from(content), append });
const read = (path: string, bytesMax = 1000) => Buffer.from(readBeneath(folder, path, bytesMax).start).toString();
const secret = () => readFileSync(`${root}/outside/secret`, "utf8");

test("a link as the last part: plain writing follows it, ours refuses both ways", () => {
  symlinkSync("../outside/secret", `${root}/work/link`);
  writeFileSync(`${root}/work/link`, "followed");
  expect(secret()).toBe("followed"); // the attack works without the wall
  expect(() => write("link", "x")).toThrow("symbolic link");
  expect(() => write("link", "x", true)).toThrow("symbolic link");
  expect(() => read("link")).toThrow("symbolic link");
  expect(secret()).toBe("followed");
});

test("a link that leads to nothing: plain writing makes its target, ours does not", () => {
  symlinkSync("../outside/new", `${root}/work/link`);
  expect(() => write("link", "x")).toThrow("symbolic link");
  expect(() => write("link", "x", true)).toThrow("symbolic link");
  expect(readdirSync(`${root}/outside`)).toEqual(["secret"]);
  writeFileSync(`${root}/work/link`, "x");
  expect(readdirSync(`${root}/outside`)).toEqual(["new", "secret"]);
});

test("a link as a folder on the way: nothing is read, written or made behind it", () => {
  symlinkSync("../outside", `${root}/work/dir`);
  mkdirSync(`${root}/work/dir/made`, { recursive: true });
  expect(readdirSync(`${root}/outside`)).toContain("made"); // what the original's mkdir does (weaknesses A14)
  for (const attempt of [() => read("dir/secret"), () => write("dir/secret", "x"), () => write("dir/a/b", "x")]) {
    expect(attempt).toThrow("where a directory is expected");
  }
  expect(readdirSync(`${root}/outside`).sort()).toEqual(["made", "secret"]);
});

test("a second name of an outside file: plain writing changes it, ours refuses", () => {
  linkSync(`${root}/outside/secret`, `${root}/work/hard`);
  writeFileSync(`${root}/work/hard`, "changed");
  expect(secret()).toBe("changed");
  for (const attempt of [() => read("hard"), () => write("hard", "x"), () => write("hard", "x", true)]) {
    expect(attempt).toThrow("2 names");
  }
  expect(secret()).toBe("changed");
});

testWhere(isRoot, "the device trap needs root to make a device")("devices are refused at once instead of read", () => {
  execFileSync("mknod", [`${root}/work/device`, "c", "1", "5"]); // /dev/zero: reading never ends
  expect(() => read("device")).toThrow("not a regular file");
  expect(() => write("device", "x")).toThrow("not a regular file");
  expect(() => write("device", "x", true)).toThrow("not a regular file");
});

test("FIFOs and sockets are refused at once instead of waited for", async () => {
  execFileSync("mkfifo", [`${root}/work/fifo`]);
  const server = createServer();
  await new Promise<void>((done) => server.listen(`${root}/work/socket`, done));
  for (const name of ["fifo", "socket"]) {
    expect(() => read(name)).toThrow("not a regular file");
    expect(() => write(name, "x")).toThrow("not a regular file");
    expect(() => write(name, "x", true)).toThrow("not a regular file");
  }
  await new Promise((done) => server.close(done));
});

test("`..`, foreign absolute paths, NULs, directories and overlong names are refused", () => {
  for (const path of ["../outside/secret", "sub/../../outside/secret", "sub/..", "..", "/home/aria/../x"]) {
    expect(() => read(path)).toThrow("`..` is not allowed");
    expect(() => write(path, "x")).toThrow("`..` is not allowed");
  }
  for (const path of ["/etc/passwd", "/home/ariadne/x", `${root}/work/x`]) {
    expect(() => read(path)).toThrow("outside of the workdir");
  }
  for (const path of ["a\0b", "sub", "sub/", ".", "", "/home/aria", "x".repeat(300), "y/".repeat(4000)]) {
    expect(() => write(path, "x")).toThrow();
  }
});

test("a refused write leaves nothing beside its place and cuts nothing", () => {
  linkSync(`${root}/outside/secret`, `${root}/work/hard`);
  expect(() => write("hard", "x")).toThrow();
  expect(readdirSync(`${root}/work`).sort()).toEqual(["hard", "sub"]);
  expect(lstatSync(`${root}/outside/secret`).size).toBe(6);
});

test("a sparse terabyte gives its beginning and its size", () => {
  writeFileSync(`${root}/work/big`, "start");
  truncateSync(`${root}/work/big`, 2 ** 40);
  const { start, bytes } = readBeneath(folder, "big", 5);
  expect([Buffer.from(start).toString(), bytes]).toEqual(["start", 2 ** 40]);
});

test("files are written with their folders, replaced whole with their mode kept, and appended to", () => {
  expect(write("a/b/./c.txt", "one")).toBe("a/b/c.txt");
  chmodSync(`${root}/work/a/b/c.txt`, 0o755);
  write("/home/aria/a/b/c.txt", "two");
  write("a/b/c.txt", "+three", true);
  write("new.txt", "appended", true);
  expect([read("a//b/c.txt"), read("new.txt")]).toEqual(["two+three", "appended"]);
  expect(statSync(`${root}/work/a/b/c.txt`).mode & 0o777).toBe(0o755);
  expect(readdirSync(`${root}/work/a/b`)).toEqual(["c.txt"]);
});

testWhere(isRoot, "giving files away needs root")("what a root daemon writes belongs to the hen", () => {
  write("x/y.txt", "mine");
  for (const path of ["x", "x/y.txt"]) expect(statSync(`${root}/work/${path}`).uid).toBe(200_000);
});

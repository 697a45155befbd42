import { expect, test } from "bun:test";
import { isPlainPath, matchesPathPrefix } from "./plain-path.ts";

test("a path that some server reads as another is not plain", () => {
  const paths = [
    "",
    "v1",
    "/v1/../admin",
    "/v1/..",
    "/./v1",
    "/v1/%2e%2e/admin",
    "/v1/.%2E/admin",
    "/v1/%2E/x",
    "/v1%2fadmin",
    "/v1/..%2fadmin",
    "/v1/..%5cadmin",
    "/v1/..\\admin",
    "/v1/%252e%252e/admin",
    "/v1/..;/admin",
    "/v1/..;a=b/admin",
    "/v1/%00",
    "/v1/%2",
    "/v1/%zz",
    "/v1?x",
    "/v1#x",
    "/v 1",
    "/v1/\u00e9",
    "/v1/\t",
  ];
  expect(paths.filter(isPlainPath)).toEqual([]);
});

test("a path that every server reads alike is plain", () => {
  const paths = [
    "/",
    "/v1",
    "/v1/",
    "/v1/a.b",
    "/...",
    "/.well-known/x",
    "/a..b/c",
    "/%C3%A9",
    "/a;b=c",
    "/v1//x",
    "/@scope%40x",
  ];
  expect(paths.filter((path) => !isPlainPath(path))).toEqual([]);
});

test("a prefix ends where a part of the path ends", () => {
  expect(matchesPathPrefix("/v1", "/v10")).toBe(false);
  expect(matchesPathPrefix("/v1/", "/v1")).toBe(false);
  expect(matchesPathPrefix("/v1", "/v1")).toBe(true);
  expect(matchesPathPrefix("/v1", "/v1/x")).toBe(true);
  expect(matchesPathPrefix("/v1/", "/v1/x")).toBe(true);
  expect(matchesPathPrefix("/", "/anything")).toBe(true);
});

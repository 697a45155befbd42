import { expect, test } from "bun:test";
import { parseBaseUrl, toSocketUrl } from "./base-url.ts";

test("an address that is no http or https URL is refused, and says what one looks like", () => {
  for (const text of ["", "localhost:9700", "ftp://a", "127.0.0.1", "http://", "javascript:alert(1)"]) {
    expect(() => parseBaseUrl(text)).toThrow("is not an http:// or https:// address");
  }
});

test("an address with a user name, a query or a fragment is refused, and the password is not repeated", () => {
  expect(() => parseBaseUrl("http://me:hunter2@farm")).toThrow(/"http:\/\/…@farm" has a user name/);
  expect(() => parseBaseUrl("http://farm/?token=x")).toThrow("query");
  expect(() => parseBaseUrl("http://farm/#a")).toThrow("fragment");
});

test("trailing slashes go, a path behind a reverse proxy stays", () => {
  expect(parseBaseUrl("http://127.0.0.1:9700/")).toBe("http://127.0.0.1:9700");
  expect(parseBaseUrl("https://Farm.Example/coop//")).toBe("https://farm.example/coop");
  expect(parseBaseUrl("http://[::1]:9700")).toBe("http://[::1]:9700");
});

test("a socket's address keeps host, path and safety", () => {
  expect(toSocketUrl("http://127.0.0.1:9700", "/watch")).toBe("ws://127.0.0.1:9700/api/v1/watch");
  expect(toSocketUrl("https://farm.example/http", "/watch?since=1")).toBe(
    "wss://farm.example/http/api/v1/watch?since=1",
  );
});

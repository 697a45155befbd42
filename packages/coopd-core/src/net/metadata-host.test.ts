import { expect, test } from "bun:test";
import { isMetadataHost } from "./metadata-host.ts";

test("addresses and names at which clouds hand out credentials are known in their canonical spelling", () => {
  for (const host of [
    "169.254.169.254",
    "169.254.170.2",
    "169.254.169.254.",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "metadata",
    "metadata.google.internal",
    "metadata.google.internal.",
    "METADATA.GOOGLE.INTERNAL",
    "[fd00:ec2::254]",
    "[fd00:ec2::23]",
    "[::ffff:a9fe:a9fe]",
    "[::a9fe:a9fe]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:a9fe:a9fe::]",
  ]) {
    expect(`${host} ${isMetadataHost(host)}`).toBe(`${host} true`);
  }
});

test("other hosts are not taken for one, be they private, near by in number or malformed", () => {
  for (const host of [
    "127.0.0.1",
    "10.0.0.1",
    "169.253.169.254",
    "169.254.evil.example",
    "169.254.169.254.example.org",
    "metadata.example.org",
    "example.org",
    "[::1]",
    "[fe80::1]",
    "[fd00:ec3::254]",
    "[::ffff:7f00:1]",
    "[64:ff9b::8.8.8.8]",
    "[]",
    "[:::]",
    "[1:2:3]",
    "[1:2:3:4:5:6:7:8:9]",
    "[x::1]",
    "",
  ]) {
    expect(`${host} ${isMetadataHost(host)}`).toBe(`${host} false`);
  }
});

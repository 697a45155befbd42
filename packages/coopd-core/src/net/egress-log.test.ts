import { expect, test } from "bun:test";
import { parseHenId } from "../ids/hen-id.ts";
import { allowHost, parseHostAndPort } from "./change-network.ts";
import { allowCommand } from "./egress-log.ts";

const HEN = parseHenId("local.coop/aria");

test("the command that would allow a denial says --private where that is what it takes, and is none where nothing would", () => {
  for (const [host, code, command] of [
    ["a.org", "no_rule", "coop hen allow local.coop/aria a.org:443"],
    ["db.lan", "private_address", "coop hen allow local.coop/aria db.lan:443 --private"],
    ["127.0.0.1", "no_rule", "coop hen allow local.coop/aria 127.0.0.1:443 --private"],
    ["localhost", "port_not_listed", "coop hen allow local.coop/aria localhost:443 --private"],
  ] as const) {
    expect(allowCommand(HEN, { host, code, allow: `${host}:443` })).toBe(command);
  }
  expect(allowCommand(HEN, { host: "a.org", code: "quota", allow: null })).toBeNull();
});

test("what the command says is taken by the change that it stands for", () => {
  for (const host of ["a.org", "127.0.0.1", "10.0.0.1", "x.localhost"]) {
    const words = allowCommand(HEN, { host, code: "no_rule", allow: `${host}:443` })?.split(" ") ?? [];
    const target = { ...parseHostAndPort(words[4] ?? ""), isPrivate: words[5] === "--private" };
    expect(allowHost({ policy: "off", allow: [] }, target)?.allow).toHaveLength(1);
  }
});

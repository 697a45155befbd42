import { expect, test } from "bun:test";
import { parseHenId } from "../ids/hen-id.ts";
import { allowCommand } from "./egress-log.ts";

test("the command that would allow a denial says --private where that is what it takes, and is none where nothing would", () => {
  const hen = parseHenId("local.coop/aria");
  expect(allowCommand(hen, { code: "no_rule", allow: "a.org:443" })).toBe("coop hen allow local.coop/aria a.org:443");
  expect(allowCommand(hen, { code: "private_address", allow: "db.lan:5432" })).toBe(
    "coop hen allow local.coop/aria db.lan:5432 --private",
  );
  expect(allowCommand(hen, { code: "quota", allow: null })).toBeNull();
});

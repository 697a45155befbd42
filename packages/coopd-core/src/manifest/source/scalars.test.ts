import { expect, test } from "bun:test";
import { resolvePlain } from "./scalars.ts";

test("the words of YAML 1.1, dates and digits behind a zero stay text", () => {
  for (const text of [
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    "Yes",
    "OFF",
    "tRUE",
    "nULL",
    "2026-01-01",
    "1:30",
    "007",
    "-07",
    "+00",
    "0123",
    "1_000",
    "0x",
    "0xg",
    "0o8",
    "0b2",
    "0X1F",
    "0O7",
    "1e",
    "e5",
    ".",
    "-",
    "+",
    "-.",
    "1.2.3",
    "1e999",
    "-1e999",
    "inf",
    "nan",
    "Infinity",
    "NaN",
    ".Nan",
    "-.nan",
    "+-1",
    "--1",
    "+",
    "0x-1",
    " 1",
    "1 ",
    "١",
  ]) {
    expect(resolvePlain(text)).toBe(text);
  }
});

test("null, booleans and numbers of the core schema are what they say", () => {
  for (const text of ["", "~", "null", "Null", "NULL"]) expect(resolvePlain(text)).toBeNull();
  for (const text of ["true", "True", "TRUE"]) expect(resolvePlain(text)).toBe(true);
  for (const text of ["false", "False", "FALSE"]) expect(resolvePlain(text)).toBe(false);
  const numbers: Readonly<Record<string, number>> = {
    "0": 0,
    "-0": 0,
    "+1": 1,
    "-1": -1,
    "10": 10,
    "0x1F": 31,
    "-0x1f": -31,
    "0o17": 15,
    "0b101": 5,
    "1.5": 1.5,
    "-.5": -0.5,
    "5.": 5,
    "1e3": 1000,
    "1E-2": 0.01,
    "0.5": 0.5,
    "00.5": 0.5,
    ".inf": Infinity,
    "-.INF": -Infinity,
    "+.Inf": Infinity,
    "9007199254740993": 9007199254740992,
  };
  for (const [text, value] of Object.entries(numbers)) expect(resolvePlain(text)).toBe(value);
  expect(resolvePlain(".NaN")).toBeNaN();
});

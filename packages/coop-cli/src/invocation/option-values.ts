import { CoopError } from "coopd-core";

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The options of one command line, by long name. */
export class OptionValues {
  readonly #values: ReadonlyMap<string, string | true>;

  constructor(values: ReadonlyMap<string, string | true>) {
    this.#values = values;
  }

  flag(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === true ? undefined : value;
  }

  /** In capitals or not. @throws CoopError `bad_request` unless it is one of these */
  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.text(name);
    const choice = findChoice(choices, value);
    if (value === undefined || choice !== undefined) return choice;
    throw refusal(name, value, choices.join(", "));
  }

  /** Several of these with commas between, in capitals or not. @throws CoopError `bad_request` */
  manyOf<Choice extends string>(name: string, choices: readonly Choice[]): readonly Choice[] | undefined {
    const value = this.text(name);
    return value?.split(",").map((part) => {
      const choice = findChoice(choices, part);
      if (choice === undefined) throw refusal(name, value, `${choices.join(", ")}, or several with commas between`);
      return choice;
    });
  }

  /** @throws CoopError `bad_request` unless it is a whole number of at least `min` */
  whole(name: string, min = 0): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (/^\d{1,15}$/.test(value) && Number(value) >= min) return Number(value);
    throw refusal(name, value, `a whole number from ${min}`);
  }

  /** A time as RFC 3339 with its zone, or so long ago: `30m`, `12h`, `7d`. @throws CoopError `bad_request` */
  instant(name: string, nowMs: number): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const [, count, unit = ""] = /^(\d{1,6})([smhd])$/.exec(value) ?? [];
    const ms = count === undefined ? Date.parse(value) : nowMs - Number(count) * (UNIT_MS[unit] ?? 0);
    const hasZone = count !== undefined || /T.*(?:Z|[+-]\d\d:\d\d)$/.test(value);
    if (hasZone && !Number.isNaN(ms)) return new Date(ms).toISOString();
    throw refusal(name, value, "a time as 2026-03-01T10:00:00Z, or how long ago, as 30m, 12h or 7d");
  }

  /** A time as RFC 3339 with its zone, or so long from now: `12h`, `30d`. @throws CoopError `bad_request` */
  deadline(name: string, nowMs: number): string | undefined {
    const value = this.text(name);
    const [, count, unit = ""] = /^(\d{1,6})([smhd])$/.exec(value ?? "") ?? [];
    if (count === undefined) return this.instant(name, nowMs);
    return new Date(nowMs + Number(count) * (UNIT_MS[unit] ?? 0)).toISOString();
  }

  /** Seconds, with a fraction if need be. @throws CoopError `bad_request` */
  seconds(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (/^\d{1,9}(?:\.\d{1,3})?$/.test(value)) return Number(value);
    throw refusal(name, value, "seconds, as in 30 or 0.5");
  }
}

function findChoice<Choice extends string>(choices: readonly Choice[], text: string | undefined): Choice | undefined {
  return choices.find((one) => one.toLowerCase() === text?.toLowerCase());
}

function refusal(name: string, value: string, expected: string): CoopError {
  return new CoopError("bad_request", `--${name} ${JSON.stringify(value)}: expected ${expected}`);
}

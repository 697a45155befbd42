/**
 * The environment of a suite: this one's, less whatever would make a run differ from machine to machine or spend money.
 * Coop's own settings and every provider's key are left out; proxies and certificates stay.
 */
export function toSuiteEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^COOPD?_|_API_KEY$|_TOKEN$|_SECRET$/.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), NO_COLOR: "1" };
}

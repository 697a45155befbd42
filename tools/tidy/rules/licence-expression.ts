/**
 * Whether an SPDX licence expression (SPDX 2.3, annex D) can be met with the `allowed` licences alone: `OR` needs one
 * side, `AND` both. A `WITH` exception, a `+` or anything unreadable is not met: such a licence is for a person to judge.
 */
export function isMet(expression: string, allowed: ReadonlySet<string>): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const readTerm = (): boolean => {
    const token = tokens[at++];
    if (token !== "(") return token !== undefined && allowed.has(token);
    const inner = readOr();
    return tokens[at++] === ")" && inner;
  };
  const readAnd = (): boolean => {
    let met = readTerm();
    while (tokens[at] === "AND") {
      at += 1;
      met = readTerm() && met;
    }
    return met;
  };
  const readOr = (): boolean => {
    let met = readAnd();
    while (tokens[at] === "OR") {
      at += 1;
      met = readAnd() || met;
    }
    return met;
  };
  return readOr() && at === tokens.length;
}

import { type CST, Lexer, Parser } from "yaml";

/** Says that the text is refused, and where. */
export type Refuse = (offset: number, message: string, expected?: string) => void;

/** Collections inside collections. The deepest known key lies at 5; the rest is for `metadata`. Recursive code relies on it. */
export const DEPTH_MAX = 32;

/** A long manifest has about 2,000; this many are read in some 100 ms, and the daemon reads between requests. */
export const TOKENS_MAX = 50_000;

/** The parser's stack holds the document and, at times, a scalar besides the open collections. */
const STACK_MAX = DEPTH_MAX + 2;

/**
 * The concrete syntax of a YAML text, read token by token, so that neither length nor depth grows past its limit before
 * it is seen: what comes after this is recursive. Undefined when a limit was met.
 */
export function readTokens(text: string, refuse: Refuse): readonly CST.Token[] | undefined {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    if (count > TOKENS_MAX) {
      refuse(parser.offset, "has too many parts", `at most ${TOKENS_MAX} YAML tokens`);
      return undefined;
    }
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > STACK_MAX) {
      refuse(parser.offset, "is nested too deeply", `at most ${DEPTH_MAX} levels`);
      return undefined;
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

// Text imports, so that `bun build --compile` puts the scripts into the executable.
import demo from "../../scripts/demo.yaml" with { type: "text" };
import echo from "../../scripts/echo.yaml" with { type: "text" };
import hello from "../../scripts/hello.yaml" with { type: "text" };

const SCRIPTS: ReadonlyMap<string, string> = new Map([
  ["demo", demo],
  ["echo", echo],
  ["hello", hello],
]);

/** The names that `model: NAME` of a scripted brain may have. */
export const SHIPPED_SCRIPT_NAMES: readonly string[] = [...SCRIPTS.keys()];

/** The text of a shipped script; undefined when none has this name. */
export function shippedScript(name: string): string | undefined {
  return SCRIPTS.get(name);
}

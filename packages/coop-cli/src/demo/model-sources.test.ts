import { expect, test } from "bun:test";
import { KEYED_PROVIDERS } from "../init/index.ts";
import { withoutKeys } from "./daemon.ts";
import { chooseBrain, daemonSettings, renderSource } from "./model-sources.ts";

const SERVER = { baseUrl: "http://127.0.0.1:11434/v1", model: "tiny:1b" };

test("a key is named and its value never shown; without one a local server is, without that nothing", () => {
  const brain = chooseBrain({ ANTHROPIC_API_KEY: "sk-very-secret", OPENAI_API_KEY: "" }, [SERVER]);
  const text = brain === undefined ? "" : renderSource(brain, "coop");
  expect(text).toContain("ANTHROPIC_API_KEY is set: local.coop/ada thinks with claude-");
  expect(text).toContain('coop job run local.coop/ada "Who are you?" --wait');
  expect(text).not.toContain("sk-very-secret");
  expect(chooseBrain({}, [SERVER])).toEqual({ kind: "local", server: SERVER });
  expect(chooseBrain({}, [])).toBeUndefined();
});

test("the daemon gets the one key that it is to use, and may send it only where it belongs", () => {
  const [anthropic, , openrouter] = KEYED_PROVIDERS;
  if (anthropic === undefined || openrouter === undefined) throw new Error("no such providers");
  expect(daemonSettings(anthropic)).toEqual({ COOP_ENV_SECRETS: "ANTHROPIC_API_KEY" });
  expect(daemonSettings(openrouter).COOP_SECRET_HOSTS).toBe("env:OPENROUTER_API_KEY=openrouter.ai");
  const environment = {
    ANTHROPIC_API_KEY: "a",
    OPENAI_API_KEY: "o",
    COOP_API_TOKEN: "t",
    GITHUB_TOKEN: "g",
    PATH: "/bin",
  };
  expect(withoutKeys(environment, "ANTHROPIC_API_KEY")).toEqual({
    ANTHROPIC_API_KEY: "a",
    COOP_API_TOKEN: "t",
    PATH: "/bin",
  });
  expect(Object.keys(withoutKeys(environment, undefined))).toEqual(["COOP_API_TOKEN", "PATH"]);
});

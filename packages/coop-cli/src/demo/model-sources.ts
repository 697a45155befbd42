import type { CoopClient } from "coop-client";
import { CoopError, parseHenId } from "coopd-core";
import {
  describeBrain,
  type FirstBrain,
  findKeys,
  firstManifest,
  type KeyedProvider,
  type LocalServer,
} from "../init/index.ts";

/** The hen that thinks with a model that was found. */
export const MODEL_HEN = parseHenId("local.coop/ada");

type Environment = Readonly<Record<string, string | undefined>>;

/** The first key of the environment, else the first model server of this machine; undefined when there is neither. */
export function chooseBrain(environment: Environment, servers: readonly LocalServer[]): FirstBrain | undefined {
  const [provider] = findKeys((name) => environment[name]);
  if (provider !== undefined) return { kind: "key", provider };
  const [server] = servers;
  return server === undefined ? undefined : { kind: "local", server };
}

/** What lets the daemon use exactly this key, and no other of the environment, and send it only where it belongs. */
export function daemonSettings({ variable, host }: KeyedProvider): Readonly<Record<string, string>> {
  return {
    COOP_ENV_SECRETS: variable,
    ...(host === undefined ? {} : { COOP_SECRET_HOSTS: `env:${variable}=${host}` }),
  };
}

/**
 * Creates a hen that thinks with it, where there is none of that name; it is given no job, so nothing is spent.
 * @throws CoopError what the daemon refuses
 */
export async function ensureModelHen(client: CoopClient, brain: FirstBrain): Promise<void> {
  const reference = brain.kind === "key" ? `env:${brain.provider.variable}` : "none";
  try {
    await client.hens.create(new TextEncoder().encode(firstManifest("ada", brain, reference)));
  } catch (error) {
    if (!(error instanceof CoopError) || error.code !== "hen_exists") throw error;
  }
}

/** What was found and the command that uses it. */
export function renderSource(brain: FirstBrain, coop: string): string {
  const found = brain.kind === "key" ? `${brain.provider.variable} is set` : "A model server answers on this machine";
  return (
    `${found}: ${MODEL_HEN} thinks with ${describeBrain(brain)}.\n` +
    `    It has been asked nothing yet; this asks it:\n    ${coop} job run ${MODEL_HEN} "Who are you?" --wait`
  );
}

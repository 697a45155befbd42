import { existsSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { CoopError } from "coopd-core";
import { Secret, Vault } from "coopd-vault";
import type { CommandContext } from "../command-context.ts";
import { describeBrain, type FirstBrain, firstManifest } from "../init/first-manifest.ts";
import { findKeys, findLocalServers, KEYED_PROVIDERS, type KeyedProvider } from "../init/model-sources.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { readFirstPassphrase } from "../secrets/passphrase.ts";
import { readHidden } from "../secrets/read-hidden.ts";
import { said } from "../vault/said.ts";
import { openVaultDoor, type VaultDoor } from "../vault/vault-door.ts";

const FILE = "agent.yaml";
const NAME = "ada";

/** A key that was found, and where. */
interface FoundKey {
  readonly provider: KeyedProvider;
  readonly value: Secret;
}

/**
 * `coop init [FILE]`: looks for keys in the environment and model servers on this machine, seals the keys into the vault, and writes
 * a first manifest. It overwrites no file and asks nobody but this machine. @throws CoopError `bad_request`, `vault_refused`
 */
export async function run(context: CommandContext): Promise<undefined> {
  const { args, options, output } = context;
  const [file = FILE] = args;
  if (existsSync(file)) {
    throw new CoopError("bad_request", `${file} is there already; it is left as it is`, {
      next: "Give another name: coop init FILE",
    });
  }
  const vault = options.text("vault") ?? join(homedir(), ".coop", "vault.json");
  const keys = await findOrAskKeys(context);
  const brain = await chooseBrain(context, keys);
  if (keys.length > 0) await store(context, vault, keys);
  const name = options.text("name") ?? NAME;
  const reference = brain.kind === "key" ? `vault:${brain.provider.name}` : "none";
  writeFileSync(file, firstManifest(name, brain, reference), { flag: "wx" });
  const secrets = keys.map(({ provider }) => provider.name);
  const value = { manifest: file, brain: describeBrain(brain), vault: keys.length === 0 ? null : vault, secrets };
  await said(context, value, `${toPlainLine(file)}: ${name} thinks with ${describeBrain(brain)}`);
  if (brain.kind === "script") {
    await output.note(
      "No key and no model server was found. Set ANTHROPIC_API_KEY, or start Ollama, and say it again.",
    );
  }
  const unlock = brain.kind === "key" ? `coop vault unlock ${vault} && ` : "";
  await output.note(`next: ${unlock}coop hen create ${file} && coop job run local.coop/${name} "…" --wait`);
}

/** Keys of the environment; where there is nothing at all, a person may paste one. */
async function findOrAskKeys({ settings, output, options }: CommandContext): Promise<readonly FoundKey[]> {
  const found = findKeys(settings.variable);
  const keys = found.map((provider) => ({
    provider,
    value: new Secret((settings.variable(provider.variable) ?? "").trim()),
  }));
  const wanted = options.oneOf("use", CHOICES);
  const asked = KEYED_PROVIDERS.find(({ name }) => name === (wanted ?? "anthropic"));
  const isNeeded =
    wanted === undefined ? keys.length === 0 && (await findLocalServers()).length === 0 : isKeyed(wanted);
  if (asked === undefined || !isNeeded || keys.some(({ provider }) => provider === asked)) return keys;
  const value = await readHidden(
    output,
    `No ${asked.variable} is set. Paste a key of ${asked.name}, or Enter for none: `,
  );
  if (value === undefined || value.lend((bytes) => bytes.length) === 0) return keys;
  return [...keys, { provider: asked, value }];
}

const CHOICES = [...KEYED_PROVIDERS.map(({ name }) => name), "local", "script"];

function isKeyed(choice: string): boolean {
  return choice !== "local" && choice !== "script";
}

async function chooseBrain({ options }: CommandContext, keys: readonly FoundKey[]): Promise<FirstBrain> {
  const wanted = options.oneOf("use", CHOICES);
  if (wanted === "script") return { kind: "script" };
  const key = keys.find(({ provider }) => wanted === undefined || provider.name === wanted);
  if (key !== undefined) return { kind: "key", provider: key.provider };
  if (wanted !== undefined && isKeyed(wanted)) {
    const { variable } = KEYED_PROVIDERS.find(({ name }) => name === wanted) as KeyedProvider;
    throw new CoopError("bad_request", `there is no key of ${wanted}`, { next: `Set ${variable} and say it again.` });
  }
  const [server] = await findLocalServers();
  if (server !== undefined) return { kind: "local", server };
  if (wanted === undefined) return { kind: "script" };
  throw new CoopError("bad_request", "no model server answers on this machine", {
    next: "Start Ollama, LM Studio or vLLM with a model, and say it again.",
  });
}

async function store(context: CommandContext, path: string, keys: readonly FoundKey[]): Promise<void> {
  using door = existsSync(path) ? await openVaultDoor(context, path) : await createVault(context, path);
  for (const { provider, value } of keys) {
    await door.put(provider.name, value, provider.host === undefined ? undefined : [provider.host]);
    await context.output.note(`stored a key as \`${provider.name}\` in ${path}`);
  }
}

async function createVault(context: CommandContext, path: string): Promise<Pick<VaultDoor, "put"> & Disposable> {
  await context.output.note(`a new vault ${path}: choose a passphrase for it, nobody can open it without`);
  using passphrase = await readFirstPassphrase(context);
  const vault = await Vault.create({ path, passphrase });
  return {
    put: async (name, value, hosts) => vault.put(name, value, hosts),
    [Symbol.dispose]: () => vault.close(),
  };
}

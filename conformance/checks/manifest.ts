import type { Check } from "../check.ts";
import { matches, same } from "../claims.ts";
import type { Door } from "../door.ts";

const BRAIN = 'brain: {provider_id: none, provider: openai-compat, base_url: "http://127.0.0.1:1/v1", model: m}\n';

/** Manifests that are refused: what stands in place of the usual brain and lines. */
const REFUSED: Readonly<Record<string, string>> = {
  "no YAML": ":\n  - [",
  "another version": `spec_version: coop/v2\nname: x\n${BRAIN}`,
  "no version": `name: x\n${BRAIN}`,
  "no brain": "spec_version: coop/v1\nname: x\n",
  "an empty name": `spec_version: coop/v1\nname: ""\n${BRAIN}`,
  "a name with a capital": `spec_version: coop/v1\nname: Aria\n${BRAIN}`,
  "a name that begins with a digit": `spec_version: coop/v1\nname: 1a\n${BRAIN}`,
  "a name of 33": `spec_version: coop/v1\nname: ${"a".repeat(33)}\n${BRAIN}`,
  "an unknown provider": "spec_version: coop/v1\nname: x\nbrain: {provider_id: none, provider: nobody, model: m}\n",
  "no model": "spec_version: coop/v1\nname: x\nbrain: {provider_id: none}\n",
  "compat without base_url":
    "spec_version: coop/v1\nname: x\nbrain: {provider_id: none, provider: openai-compat, model: m}\n",
  "a base_url of metadata":
    "spec_version: coop/v1\nname: x\nbrain: {provider_id: none, provider: openai-compat, base_url: 'http://169.254.169.254/v1', model: m}\n",
  "a base_url that is none":
    "spec_version: coop/v1\nname: x\nbrain: {provider_id: none, provider: openai-compat, base_url: 'ftp://x', model: m}\n",
  "an unknown policy": `spec_version: coop/v1\nname: x\n${BRAIN}network: {policy: maybe}\n`,
  "a network without a policy": `spec_version: coop/v1\nname: x\n${BRAIN}network: {allow: []}\n`,
  "rules under off": `spec_version: coop/v1\nname: x\n${BRAIN}network: {policy: "off", allow: [{host: a.example}]}\n`,
  "a star in the middle": `spec_version: coop/v1\nname: x\n${BRAIN}network: {policy: allowlist, allow: [{host: a.*.example}]}\n`,
  "a bare star": `spec_version: coop/v1\nname: x\n${BRAIN}network: {policy: allowlist, allow: [{host: "*."}]}\n`,
  "a host with a port": `spec_version: coop/v1\nname: x\n${BRAIN}network: {policy: allowlist, allow: [{host: "a.example:1"}]}\n`,
  "port 0": `spec_version: coop/v1\nname: x\n${BRAIN}network: {policy: allowlist, allow: [{host: a.example, ports: [0]}]}\n`,
  "a lease that needs a framework": `spec_version: coop/v1\nname: x\n${BRAIN}lease: {allow_lease: true}\n`,
  "a lease of a tool that is not there": `spec_version: coop/v1\nname: x\n${BRAIN}tools: [bash]\nlease: {allowed_tools: [http]}\n`,
  "an unknown kind": `spec_version: coop/v1\nname: x\n${BRAIN}agent_kind: parrot\n`,
  "a key twice": `spec_version: coop/v1\nname: x\nname: y\n${BRAIN}`,
  "two documents": `spec_version: coop/v1\nname: x\n${BRAIN}---\n{}\n`,
};

async function stored(door: Door, more: string) {
  return (await door.get(`/hens/${await door.hen({ name: door.fresh("manifest"), more })}`)).json.manifest;
}

/** agent.yaml, by what becomes of it. */
export const MANIFEST_CHECKS: readonly Check[] = [
  {
    id: "manifest-refused",
    section: "manifest",
    title: `${Object.keys(REFUSED).length} manifests that break a rule are 400, and no hen is made`,
    run: async ({ send, get }) => {
      const before = (await get("/farm")).json.hen_count;
      for (const [what, body] of Object.entries(REFUSED)) {
        const answer = await send("POST", "/api/v1/hens", { body, type: "application/yaml" });
        same(what, answer.status, 400);
        matches(`the error of ${what}`, answer.json.error, /./);
      }
      same("hens", (await get("/farm")).json.hen_count, before);
    },
  },
  {
    id: "manifest-scalars",
    section: "manifest",
    title: "off, yes and numbers are text where text is wanted",
    run: async (door) => {
      const manifest = await stored(
        door,
        "network: {policy: off}\npersonality: {system_prompt: yes}\nmetadata: {a: {b: [1]}}\n",
      );
      same("policy", manifest.network.policy, "off");
      same("system_prompt", manifest.personality.system_prompt, "yes");
      same("metadata", manifest.metadata, { a: { b: [1] } });
      await door.send("DELETE", `/api/v1/hens/local.coop%2F${door.fresh("manifest")}`);
    },
  },
  {
    id: "manifest-network",
    section: "manifest",
    title: "a rule's port is 443 unless said",
    run: async (door) => {
      const rules = "[{host: a.example}, {host: '*.b.example', ports: [80, 8080]}]";
      const { network } = await stored(door, `network: {policy: allowlist, allow: ${rules}}\n`);
      same(
        "rules",
        (network.allow as { host: string; ports: number[] }[]).map(({ host, ports }) => [host, ports]),
        [
          ["a.example", [443]],
          ["*.b.example", [80, 8080]],
        ],
      );
      await door.send("DELETE", `/api/v1/hens/local.coop%2F${door.fresh("manifest")}`);
    },
  },
  {
    id: "manifest-inherit",
    section: "domain §7",
    title:
      "memory.inherit_from copies a parent's episodes and is one generation further; an unknown parent is no fault",
    run: async (door) => {
      const parent = await door.idleHen({ name: door.fresh("parent") });
      const { id: job } = await door.ended(parent, "remember");
      const more = `memory: {inherit_from: ${decodeURIComponent(parent)}}\n`;
      const child = await door.hen({ name: door.fresh("child"), more });
      const { lineage } = (await door.get(`/hens/${child}`)).json;
      same("lineage.parent", lineage.parent, decodeURIComponent(parent));
      same(
        "it is a generation behind its parent",
        lineage.generation > (await door.get(`/hens/${parent}`)).json.lineage.generation,
        true,
      );
      const [own] = (await door.get(`/hens/${child}/memory`)).json;
      const [theirs] = (await door.get(`/hens/${parent}/memory`)).json;
      same(
        "the episode",
        [own.job_id, own.at, own.prompt, own.hen_id],
        [job, theirs.at, "remember", decodeURIComponent(child)],
      );
      same("its id is its own", own.id === theirs.id, false);
      await door.hen({ name: door.fresh("orphan"), more: "memory: {inherit_from: local.coop/nobody}\n" });
    },
  },
];

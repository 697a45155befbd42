import { describe, expect, test } from "bun:test";
import { parseManifest } from "../parse.ts";
import { type BadManifest, beginnings, faultsOf, withBrain } from "../testing/faults.ts";
import { baseUrlFault } from "./brain.ts";

const REFERENCES: readonly BadManifest[] = [
  [
    "an unknown scheme",
    "  {model: m, provider_id: 'keyring:KEY'}",
    "4:27 brain.provider_id: is not a secret reference",
  ],
  [
    "a scheme in the wrong case",
    "  {model: m, provider_id: None}",
    "4:27 brain.provider_id: is not a secret reference",
  ],
  ["no reference", "  {model: m, provider_id: ''}", "4:27 brain.provider_id: is empty; expected none, vault:NAME, a"],
  [
    "a vault key without a name",
    "  {model: m, provider_id: 'vault:'}",
    "4:27 brain.provider_id: has a secret name that",
  ],
  [
    "a vault key with a path",
    "  {model: m, provider_id: 'vault:../x'}",
    "4:27 brain.provider_id: has a secret name that",
  ],
  [
    "an Azure vault that is another host (weaknesses C2)",
    "  {model: m, provider_id: 'azure-kv://evil.example?x=/s'}",
    "4:27 brain.provider_id: has a vault name that is not 1-24 letters",
  ],
  [
    "an Azure vault with a port",
    "  {model: m, provider_id: 'azure-kv://v:1/s'}",
    "4:27 brain.provider_id: has a vault name",
  ],
  [
    "an Azure vault alone",
    "  {model: m, provider_id: 'azure-kv://v'}",
    "4:27 brain.provider_id: has a secret name that",
  ],
  [
    "an Azure secret with a dot",
    "  {model: m, provider_id: 'azure-kv://v/a.b'}",
    "4:27 brain.provider_id: has a secret",
  ],
  [
    "an Azure version with a dash",
    "  {model: m, provider_id: 'azure-kv://v/s/1-2'}",
    "4:27 brain.provider_id: has a version",
  ],
  [
    "an Azure path with four parts",
    "  {model: m, provider_id: 'azure-kv://v/s/1/2'}",
    "4:27 brain.provider_id: has more parts",
  ],
];

const MODELS: readonly BadManifest[] = [
  ["no model", "  {provider_id: none, provider: script}", "4:3 brain.model: is missing; expected the name of a model"],
  [
    "an empty model",
    "  {model: '', provider_id: 'vault:k'}",
    "4:11 brain.model: is empty; expected the name of a model",
  ],
  ["an unknown provider", "  {provider: Script, model: demo, provider_id: none}", '4:14 brain.provider: is "Script"'],
  [
    "a script with a key",
    "  {provider: script, model: demo, provider_id: 'vault:x'}",
    "4:48 brain.provider_id: names a key",
  ],
  [
    "a script above its folder",
    "  {provider: script, model: 'file:../x', provider_id: none}",
    "4:29 brain.model: has an empty",
  ],
  [
    "a script by absolute path",
    "  {provider: script, model: 'file:/x', provider_id: none}",
    "4:29 brain.model: has an absolute",
  ],
  [
    "a script without a path",
    "  {provider: script, model: 'file:', provider_id: none}",
    "4:29 brain.model: has no path",
  ],
  [
    "a script with a backslash",
    "  {provider: script, model: 'file:a\\b', provider_id: none}",
    "4:29 brain.model: has a control",
  ],
  [
    "a script by a bad name",
    "  {provider: script, model: Demo, provider_id: none}",
    "4:29 brain.model: names no script",
  ],
  [
    "no address",
    "  {provider: openai-compat, model: m, provider_id: none}",
    "4:3 brain.base_url: is missing, and provider",
  ],
];

const FALLBACKS: readonly BadManifest[] = [
  [
    "each link is judged like the first",
    "  provider: script\n  model: demo\n  provider_id: none\n  fallbacks:\n    - {provider: openai-compat, model: m, provider_id: none}\n    - {model: '', provider_id: foo}\n    - 3",
    "8:7 brain.fallbacks[0].base_url: is missing",
    "9:15 brain.fallbacks[1].model: is empty",
    "9:32 brain.fallbacks[1].provider_id: is not a secret reference",
    '10:7 brain.fallbacks[2]: is "3"; expected a map',
  ],
  [
    "no more than 16",
    `  {model: m, provider_id: 'vault:k', fallbacks: [${"{model: m, provider_id: 'vault:k'},".repeat(17)}]}`,
    "4:49 brain.fallbacks: has 17 entries; expected at most 16",
  ],
];

for (const [kind, table] of Object.entries({ REFERENCES, MODELS, FALLBACKS })) {
  describe(`a brain is refused: ${kind.toLowerCase()}`, () => {
    for (const [name, lines, ...expected] of table) {
      test(name, () => {
        const found = faultsOf(withBrain(lines));
        expect(beginnings(found, expected)).toEqual(expected);
      });
    }
  });
}

describe("the address of a model server is refused", () => {
  const METADATA = [
    "http://169.254.169.254/latest",
    "http://169.254.170.2/",
    "http://169.254.43518/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://0xa9.0376.43518",
    "http://2852039166",
    "http://①⑥⑨.254.169.254/",
    "http://169。254。169。254/",
    "http://%31%36%39.254.169.254/",
    "http://169.254.169.254./",
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::169.254.169.254]/",
    "http://[64:ff9b::169.254.169.254]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[fd00:ec2::254]/",
    "http://[FD00:0EC2:0:0:0:0:0:254]/",
    "http://metadata.google.internal/",
    "https://METADATA.google.internal./v1",
    "http://metadata/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
  ];
  for (const url of METADATA) {
    test(`${url}: a cloud's metadata service`, () => expect(baseUrlFault(url)).toContain("metadata service"));
  }

  const MALFORMED: readonly (readonly [url: string, words: string])[] = [
    ["", "does not start with"],
    ["localhost:11434", "does not start with"],
    ["ftp://a/", "does not start with"],
    ["HTTP://a/", "does not start with"],
    ["file:///etc/passwd", "does not start with"],
    ["http://", "is not an address"],
    ["http://a:99999/", "is not an address"],
    ["http://[::1/", "is not an address"],
    ["http://user:key@a/v1", "has credentials"],
    ["http://user@a/v1", "has credentials"],
    ["http://@a/v1", "has credentials"],
    ["http://:@a/v1", "has credentials"],
    ["http://a/v1?key=1", "has `?` or `#`"],
    ["http://a/v1#x", "has `?` or `#`"],
    ["http://a b/", "has a space"],
    ["http://a/\tb", "has a space"],
    ["http://a\\@b/", "has a space, a control character or a backslash"],
    [" http://a/", "does not start with"],
  ];
  for (const [url, words] of MALFORMED) {
    test(`${JSON.stringify(url)}: ${words}`, () => expect(baseUrlFault(url)).toContain(words));
  }
});

test("the address of a model server may be any other http address, here or elsewhere", () => {
  for (const url of [
    "http://127.0.0.1:11434/v1",
    "http://[::1]:8080",
    "https://api.example.org/v1/",
    "http://10.0.0.7/",
    "http://a/v1/a@b",
  ]) {
    expect(baseUrlFault(url)).toBeNull();
  }
});

test("every form of reference and script is taken", () => {
  const ids = [
    "vault:k",
    "vault:team.a_b-c",
    "azure-kv://my-vault/key",
    "azure-kv://my-vault/key/",
    `azure-kv://v/k/${"0a".repeat(16)}`,
  ];
  for (const id of ids)
    expect(parseManifest(withBrain(`  {model: m, provider_id: '${id}'}`)).manifest.brain.provider_id).toBe(id);
  for (const model of ["demo", "prompt", "file:demo.yaml", "file:scripts/a b.yaml"]) {
    const { manifest } = parseManifest(withBrain(`  {provider: script, model: '${model}', provider_id: none}`));
    expect(manifest.brain.model).toBe(model);
  }
});

test("a hen that is driven through a terminal has no brain to judge, but its types hold", () => {
  const brain = "  {provider_id: '', model: '', provider: openai-compat, base_url: 'nonsense'}\nagent_kind: codex";
  expect(parseManifest(withBrain(brain)).manifest.brain.base_url).toBe("nonsense");
  expect(faultsOf(withBrain("  {provider_id: '', model: [], provider: nobody}\nagent_kind: codex"))).toHaveLength(2);
});

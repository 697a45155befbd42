import { type PageRig, script } from "./rig.ts";

/** What the pages of one hen show. */
export interface HenScenes {
  /** Its newest job handed work on, twice, and one of them once more. */
  readonly boss: string;
  /** Under an allowlist; it was denied twice. */
  readonly asker: string;
}

const ask = (hen: string, prompt: string) => ({ name: "delegate", input: { hen: `local.coop/${hen}`, prompt } });

const PLAYS = {
  juno: script(
    {
      text: "Lotte counts, Kit sees to the rest.",
      tools: [ask("lotte", "How many eggs lie in the east nest?")],
      tokens: { input: 512, output: 60 },
    },
    { tools: [ask("kit", "Have them weighed, and say who carried them")], tokens: { input: 700, output: 48 } },
    { text: "Six eggs, **412 g** in all. Lotte carried them.", tokens: { input: 890, output: 25 } },
  ),
  kit: script(
    { text: "Off to the scales.", tools: [ask("lotte", "Put them on the scales")], tokens: { input: 260, output: 44 } },
    { text: "412 g, and Lotte carried them.", tokens: { input: 380, output: 20 } },
  ),
  lotte: script(
    { tools: [{ name: "bash", input: { command: "echo six, 412 g" } }], tokens: { input: 420, output: 31 } },
    { text: "Six eggs, 412 g.", tokens: { input: 510, output: 12 } },
  ),
  mabel: script(
    {
      text: "I ask around.",
      tools: [
        {
          name: "bash",
          input: {
            command:
              "curl -sS -m 5 https://tracker.example/collect?nest=3; curl -sS -m 5 http://api.weather.example:8080/today",
          },
        },
      ],
      tokens: { input: 300, output: 40 },
    },
    { text: "Nobody was at home.", tokens: { input: 360, output: 9 } },
  ),
} as const;

const manifest = (name: string, tools: string, rest: string) => `# One of the flock.
spec_version: coop/v1
name: ${name}

brain:
  provider: script
  provider_id: none # a script needs no key
  model: file:play.yaml

tools: [${tools}]

${rest}`;

const OFF = "network:\n  policy: off\n";
const ALLOWLIST = `network:
  policy: allowlist
  allow:
    - host: "*.eggs.example"
      ports: [443]
    - host: api.weather.example # the forecast
      ports: [443, 8443]
`;

/** Adds them to a farm; waits until their jobs have ended. */
export async function makeHenScenes(rig: PageRig): Promise<HenScenes> {
  const make = async (name: keyof typeof PLAYS, tools: string, rest: string) => {
    const bytes = new TextEncoder().encode(manifest(name, tools, rest));
    const { id } = await rig.client.hens.create(bytes, { attachments: { "play.yaml": PLAYS[name] } });
    await rig.client.hens.hatch(id);
    return id;
  };
  const boss = await make("juno", "delegate", `visual:\n  emoji: 🐓\n  theme_color: "#7aa874"\n\n${OFF}`);
  await make("kit", "delegate", OFF);
  await make("lotte", "bash", OFF);
  const asker = await make("mabel", "bash", `visual: {emoji: 🐥, theme_color: "#e8b04a"}\n\n${ALLOWLIST}`);
  await ended(rig, await rig.client.jobs.submit(boss, "Find out how many eggs there are, and what they weigh"));
  await ended(rig, await rig.client.jobs.submit(asker, "What will the weather do to the nests?"));
  return { boss, asker };
}

async function ended(rig: PageRig, id: string): Promise<void> {
  for await (const event of rig.client.jobs.live(id)) if (event.type === "end") return;
}

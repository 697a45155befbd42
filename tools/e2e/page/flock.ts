import { type HenScenes, makeHenScenes } from "./hen-scenes.ts";
import { type PageRig, script } from "./rig.ts";

/** A small farm with something of everything, for pictures and for tests that need a lived-in one. */
export interface Flock extends HenScenes {
  /** A hen with finished, failed and running jobs. */
  readonly hen: string;
  /** A job that ended well, after several turns and tools. */
  readonly doneJob: string;
  readonly failedJob: string;
  /** One that runs for ten minutes. */
  readonly runningJob: string;
  /** One that waits behind it. */
  readonly queuedJob: string;
  /** One that a limit stopped. */
  readonly limitJob: string;
  /** Two with live terminals that show something. */
  readonly terminalHens: readonly [string, string];
}

const NAMES = ["aria", "bruna", "clementine", "dotty", "edna", "flora", "greta", "hazel", "ida"] as const;
const COLOURS = ["#c9a227", "#8c5a3c", "#d9d2c5", "#b5472f"];

/** Fills a farm; waits until the jobs that end have ended. */
export async function makeFlock(rig: PageRig): Promise<Flock> {
  const { client } = rig;
  const hens = new Map<string, string>();
  for (const [at, name] of NAMES.entries()) {
    const looks = `visual: {theme_color: "${COLOURS[at % COLOURS.length]}"${name === "flora" ? ', emoji: "🌻"' : ""}}`;
    const id = await create(rig, name, `${looks}\n${at % 4 === 3 ? "sex: rooster\n" : ""}`, PLAYS[name] ?? REST);
    await client.hens.hatch(id);
    hens.set(name, id);
  }
  const id = (name: (typeof NAMES)[number]) => hens.get(name) ?? "";
  await create(rig, "yolanda", "", REST);
  const locked = await plain(
    rig,
    "matilda",
    'brain: {provider_id: "vault:farm-key", provider: openai, model: gpt-4.1-mini}\nvisual: {emoji: "🦉"}\nnetwork: {policy: "off"}',
  );
  await client.hens.hatch(locked);
  const network = "network: {policy: allowlist, allow: [{host: docs.example.org, ports: [443]}]}";
  const fetching = await create(rig, "nettie", network, FETCH, "http");
  await client.hens.hatch(fetching);
  const failedJob = await client.jobs.submit(id("ida"), "Write the minutes of yesterday's meeting");
  await ended(rig, failedJob);
  const doneJob = await client.jobs.submit(id("aria"), "Start a ledger of the eggs and say which day was best");
  await ended(rig, doneJob);
  const runningJob = await client.jobs.submit(id("bruna"), "Count the hens in the yard and tell me if one is missing");
  const queuedJob = await client.jobs.submit(id("bruna"), "Then count them once more, to be sure");
  const weigher = await create(rig, "wilma", `visual: {theme_color: "${COLOURS[0]}"}`, WEIGH);
  await client.hens.hatch(weigher);
  const limits = { max_turns: 3, tokens: 50_000 };
  const limitJob = await client.jobs.submit(weigher, "Weigh every bag of grain in the barn", { limits });
  await ended(rig, limitJob);
  await client.jobs.submit(id("dotty"), "Mend the gate of the north pen");
  await client.jobs.submit(id("edna"), "Sort the seeds by size");
  await client.jobs.submit(locked, "Sum up what the others wrote today");
  await ended(rig, await client.jobs.submit(fetching, "What will the weather be like on Sunday?"));
  await client.tasks.submit("Update the dependencies and run the tests", null);
  await client.tasks.submit("Rename the barn to the hay loft, everywhere", "codex");
  await client.tasks.cancel(await client.tasks.submit("Paint the fence", null));
  for (const name of ["clementine", "hazel"] as const) await client.hens.sleep(id(name));
  await client.access.createToken({ name: "nightly", scope: "read" });
  await client.access.createToken({ name: "phone", scope: "operate", expiresAt: "2099-01-01T00:00:00Z" });
  await client.setLimits({ day_cost_usd: 20, hen_day_tokens: 2_000_000 });
  await client.vault.init("three brown eggs");
  await client.vault.put("byok-anthropic", "sk-1");
  await client.vault.put("openrouter", "sk-2", ["openrouter.ai"]);
  const terminalHens = [id("flora"), id("greta")] as const;
  for (const [at, hen] of terminalHens.entries()) await client.terminals.send(hen, { keys: LOOKS[at] });
  const scenes = await makeHenScenes(rig);
  return { hen: id("aria"), doneJob, failedJob, runningJob, queuedJob, limitJob, terminalHens, ...scenes };
}

/** What the flock's terminals show: a shell with some colour. */
const LOOKS = [
  `PS1='\\[\\e[32m\\]flora\\[\\e[0m\\]:\\w$ '; clear; ls --color=always -la /; printf '\\e[33m%s\\e[0m eggs today, \\e[31m%s\\e[0m cracked\\n' 12 1`,
  `PS1='\\[\\e[35m\\]greta\\[\\e[0m\\]:\\w$ '; clear; for n in 1 2 3 4 5 6 7; do printf '\\e[3%sm nest %s \\e[0m%s eggs today\\n' $n $n $((n*n%5)); done`,
];

const REST = script({ text: "Nothing to do." });

const STORY = script(
  {
    text: "I will look around first.",
    tools: [{ name: "bash", input: { command: "ls -la && uname -sr" } }],
    tokens: { input: 812, output: 64 },
  },
  {
    text: "The yard is empty, so I start a **ledger** of eggs.",
    tools: [
      {
        name: "file_write",
        input: { path: "eggs.md", content: "# Eggs\n\n| day | eggs |\n|---|---|\n| Mon | 4 |\n| Tue | 6 |\n" },
      },
    ],
    tokens: { input: 1_240, output: 120 },
  },
  { tools: [{ name: "file_read", input: { path: "eggs.md" } }], tokens: { input: 1_530, output: 40 } },
  {
    text: "## Done\n\nThe ledger is in `eggs.md`:\n\n- **Monday**: 4 eggs\n- **Tuesday**: 6 eggs, the best day so far\n\n> Ten eggs in two days.\n",
    tokens: { input: 1_702, output: 88 },
  },
);

const WEIGH = script(
  ...[1, 2, 3, 4].map((bag) => ({
    text: `Bag ${bag} is weighed.`,
    tools: [{ name: "bash", input: { command: `echo "bag ${bag}: 25 kg"` } }],
    tokens: { input: 600 * bag, output: 45 },
  })),
);

const long = (text: string) =>
  script(
    {
      text,
      tools: [{ name: "bash", input: { command: "sleep 600", timeout_s: 600 } }],
      tokens: { input: 420, output: 30 },
    },
    { text: "All there." },
  );

const FETCH = script(
  {
    text: "I will ask for the weather.",
    tools: [{ name: "http", input: { url: "https://weather.example.org/sunday", method: "GET" } }],
  },
  { text: "The door was closed; I go on without the weather." },
);

/** What the hens do with whatever they are asked for. */
const PLAYS: Readonly<Partial<Record<(typeof NAMES)[number], string>>> = {
  aria: STORY,
  bruna: long("Eleven so far. I walk along the fence and count once more."),
  dotty: long("The hinge is loose; I look for the long screws."),
  edna: long("Small ones to the left."),
  ida: script({ error: { code: "brain_refused", message: "the model will not write about that meeting" } }),
};

async function create(
  rig: PageRig,
  name: string,
  rest: string,
  play: string,
  tools = "bash, file_read, file_write",
): Promise<string> {
  const brain = "brain: {provider_id: none, provider: script, model: file:play.yaml}";
  const network = rest.includes("network:") ? "" : '\nnetwork: {policy: "off"}';
  return plain(rig, name, `${brain}\ntools: [${tools}]\n${rest}${network}`, { "play.yaml": play });
}

async function plain(rig: PageRig, name: string, rest: string, attachments = {}): Promise<string> {
  const text = `spec_version: coop/v1\nname: ${name}\n${rest}\n`;
  return (await rig.client.hens.create(new TextEncoder().encode(text), { attachments })).id;
}

async function ended(rig: PageRig, id: string): Promise<void> {
  for await (const event of rig.client.jobs.live(id)) if (event.type === "end") return;
}

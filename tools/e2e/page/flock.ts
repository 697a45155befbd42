import { type PageRig, script } from "./rig.ts";

/** A small farm with something of everything, for pictures and for tests that need a lived-in one. */
export interface Flock {
  /** A hen with finished, failed and running jobs. */
  readonly hen: string;
  /** A job that ended well, after several turns and tools. */
  readonly doneJob: string;
  readonly failedJob: string;
  /** One that runs for ten minutes. */
  readonly runningJob: string;
  /** Two with live terminals that show something. */
  readonly terminalHens: readonly [string, string];
}

const NAMES = ["aria", "bruna", "clementine", "dotty", "edna", "flora", "greta", "hazel", "ida"] as const;

/** Fills a farm; waits until the jobs that end have ended. */
export async function makeFlock(rig: PageRig): Promise<Flock> {
  const { client } = rig;
  for (const [at, name] of NAMES.entries()) {
    const colour = ["#c9a227", "#8c5a3c", "#d9d2c5"][at % 3];
    await rig.raise(name, `visual: {theme_color: "${colour}"}\n${at % 4 === 3 ? "sex: rooster\n" : ""}`);
  }
  const egg = `spec_version: coop/v1\nname: yolanda\nbrain: {provider_id: none, provider: script, model: hello}\nnetwork: {policy: "off"}\n`;
  await client.hens.create(new TextEncoder().encode(egg));
  const [hen = "", busy = "", sleepy = ""] = NAMES.map((name) => `local.coop/${name}`);
  const doneJob = await client.jobs.submit(hen, STORY);
  await ended(rig, doneJob);
  const failedJob = await client.jobs.submit(
    hen,
    script({ error: { code: "brain_refused", message: "the model will not do that" } }),
  );
  await ended(rig, failedJob);
  const runningJob = await client.jobs.submit(busy, LONG);
  await client.hens.sleep(sleepy);
  const terminalHens = ["local.coop/dotty", "local.coop/edna"] as const;
  for (const [at, id] of terminalHens.entries()) await client.terminals.send(id, { keys: LOOKS[at] });
  return { hen, doneJob, failedJob, runningJob, terminalHens };
}

/** What the flock's terminals show: a shell with some colour. */
const LOOKS = [
  `PS1='\\[\\e[32m\\]dotty\\[\\e[0m\\]:\\w$ '; clear; ls --color=always -la /; printf '\\e[33m%s\\e[0m eggs today, \\e[31m%s\\e[0m cracked\\n' 12 1`,
  `PS1='\\[\\e[35m\\]edna\\[\\e[0m\\]:\\w$ '; clear; for n in 1 2 3 4 5 6 7; do printf '\\e[3%sm nest %s \\e[0m%s eggs today\\n' $n $n $((n*n%5)); done`,
];

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

const LONG = script(
  {
    text: "Counting the hens in the yard, slowly.",
    tools: [{ name: "bash", input: { command: "sleep 600" } }],
    tokens: { input: 420, output: 30 },
  },
  { text: "All there." },
);

async function ended(rig: PageRig, id: string): Promise<void> {
  for await (const event of rig.client.jobs.live(id)) if (event.type === "end") return;
}

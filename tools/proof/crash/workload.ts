/** A whole number from 0, below the one given. */
export type Random = (below: number) => number;

/** The lines that once-effects leave behind in each hen's workdir. */
export const EFFECTS_FILE = "effects.txt";

type Turn = Readonly<Record<string, unknown>>;
type Shape = (tag: string) => readonly Turn[];

const append = (tag: string, step: number, rest = "") => ({
  name: "bash",
  input: { command: `echo ${tag}:${step} >> ${EFFECTS_FILE}${rest}` },
});
const appendFile = (tag: string, step: number) => ({
  name: "file_write",
  input: { path: EFFECTS_FILE, content: `${tag}:${step}\n`, append: true },
});
const write = (tag: string) => ({ name: "file_write", input: { path: `${tag}.txt`, content: `about ${tag}\n` } });
const read = (tag: string) => ({ name: "file_read", input: { path: `${tag}.txt` } });

/** What jobs do: every effect class, one and several calls a turn, brains that take their time. */
const SHAPES: readonly Shape[] = [
  (tag) => [
    ...[0, 1, 2].map((step) => ({ text: "One line more.", tools: [append(tag, step, "; sleep 0.02")] })),
    { text: `counted ${tag}`, tokens: { input: 7, output: 3 } },
  ],
  (tag) => [
    { tools: [write(tag)] },
    { tools: [read(tag)] },
    { text: "It is there; now a line.", tools: [append(tag, 0)], delay_ms: 10 },
    { text: `wrote ${tag}` },
  ],
  (tag) => [
    { text: "All of it in one answer.", tools: [append(tag, 0), write(tag), read(tag), appendFile(tag, 1)] },
    { tools: [appendFile(tag, 2)], tokens: { input: 5, output: 5 } },
    { text: `did ${tag} in two turns and some more words to be streamed`, delay_ms: 20 },
  ],
  (tag) => [
    { text: "I think about this for a while before I do anything.", tools: [read("nothing")], delay_ms: 30 },
    { tools: [appendFile(tag, 0), append(tag, 1)], delay_ms: 5 },
    { text: `thought about ${tag}` },
  ],
];

/** A script for a hen whose brain plays its prompt; `tag` names the job in all its effects and is used once. */
export function writePrompt(tag: string, random: Random): string {
  const shape = SHAPES[random(SHAPES.length)] as Shape;
  return JSON.stringify(shape(tag));
}

/** The tag of a prompt that {@link writePrompt} wrote. */
export function tagOf(prompt: string): string {
  const tag = /\bt\d{6}x\b/.exec(prompt)?.[0];
  if (tag === undefined) throw new Error(`a job without a tag: ${prompt.slice(0, 80)}`);
  return tag;
}

/** The `number`-th tag; all are of one width, and no tag is the beginning of another. */
export function toTag(number: number): string {
  return `t${String(number).padStart(6, "0")}x`;
}

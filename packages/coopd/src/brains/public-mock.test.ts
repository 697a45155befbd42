import { expect, test } from "bun:test";
import { type ChatCompletionRequest, LLMock } from "@copilotkit/aimock";
import type { JournalEntry } from "coopd-core";
import { openDaemonUnderTest } from "../testing/daemon-under-test.ts";

/** How many results of tools the model has heard; the mock shows every wire's request in this form. */
function heard({ messages }: ChatCompletionRequest): number {
  return messages.filter(({ role }) => role === "tool").length;
}

/** A mock of somebody else's that asks for four tool calls in three turns, and then ends. */
async function openMock(): Promise<LLMock & AsyncDisposable> {
  const mock = new LLMock({ port: 0, host: "127.0.0.1", strict: true, chunkSize: 5 });
  const call = (name: string, input: object, id: string) => ({ name, arguments: JSON.stringify(input), id });
  mock.on(
    { predicate: (request) => heard(request) === 0 },
    {
      content: "First I write it down.",
      reasoning: "The farmer wants a file.",
      reasoningSignature: "c2lnbmVk",
      toolCalls: [call("file_write", { path: "note.txt", content: "hens lay eggs 🥚\n" }, "toolu_a")],
    },
  );
  mock.on(
    { predicate: (request) => heard(request) === 1 },
    {
      toolCalls: [
        call("bash", { command: "wc -c < note.txt" }, "toolu_b"),
        call("file_read", { path: "note.txt" }, "toolu_c"),
      ],
    },
  );
  mock.on(
    { predicate: (request) => heard(request) === 3 },
    { toolCalls: [call("bash", { command: "rm note.txt && ls | wc -l" }, "toolu_d")] },
  );
  mock.on({ predicate: (request) => heard(request) === 4 }, { content: "It was written, counted, read and removed." });
  await mock.start();
  return Object.assign(mock, { [Symbol.asyncDispose]: () => mock.stop() });
}

test.each(["anthropic", "openai", "openai-compat"])(
  "a hen does a job of several tools behind a public mock server of %s",
  async (provider) => {
    await using mock = await openMock();
    await using daemon = await openDaemonUnderTest();
    const hen = await daemon.hatch(
      `spec_version: coop/v1
name: aria
brain: {provider_id: none, provider: ${provider}, base_url: "${mock.url}/v1", model: tiny}
tools: [bash, file_read, file_write]
network: {policy: "off"}
`,
    );
    const job = await daemon.ended(await daemon.submit(hen, "write, count, read and remove a note"));
    expect([job.status, job.error, job.turns]).toEqual(["DONE", null, 4]);
    expect(job.result).toBe("It was written, counted, read and removed.");
    const journal = await daemon.journal(job.id);
    const results = journal.flatMap((entry) => (entry.kind === "tool.result" ? [entry] : []));
    expect(results.map(({ call_id, is_error }) => [call_id, is_error])).toEqual([
      ["toolu_a", false],
      ["toolu_b", false],
      ["toolu_c", false],
      ["toolu_d", false],
    ]);
    expect(results[1]?.content).toContain("19");
    expect(results[2]?.content).toContain("hens lay eggs 🥚");
    expect(firstThought(journal)).toContain("The farmer wants a file.");
    expect(mock.getRequests().length).toBe(4);
    if (provider === "anthropic") expect(firstThought(journal)).toContain("c2lnbmVk");
  },
  60_000,
);

function firstThought(journal: readonly JournalEntry[]): string {
  const answer = journal.find((entry) => entry.kind === "brain.response");
  return JSON.stringify(answer?.content.find(({ type }) => type === "thinking") ?? null);
}

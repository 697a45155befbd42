/** A model server (Chat Completions, streamed) that says what a test tells it to, when the test tells it to. */
export interface SlowModel {
  /** Its base_url. */
  readonly url: string;
  /** Says a piece of the answer under way; waits until it is asked. */
  say(text: string): Promise<void>;
  /** Ends the answer under way. */
  end(): Promise<void>;
  close(): void;
}

/** Opens it on a free port. Whoever opens closes. */
export function openSlowModel(): SlowModel {
  let out: ReadableStreamDefaultController<Uint8Array> | undefined;
  let asked = Promise.withResolvers<void>();
  const answer = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        out = controller;
        asked.resolve();
      },
      cancel() {
        asked = Promise.withResolvers<void>(); // who asked is gone; the next one is waited for
      },
    });
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch: () => new Response(answer(), { headers: { "content-type": "text/event-stream" } }),
  });
  const send = (piece: object | "[DONE]") => {
    const line = typeof piece === "string" ? piece : JSON.stringify(piece);
    out?.enqueue(new TextEncoder().encode(`data: ${line}\n\n`));
  };
  return {
    url: `http://127.0.0.1:${server.port}/v1`,
    async say(text) {
      await asked.promise;
      send(chunk({ role: "assistant", content: text }));
    },
    async end() {
      await asked.promise;
      asked = Promise.withResolvers<void>();
      send(chunk({}, "stop"));
      send({ ...chunk({}), choices: [], usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 } });
      send("[DONE]");
      out?.close();
    },
    close: () => void server.stop(true),
  };
}

function chunk(delta: object, reason: string | null = null): object {
  const choices = [{ index: 0, delta, finish_reason: reason }];
  return { id: "c", object: "chat.completion.chunk", created: 1, model: "slow", choices };
}

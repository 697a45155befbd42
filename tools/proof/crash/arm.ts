import type { Seams } from "../../../packages/coopd/src/testing/index.ts";
import type { Brain, BrainChunk, Tool } from "../../../packages/coopd-core/src/index.ts";
import type { Place } from "./kill-points.ts";

type Place1<Kind> = Extract<Place, { kind: Kind }>;

/** Ends this process as the kernel does it for `kill -9`: nothing runs after it, no thread, no exit handler. */
function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("unreachable: the process was killed");
}

/** Seams that kill the process at the `nth` time the place is met; `duringMs` after the call for `during`. */
export function armSeams(place: Place, nth: number, duringMs: number): Seams {
  let met = 0;
  const isDue = () => {
    met += 1;
    return met === nth;
  };
  if (place.kind === "store") return { store: (store) => armStore(store, place, isDue, duringMs) };
  if (place.kind === "brain")
    return {
      brains:
        (shop) =>
        async (...args) =>
          armBrain(await shop(...args), isDue),
    };
  return {
    tools: (shelf) => ({
      specs: (names) => shelf.specs(names),
      get: (name) => {
        const tool = shelf.get(name);
        return tool === undefined || name !== place.tool ? tool : armTool(tool, place, isDue, duringMs);
      },
    }),
  };
}

function armStore<S extends object>(store: S, place: Place1<"store">, isDue: () => boolean, duringMs: number): S {
  const inner = store[place.method as keyof S] as (...args: readonly unknown[]) => Promise<unknown>;
  const armed = async (...args: readonly unknown[]) => {
    const fits = place.fact === undefined || carries(args[0], place.fact);
    if (!fits) return inner(...args);
    if (place.when === "before" && isDue()) die();
    if (place.when === "during" && isDue()) setTimeout(die, duringMs);
    const answer = await inner(...args);
    const counts = place.isFull !== true || (Array.isArray(answer) && answer.length > 0);
    if (place.when === "after" && counts && isDue()) die();
    return answer;
  };
  return { ...store, [place.method]: armed };
}

function carries(parts: unknown, kind: string): boolean {
  const { facts = [] } = parts as { readonly facts?: readonly { readonly kind: string }[] };
  return facts.some((fact) => fact.kind === kind);
}

function armTool(tool: Tool, place: Place1<"tool">, isDue: () => boolean, duringMs: number): Tool {
  return {
    spec: tool.spec,
    effectOf: (input) => tool.effectOf(input),
    async invoke(input, context) {
      if (place.when === "before" && isDue()) die();
      if (place.when === "during" && isDue()) setTimeout(die, duringMs);
      const output = await tool.invoke(input, context);
      if (place.when === "after" && isDue()) die();
      return output;
    },
  };
}

function armBrain(brain: Brain, isDue: () => boolean): Brain {
  async function* stream(...args: Parameters<Brain["stream"]>): AsyncGenerator<BrainChunk> {
    for await (const chunk of brain.stream(...args)) {
      if (chunk.type === "text" && isDue()) die();
      yield chunk;
    }
  }
  return { label: brain.label, stream };
}

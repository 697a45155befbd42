// The hand-off helper: a process for some 30 ms inside a hen's network namespace. It binds what its arguments say, passes
// the bound sockets to the daemon over the channel that it was started with, and ends (walls.md, fact 4). It accepts and
// reads nothing.
import { createSocket } from "node:dgram";
import { createServer, type Server } from "node:net";
import { fromArgument, type HandOffMessage, type ListenRequest } from "./hand-off-message.ts";

/** The daemon ends the channel long before; without one this must not stay in the hen's namespace. */
const LIFE_MS_MAX = 10_000;

type Handle = Server | ReturnType<typeof createSocket>;

async function main(argv: readonly string[]): Promise<void> {
  setTimeout(() => process.exit(1), LIFE_MS_MAX);
  process.on("disconnect", () => process.exit(0));
  for (const [at, request] of argv.map(fromArgument).entries()) {
    try {
      await pass({ at }, await bind(request));
    } catch (error) {
      return pass({ failed: error instanceof Error ? error.message : String(error), request });
    }
  }
  await pass({ done: true });
}

function bind({ kind, address, port }: ListenRequest): Promise<Handle> {
  const { promise, resolve, reject } = Promise.withResolvers<Handle>();
  if (kind === "tcp") {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, address, () => resolve(server));
  } else {
    const socket = createSocket("udp4");
    socket.once("error", reject);
    socket.bind(port, address, () => resolve(socket));
  }
  return promise;
}

/** Resolves when it has been written; the daemon holds the handle from then on. */
function pass(message: HandOffMessage, handle?: Handle): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (process.send === undefined) throw new Error("this is started by coopd alone");
  const written = (error: Error | null) => (error === null ? resolve() : reject(error));
  process.send(message, handle as never, {}, written);
  return promise;
}

// Behind the hidden argument (hand-off-argument.ts), from source and in the executable alike.
await main(process.argv.slice(3)).catch(() => process.exit(1));

import net, { type Socket } from "node:net";
import { join } from "node:path";
import { type Figure, quantile } from "../figure.ts";

/** How much is measured of each. */
export interface GateSpan {
  readonly connections: number;
  readonly megabytes: number;
}

/** One way to the far server: directly, by a plain proxy, by the gate. */
interface Route {
  readonly name: string;
  readonly port: number;
  /** Behind a proxy. */
  readonly isProxy: boolean;
}

const ROUNDS = 5;
const PARALLEL = 16;

/**
 * What the gate costs beside no proxy and beside a plain CONNECT proxy: each in a process of its own, one right after the other, so
 * that all meet the same noise.
 */
export async function measureGate({ connections, megabytes }: GateSpan): Promise<readonly Figure[]> {
  const programs: { kill(): void }[] = [];
  try {
    const start = async (file: string, ...args: readonly string[]) => {
      const program = Bun.spawn([process.execPath, join(import.meta.dir, "..", file), ...args], { stdout: "pipe" });
      programs.push(program);
      return Number(await firstLine(program.stdout));
    };
    const far = await start("far-server.ts");
    const routes: readonly Route[] = [
      { name: "direct", port: far, isProxy: false },
      { name: "plain CONNECT proxy", port: await start("connect-proxy.ts"), isProxy: true },
      { name: "gate", port: await start("gate-host.ts", String(far)), isProxy: true },
    ];
    return [...(await measureLatency(routes, far, connections)), ...(await measureThroughput(routes, far, megabytes))];
  } finally {
    for (const program of programs) program.kill();
  }
}

async function measureLatency(routes: readonly Route[], far: number, connections: number): Promise<readonly Figure[]> {
  const first = routes.map((): number[] => []);
  const next = routes.map((): number[] => []);
  for (let round = 0; round < connections; round += 1) {
    for (const [index, route] of routes.entries()) {
      const startedAt = performance.now();
      const socket = await open(route, far, "ECHO");
      await echo(socket);
      const openedAt = performance.now();
      await echo(socket);
      if (round >= connections / 10) {
        first[index]?.push(openedAt - startedAt);
        next[index]?.push(performance.now() - openedAt);
      }
      socket.destroy();
    }
  }
  return routes.flatMap(({ name }, index) => [
    { what: `${name}: connect and first echo, p50`, value: quantile(first[index] ?? [], 0.5), unit: "ms" },
    { what: `${name}: connect and first echo, p99`, value: quantile(first[index] ?? [], 0.99), unit: "ms" },
    { what: `${name}: echo on an open connection, p50`, value: quantile(next[index] ?? [], 0.5), unit: "ms" },
  ]);
}

async function measureThroughput(routes: readonly Route[], far: number, megabytes: number): Promise<readonly Figure[]> {
  const one = routes.map((): number[] => []);
  const many = routes.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, route] of routes.entries()) {
      one[index]?.push(await download(route, far, 1, megabytes));
      many[index]?.push(await download(route, far, PARALLEL, megabytes / PARALLEL));
    }
  }
  return routes.flatMap(({ name }, index) => [
    { what: `${name}: one download`, value: quantile(one[index] ?? [], 0.5), unit: "MB/s" },
    { what: `${name}: ${PARALLEL} downloads at once`, value: quantile(many[index] ?? [], 0.5), unit: "MB/s" },
  ]);
}

/** MB a second, over all of them. @throws Error when one is not whole */
async function download(route: Route, far: number, count: number, megabytes: number): Promise<number> {
  const bytes = Math.floor(megabytes) * 2 ** 20;
  const startedAt = performance.now();
  const work = Array.from({ length: count }, async () => {
    const socket = await open(route, far, `BIG ${bytes}`);
    let got = 0;
    socket.on("data", (piece: Uint8Array) => {
      got += piece.length;
    });
    await new Promise((done) => socket.resume().once("end", done).once("close", done));
    socket.destroy();
    if (got !== bytes) throw new Error(`${route.name}: ${got} of ${bytes} bytes came`);
  });
  await Promise.all(work);
  return (count * bytes) / 1000 / (performance.now() - startedAt);
}

async function open({ port, isProxy }: Route, far: number, wish: string): Promise<Socket> {
  const socket = net.connect({ port, host: isProxy ? "127.0.0.1" : "127.0.0.2", noDelay: true });
  await new Promise((done, fail) => socket.once("connect", done).once("error", fail));
  if (isProxy) {
    socket.write(`CONNECT 127.0.0.2:${far} HTTP/1.1\r\nHost: 127.0.0.2:${far}\r\n\r\n`);
    await answer(socket);
  }
  socket.write(`${wish}\n`);
  return socket;
}

async function echo(socket: Socket): Promise<void> {
  socket.write("x");
  await answer(socket);
}

async function answer(socket: Socket): Promise<void> {
  await new Promise((done, fail) => socket.once("data", done).once("close", () => fail(new Error("it was closed"))));
  socket.pause().removeAllListeners("close").resume();
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const { value } = await stream.getReader().read();
  if (value === undefined) throw new Error("a program of the bench did not start");
  return new TextDecoder().decode(value).trim();
}

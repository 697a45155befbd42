import { createServer } from "node:net";

/** Coop's own port: `coop` looks there unless told otherwise. */
export const USUAL_PORT = 9700;
/** How many from there on are tried. */
const PORTS = 20;

/** The first free port of 127.0.0.1 from 9700 on; 0, which lets the system choose, when twenty in a row are taken. */
export async function findPort(): Promise<number> {
  for (let port = USUAL_PORT; port < USUAL_PORT + PORTS; port += 1) if (await isFree(port)) return port;
  return 0;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

// The server machine of the test: web, git, an npm registry, a raw protocol and datagrams, in a network namespace of its own.
import { createSocket } from "node:dgram";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { TEST_CERTIFICATES } from "../testing/test-certificates.ts";
import { GREETING, PORTS } from "./places.ts";

const [, , folder = ""] = process.argv;
const tls = { cert: TEST_CERTIFICATES.cert, key: TEST_CERTIFICATES.key };
const every = { hostname: "0.0.0.0", idleTimeout: 0 };

Bun.serve({ ...every, port: PORTS.https, tls, fetch: answer });
Bun.serve({ ...every, port: PORTS.otherHttps, tls, fetch: answer });
Bun.serve({ ...every, port: PORTS.http, fetch: answer });
for (const port of [PORTS.raw, PORTS.unlistedRaw]) {
  createServer((socket) => socket.on("error", () => undefined).end(`${GREETING}\n`)).listen(port, "0.0.0.0");
}
const datagrams = createSocket("udp4");
datagrams.on("message", (_, { port, address }) => datagrams.send(GREETING, port, address));
datagrams.bind(PORTS.datagrams, "0.0.0.0", () => process.stdout.write("ready\n"));

function answer(request: Request): Response {
  const { hostname, pathname } = new URL(request.url);
  if (pathname === "/slow") return new Response(drip());
  const file = `${folder}/${hostname}${decodeURIComponent(pathname)}`;
  if (hostname === "registry.b.test" && pathname === "/coop-sample") return metadata();
  if (existsSync(file) && !file.endsWith("/") && !file.includes("..")) return new Response(readFileSync(file));
  if (hostname === "git.b.test") return new Response("no such file\n", { status: 404 });
  return new Response(`hello from ${hostname}\n`);
}

/** A line a moment, without end. */
function drip(): ReadableStream {
  return new ReadableStream({
    async pull(controller) {
      controller.enqueue("still there\n");
      await Bun.sleep(20);
    },
  });
}

/** What an npm registry says of a package with one version. */
function metadata(): Response {
  const archive = readFileSync(`${folder}/registry.b.test/coop-sample.tgz`);
  const integrity = `sha512-${new Bun.CryptoHasher("sha512").update(archive).digest("base64")}`;
  const tarball = "https://registry.b.test/coop-sample.tgz";
  const version = { name: "coop-sample", version: "1.0.0", dist: { tarball, integrity } };
  return Response.json({ name: "coop-sample", "dist-tags": { latest: "1.0.0" }, versions: { "1.0.0": version } });
}

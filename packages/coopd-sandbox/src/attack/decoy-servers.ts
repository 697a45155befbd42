import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync } from "node:fs";
import { networkInterfaces } from "node:os";

/** Servers of the host that everybody on it may use; each answers whoever comes with the secret. */
export interface DecoyServers {
  /** Where they are, as the scripts are told. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

/**
 * Opens them: TCP at every address of the host, IPv6 too where it has any, at a socket file, at an abstract socket; UDP on loopback.
 * TCP answers as a web server would, so that whoever fetches gets the secret as well.
 */
export async function openDecoyServers(folder: string, secret: string): Promise<DecoyServers> {
  const length = Buffer.byteLength(secret);
  const said = `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${secret}`;
  const answer = {
    open: (socket: { end(text: string): unknown }) => void socket.end(said),
    data: () => undefined,
  };
  const abstract = `coop-decoy-${randomBytes(6).toString("hex")}`;
  const tcp = Bun.listen({ hostname: "0.0.0.0", port: 0, socket: answer });
  const tcp6 = hasLoopback6() ? Bun.listen({ hostname: "::1", port: 0, socket: answer }) : undefined;
  const unix = Bun.listen({ unix: `${folder}/socket`, socket: answer });
  chmodSync(`${folder}/socket`, 0o777);
  const hidden = Bun.listen({ unix: `\0${abstract}`, socket: answer });
  const udp = createSocket("udp4");
  udp.on("message", (_, { port, address }) => udp.send(secret, port, address, () => undefined));
  udp.bind(0, "127.0.0.1");
  await once(udp, "listening");
  return {
    env: {
      DECOY_PORT: String(tcp.port),
      DECOY_PORT6: String(tcp6?.port ?? tcp.port),
      DECOY_SOCKET: `${folder}/socket`,
      DECOY_ABSTRACT: abstract,
      DECOY_UDP: String(udp.address().port),
      DECOY_ADDRESS: outerAddress(),
    },
    close: () => {
      for (const server of [tcp, tcp6, unix, hidden]) server?.stop(true);
      udp.close();
    },
  };
}

function addresses() {
  return Object.values(networkInterfaces()).flatMap((list) => list ?? []);
}

function hasLoopback6(): boolean {
  return addresses().some(({ address }) => address === "::1");
}

/** This host's own address in its network; loopback where it is in none. */
function outerAddress(): string {
  return addresses().find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}

// A plain CONNECT proxy, as small as one can be: it decides nothing, judges nothing, counts nothing. What the gate is compared with.
// Prints its port.
import net, { type AddressInfo } from "node:net";

const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  client
    .on("error", () => {})
    .once("data", (bytes: Uint8Array) => {
      const [, host = "", port = ""] = /^CONNECT ([^:]+):(\d+) /.exec(Buffer.from(bytes).toString("latin1")) ?? [];
      const upstream = net.connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
      upstream
        .on("error", () => client.destroy())
        .once("connect", () => {
          client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
          client.pipe(upstream);
          upstream.pipe(client);
        });
      client.once("close", () => upstream.destroy());
    });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));

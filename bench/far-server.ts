// A far host for bench and proofs: one server on 127.0.0.2 that is large, slow or deaf, as a client's first line says. Prints its port.
import net, { type AddressInfo, type Socket } from "node:net";

/** Connections that are open, by what they asked for. */
const open: Record<string, number> = {};

const PIECE = Buffer.alloc(64 * 1024, "x");

/** What a first line asks for. */
const SERVE: Readonly<Record<string, (socket: Socket, argument: number) => void>> = {
  /** So many bytes, then the end. */
  BIG: (socket, bytes) => send(socket, bytes),
  /** Bytes without end, for a reader that does not read. */
  FLOOD: (socket) => send(socket, Number.POSITIVE_INFINITY),
  /** A kilobyte every so many milliseconds. */
  SLOW: (socket, everyMs) => {
    const timer = setInterval(() => socket.write(PIECE.subarray(0, 1024)), everyMs);
    socket.once("close", () => clearInterval(timer)).resume();
  },
  /** Reads nothing. */
  DEAF: (socket) => void socket.pause(),
  /** Gives back what it gets. */
  ECHO: (socket) => {
    socket
      .on("data", (bytes: Uint8Array) => void (socket.write(bytes) || socket.pause()))
      .on("drain", () => void socket.resume());
  },
};

const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  socket.on("error", () => {});
  let line = "";
  const listen = (bytes: Uint8Array) => {
    line += Buffer.from(bytes).toString("latin1");
    const end = line.indexOf("\n");
    if (end < 0) return;
    socket.off("data", listen);
    const [word = "", argument] = line.slice(0, end).trim().split(" ");
    if (word === "COUNT") return void socket.end(JSON.stringify({ open }));
    open[word] = (open[word] ?? 0) + 1;
    socket.once("close", () => {
      open[word] = (open[word] ?? 1) - 1;
    });
    SERVE[word]?.(socket, Number(argument));
    if (line.length > end + 1 && word === "ECHO") socket.write(line.slice(end + 1), "latin1");
  };
  socket.on("data", listen);
  socket.once("end", () => socket.end());
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.2", () => console.log((server.address() as AddressInfo).port));

function send(socket: Socket, bytes: number): void {
  let left = bytes;
  const more = () => {
    while (left > 0) {
      const piece = left < PIECE.length ? PIECE.subarray(0, left) : PIECE;
      left -= piece.length;
      if (!socket.write(piece)) return;
    }
    socket.end();
  };
  socket.on("drain", more).resume();
  more();
}

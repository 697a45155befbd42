import { type Attempt, attempts } from "./attempt.ts";

const perlSocket = (body: string) => `perl -MSocket -e '${body}' || echo NEEDS perl`;

/** connect(2) of a datagram socket only looks a route up and sends nothing; 192.0.2.1 is for documentation (RFC 5737). */
const ROUTE =
  'socket(S, PF_INET, SOCK_DGRAM, 0) or exit; print "BREACH\\n" if connect(S, sockaddr_in(53, inet_aton("192.0.2.1")));';
const ROUTE6 =
  'socket(S, PF_INET6, SOCK_DGRAM, 0) or exit; print "BREACH\\n" if connect(S, pack_sockaddr_in6(53, Socket::inet_pton(AF_INET6, "2001:db8::1")));';

/** Reaching anything at all over a network. */
export const NETWORK_ATTEMPTS: readonly Attempt[] = attempts("network", [
  { title: "reach a server on the host's loopback", script: 'exec 3<>"/dev/tcp/127.0.0.1/$DECOY_PORT" && cat <&3' },
  {
    title: "reach it by other spellings of loopback",
    script:
      'for h in localhost 0.0.0.0 127.1.2.3 ::1 ::ffff:127.0.0.1; do (exec 3<>"/dev/tcp/$h/$DECOY_PORT" && timeout 1 cat <&3); done',
  },
  {
    title: "reach a socket file of the host that everybody may use",
    script: perlSocket(
      "socket(S, PF_UNIX, SOCK_STREAM, 0) or exit; connect(S, pack_sockaddr_un($ENV{DECOY_SOCKET})) or exit; print <S>;",
    ),
  },
  {
    title: "reach a server on the host's loopback by IPv6",
    script: '(exec 3<>"/dev/tcp/::1/$DECOY_PORT6" && timeout 1 cat <&3)',
  },
  {
    title: "reach a server at the host's own address",
    script: '(exec 3<>"/dev/tcp/$DECOY_ADDRESS/$DECOY_PORT" && timeout 1 cat <&3)',
  },
  {
    title: "reach a datagram server of the host",
    script: 'exec 3<>"/dev/udp/127.0.0.1/$DECOY_UDP" && printf x >&3 && timeout 1 cat <&3',
  },
  {
    title: "reach an abstract socket of the host",
    script: perlSocket(
      'socket(S, PF_UNIX, SOCK_STREAM, 0) or exit; connect(S, pack_sockaddr_un("\\0$ENV{DECOY_ABSTRACT}")) or exit; print <S>;',
    ),
  },
  {
    title: "send datagrams out, as QUIC does",
    script: perlSocket(
      'socket(S, PF_INET, SOCK_DGRAM, 0) or exit; for my $a ("192.0.2.1", "8.8.8.8", "255.255.255.255", "224.0.0.1") { print "BREACH $a\\n" if send(S, "x", 0, sockaddr_in(443, inet_aton($a))) }',
    ),
  },
  {
    title: "connect to an address without a name, at a caught port",
    script:
      'for a in 192.0.2.1 10.0.0.1 169.254.169.254; do (exec 3<>"/dev/tcp/$a/443") 2>/dev/null && echo "BREACH $a"; done',
  },
  {
    title: "ping without raw packets",
    script: perlSocket(
      'socket(S, PF_INET, SOCK_DGRAM, 1) or exit; print "BREACH\\n" if send(S, pack("CCnnn", 8, 0, 0xf7ff, 0, 0), 0, sockaddr_in(0, inet_aton("192.0.2.1")))',
    ),
  },
  {
    title: "change its own network: addresses, routes, rules (netlink)",
    script:
      "ip addr add 10.9.9.9/8 dev lo 2>/dev/null && echo BREACH; ip link set lo down 2>/dev/null && echo BREACH; ip route add default dev lo 2>/dev/null && echo BREACH; ip rule add pref 1 lookup main 2>/dev/null && echo BREACH; command -v ip >/dev/null || { ip 1>&2; echo NEEDS ip; }",
  },
  {
    title: "make a tunnel device (TUN)",
    script:
      "mkdir -p net; mknod net/tun c 10 200 2>/dev/null && (: <>net/tun) && echo BREACH; (: <>/dev/net/tun) 2>/dev/null && echo BREACH",
  },
  {
    title: "enter the host's network by its first process, or another's descriptor",
    script:
      'for p in 1 $DECOY_PID $DECOY_DAEMON; do nsenter --net=/proc/$p/ns/net true 2>/dev/null && [ "$(readlink /proc/$p/ns/net)" != "$(readlink /proc/self/ns/net)" ] && echo BREACH; done; for f in /proc/self/fd/*; do readlink $f | grep -q "^net:\\|^user:" && echo BREACH; done',
  },
  {
    title: "find an interface besides loopback",
    script: "grep -E '^ *[^ ]+:' /proc/net/dev | grep -v ' lo:' && echo BREACH",
  },
  { title: "find a route to the internet", script: perlSocket(ROUTE) },
  { title: "find a route to the internet by IPv6", script: perlSocket(ROUTE6) },
  {
    title: "see the host's connections and listeners",
    script:
      'hex=$(printf "%04X" "$DECOY_PORT"); grep -q ":$hex" /proc/net/tcp && echo BREACH; grep -q "$DECOY_SOCKET" /proc/net/unix && echo BREACH',
  },
  { title: "send raw packets", script: perlSocket('print "BREACH\\n" if socket(S, PF_INET, SOCK_RAW, 1)') },
  {
    title: "read packets from the wire",
    script: perlSocket('print "BREACH\\n" if socket(S, 17, SOCK_RAW, 768) || $!{EPERM}'),
  },
  { title: "talk to the hypervisor (vsock)", script: perlSocket('print "BREACH\\n" if socket(S, 40, SOCK_STREAM, 0)') },
  {
    title: "make a network interface",
    script:
      "ip link add coop0 type dummy 2>/dev/null && echo BREACH; ip tuntap add mode tun 2>/dev/null && echo BREACH; [ -e /dev/net/tun ] && echo BREACH",
  },
  {
    title: "use the container engine, bus or agent of the host",
    script:
      "for f in /run/docker.sock /var/run/docker.sock /run/dbus/system_bus_socket /run/user /tmp/ssh-* /tmp/.X11-unix /tmp/tmux-*; do [ -e $f ] && echo BREACH $f; done",
  },
]);

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

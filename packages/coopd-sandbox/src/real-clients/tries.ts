import { PROXY_PORT } from "../gate/transparent-ports.ts";
import { GREETING, PORTS, WORLD } from "./places.ts";

/** One thing that a hen does with a real client, and what must come of it. */
export interface Try {
  readonly title: string;
  /** The program that the hen needs; without it the try is a counted skip. */
  readonly needs: string;
  readonly script: string;
  /** What it prints when it works, or the complaint with which it fails. */
  readonly works?: string;
  readonly fails?: RegExp;
}

const PYTHON = (url: string) =>
  `python3 -c 'import urllib.request as u; print(u.urlopen("${url}", timeout=10).read().decode())'`;
const NODE = (url: string) =>
  `node -e 'fetch("${url}").then(async (r) => console.log(await r.text()), (e) => { console.error(String(e.cause)); process.exit(1) })'`;
const raw = (host: string, port: number) => `(exec 3<>/dev/tcp/${host}/${port} && timeout 5 cat <&3)`;
const HELLO = "hello from www.b.test";
const NO_NAME = /could not resolve|name or service not known|ENOTFOUND|no address/i;

/** What the policy lists is reached, whatever the client knows of proxies. */
export const LISTED: readonly Try[] = [
  { title: "curl, by the proxy", needs: "curl", script: "curl -sS https://www.b.test/", works: HELLO },
  { title: "curl, plain HTTP by the proxy", needs: "curl", script: "curl -sS http://www.b.test/", works: HELLO },
  {
    title: "curl that knows no proxy",
    needs: "curl",
    script: "curl -sS --noproxy '*' https://www.b.test/",
    works: HELLO,
  },
  {
    title: "curl that knows no proxy, plain HTTP",
    needs: "curl",
    script: "curl -sS --noproxy '*' http://www.b.test/",
    works: HELLO,
  },
  {
    title: "curl that knows no proxy, at another listed port",
    needs: "curl",
    script: `curl -sS --noproxy '*' https://www.b.test:${PORTS.otherHttps}/`,
    works: HELLO,
  },
  {
    title: "curl by SOCKS, with the name",
    needs: "curl",
    script: `curl -sS --socks5-hostname 127.0.0.1:${PROXY_PORT} https://www.b.test/`,
    works: HELLO,
  },
  {
    title: "curl by SOCKS, with the address that the name server gave",
    needs: "curl",
    script: `curl -sS --socks5 127.0.0.1:${PROXY_PORT} https://www.b.test/`,
    works: HELLO,
  },
  {
    title: "git over https",
    needs: "git",
    script: "git clone -q https://git.b.test/sample.git && cat sample/readme",
    works: "hello",
  },
  {
    title: "npm",
    needs: "npm",
    script: "npm install --no-audit --no-fund coop-sample && ls node_modules",
    works: "coop-sample",
  },
  { title: "python's urllib", needs: "python3", script: PYTHON("https://www.b.test/"), works: HELLO },
  { title: "node, which knows no proxy", needs: "node", script: NODE("https://www.b.test/"), works: HELLO },
  {
    title: "perl over a plain socket",
    needs: "perl",
    script: `perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new("raw.b.test:${PORTS.raw}") or die $@; print <$s>'`,
    works: GREETING,
  },
  { title: "a raw protocol at a listed port", needs: "bash", script: raw("raw.b.test", PORTS.raw), works: GREETING },
];

/** What it does not list is refused, in words that say so. */
export const UNLISTED: readonly Try[] = [
  {
    title: "curl, by the proxy",
    needs: "curl",
    script: "curl -sS https://denied.c.test/",
    fails: /CONNECT tunnel failed, response 403|HTTP code 403 from proxy/,
  },
  {
    title: "curl, plain HTTP: the answer is the gate's, with rule, reason and next step",
    needs: "curl",
    script: "curl -sS --fail-with-body http://denied.c.test/ 1>&2",
    fails: /no_rule.*denied\.c\.test:80/s,
  },
  {
    title: "curl that knows no proxy: the name is unknown",
    needs: "curl",
    script: "curl -sS --noproxy '*' https://denied.c.test/",
    fails: NO_NAME,
  },
  {
    title: "curl by SOCKS",
    needs: "curl",
    script: `curl -sS --socks5-hostname 127.0.0.1:${PROXY_PORT} https://denied.c.test/`,
    fails: /SOCKS5/i,
  },
  {
    title: "git over https",
    needs: "git",
    script: "git clone -q https://denied.c.test/sample.git denied",
    fails: /403/,
  },
  {
    title: "npm",
    needs: "npm",
    script: "npm view --registry https://denied.c.test/ --fetch-retries 0 coop-sample",
    fails: /403|tunneling socket/,
  },
  { title: "python's urllib", needs: "python3", script: PYTHON("https://denied.c.test/"), fails: /403/ },
  { title: "node", needs: "node", script: NODE("https://denied.c.test/"), fails: NO_NAME },
  {
    title: "the system's resolver",
    needs: "getent",
    script: "getent hosts denied.c.test || echo none 1>&2 && false",
    fails: /none/,
  },
  {
    title: "an unlisted port of a listed host",
    needs: "curl",
    script: `curl -sS https://raw.b.test:${PORTS.unlistedRaw}/`,
    fails: /403/,
  },
  {
    title: "an unlisted port of a listed host, past the proxy",
    needs: "bash",
    script: raw("raw.b.test", PORTS.unlistedRaw),
    fails: /refused/,
  },
  {
    title: "an address in the place of a listed name, by the proxy",
    needs: "curl",
    script: `curl -sS -k https://${WORLD.listed}/`,
    fails: /403/,
  },
  {
    title: "an address in the place of a listed name, past the proxy",
    needs: "curl",
    script: `curl -sS -k --noproxy '*' https://${WORLD.listed}/`,
    fails: /could ?n.t connect|unreachable/i,
  },
  {
    title: "a listed name that leads to the host itself",
    needs: "curl",
    script: "curl -sS -k https://rebind.b.test/",
    fails: /403/,
  },
  {
    title: "a listed name that leads to the host's neighbours",
    needs: "curl",
    script: "curl -sS -k --noproxy '*' https://lan.b.test/",
    fails: /reset|SSL|closed|EOF|alert/i,
  },
  {
    title: "another server name inside than the one that was asked for",
    needs: "curl",
    script: `curl -sS -k --noproxy '*' --connect-to www.b.test:443:git.b.test:443 https://www.b.test/`,
    fails: /reset|SSL|closed|EOF|alert/i,
  },
  {
    title: "datagrams, as QUIC",
    needs: "bash",
    script: `(exec 3<>/dev/udp/${WORLD.listed}/${PORTS.datagrams} && echo x >&3 && timeout 2 cat <&3)`,
    fails: /unreachable/i,
  },
  {
    title: "IPv6",
    needs: "curl",
    script: "curl -sS -k --noproxy '*' 'https://[2606:4700::1111]/'",
    fails: /could ?n.t connect|unreachable|cannot assign/i,
  },
  {
    title: "raw packets",
    needs: "perl",
    script: `perl -MSocket -e 'socket(S, PF_INET, SOCK_RAW, 1) or die "raw: $!\\n"'`,
    fails: /raw: /,
  },
];

/** What reaches those servers where there is no wall: from the host itself, past the hen. */
export const BARE: readonly Try[] = [
  {
    title: "the unlisted host",
    needs: "curl",
    script: "curl -sS -k https://denied.c.test/",
    works: "hello from denied.c.test",
  },
  { title: "an address", needs: "curl", script: `curl -sS -k https://${WORLD.listed}/`, works: "hello" },
  { title: "an unlisted port", needs: "bash", script: raw("raw.b.test", PORTS.unlistedRaw), works: GREETING },
  {
    title: "datagrams",
    needs: "bash",
    script: `(exec 3<>/dev/udp/${WORLD.listed}/${PORTS.datagrams} && echo x >&3 && timeout 1 cat <&3) || true`,
    works: GREETING,
  },
];

/** The daemon's own door and another server on the host's loopback, at ports the scripts know as `API` and `OTHER`. */
export const HOST_TRIES: readonly Try[] = ["API", "OTHER"].flatMap((port) => [
  {
    title: `${port}, past the gate`,
    needs: "bash",
    script: `(exec 3<>/dev/tcp/127.0.0.1/$${port} && timeout 2 cat <&3)`,
  },
  {
    title: `${port}, by the gate`,
    needs: "curl",
    script: `for host in 127.0.0.1 localhost 0.0.0.0 2130706433 '[::ffff:127.0.0.1]' ${WORLD.host}; do
      curl -sS -m 5 --noproxy '' -x http://127.0.0.1:${PROXY_PORT} -p "http://$host:$${port}/"
      curl -sS -m 5 --noproxy '' -x http://127.0.0.1:${PROXY_PORT} "http://$host:$${port}/" | grep -v '"code"'
      curl -sS -m 5 --noproxy '' --socks5-hostname 127.0.0.1:${PROXY_PORT} "http://$host:$${port}/"
    done`,
  },
]);

import { createHash } from "node:crypto";
import type { BootedRoot } from "./booted-root.ts";
import type { Checks } from "./checks.ts";
import { Farmer } from "./farmer.ts";

/** Paths inside the root. */
export interface DebWalkParts {
  readonly previous: string;
  readonly current: string;
  /** Its package version. */
  readonly version: string;
}

const HEALTH = "http://127.0.0.1:9700/api/v1/healthz";
/** What programs of Debian write anew whenever packages come and go. */
const PASSING =
  /^\/(?:proc|sys|dev|run|tmp)(?:\/|$)|^\/var\/(?:log|cache|lib\/(?:apt|dpkg|systemd))\/|^\/etc\/ld\.so\.cache$/;
/** Where users are written down; useradd and userdel leave copies of what was before, named with a dash. */
const ACCOUNTS = ["/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow"];

/** From a clean system through install, upgrade, removal and purge, back to the clean system. */
export function walkDeb(root: BootedRoot, { previous, current, version }: DebWalkParts, checks: Checks): void {
  const farmer = new Farmer(root, ["runuser", "-u", "coop", "--", "coop"]);
  const before = listRoot(root);
  install(root, previous, checks);
  if (checks.failures > 0) return; // the rest would only say so again
  checkProcess(root, checks);
  checkPolicy(root, farmer, checks);
  attackFromUnit(root, checks);
  killDaemon(root, checks);
  upgrade(root, farmer, { current, version }, checks);
  removeAndPurge(root, farmer, current, checks);
  const after = listRoot(root);
  const left = after.filter((row) => !before.includes(row));
  const lost = before.filter((row) => !after.includes(row));
  checks.check("purge leaves nothing", left.length === 0, left.slice(0, 10).join(", "));
  checks.check("and takes nothing else", lost.length === 0, lost.slice(0, 10).join(", "));
}

function install(root: BootedRoot, deb: string, { check, figure }: Checks): void {
  const startedAt = performance.now();
  const installed = aptGet(root, "install", deb);
  figure("install with bubblewrap", `${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  check("apt-get install ends with 0", installed.exitCode === 0, installed.exitCode === 0 ? "" : installed.stderr);
  check("its files are whole", root.run(["dpkg", "--verify", "coop"]).stdout === "");
  check("the unit is enabled", root.run(["systemctl", "is-enabled", "coopd"]).stdout.trim() === "enabled");
  check("the daemon is up and healthy", isHealthy(root));
  const verified = root.run(["systemd-analyze", "verify", "/usr/lib/systemd/system/coopd.service"]);
  check(
    "systemd-analyze verify has nothing to say",
    verified.exitCode === 0 && verified.stderr === "",
    verified.stderr,
  );
  const exposure = /exposure level for coopd.service: (\S+)/.exec(
    root.run(["systemd-analyze", "security", "--no-pager", "coopd.service"]).stdout,
  )?.[1];
  figure("systemd-analyze security", `${exposure} of 10`);
}

function checkProcess(root: BootedRoot, { check }: Checks): void {
  const pid = mainPid(root);
  const status = root.run(["cat", `/proc/${pid}/status`]).stdout;
  const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(status)?.[1] ?? "";
  const uid = root.run(["id", "-u", "coop"]).stdout.trim();
  check("it runs as the user coop", /^[1-9]\d*$/.test(uid) && field("Uid") === uid, `uid ${field("Uid")}`);
  for (const set of ["CapEff", "CapPrm", "CapBnd", "CapAmb"]) check(`${set} is empty`, /^0+$/.test(field(set)));
  check("without new privileges", field("NoNewPrivs") === "1");
  const mode = (path: string) => root.run(["stat", "-c", "%U %a", path]).stdout.trim();
  check("its directory is its own alone", mode("/var/lib/coop") === "coop 700", mode("/var/lib/coop"));
  check("its settings are root's alone", mode("/etc/coop/coop.env") === "root 600", mode("/etc/coop/coop.env"));
  const stranger = root.run([
    "curl",
    "-s",
    "-o",
    "/dev/null",
    "-w",
    "%{http_code}",
    "http://127.0.0.1:9700/api/v1/hens",
  ]);
  check("who brings no token is not let in", stranger.stdout === "401", stranger.stdout);
}

function checkPolicy(root: BootedRoot, farmer: Farmer, { check }: Checks): void {
  const doctor = farmer.run(["doctor", "-o", "json"]);
  check("coop doctor is content", doctor.exitCode === 0, doctor.exitCode === 0 ? "" : doctor.stdout);
  root.run(["sh", "-c", "grep -q far.test /etc/hosts || echo 127.0.0.1 far.test >>/etc/hosts"]);
  root.run([
    "systemd-run",
    "--collect",
    "--unit=far",
    "systemd-socket-activate",
    "--inetd",
    "-a",
    "-l",
    "127.0.0.1:8080",
    "/bin/sh",
    "-c",
    SERVE,
  ]);
  const reach = "curl --silent --show-error --fail --max-time 5 http://far.test:8080/";
  check("the far server answers whoever is not walled in", asCoop(root, reach).includes("far-away"));
  check("the daemon's port answers too", asCoop(root, `curl -s ${HEALTH}`).includes("ok"));
  check("the token can be read there", asCoop(root, "cat /var/lib/coop/token").startsWith("coop_"));
  const strict = farmer.makeHen("strict", { policy: "off" });
  check("a hen under the policy off hatches", strict.exitCode === 0, strict.stderr);
  const inside = (hen: string, command: string) => farmer.runInside(hen, `${command}; echo "ended-$?"`);
  check("off: its job runs", inside("strict", "echo here-I-am; true").includes("ended-0"));
  check("off: it reaches no server", hasFailed(inside("strict", reach)));
  check("off: nor the daemon", hasFailed(inside("strict", `curl -s --max-time 5 ${HEALTH}`)));
  const files = inside("strict", "cat /var/lib/coop/token /etc/coop/coop.env /etc/shadow");
  check("off: nor the daemon's files", !files.includes("coop_") && hasFailed(files));
  const allow = [{ host: "far.test", ports: [8080], private: true }];
  check("a hen under an allowlist hatches", farmer.makeHen("listed", { policy: "allowlist", allow }).exitCode === 0);
  check("allowlist: it reaches what is listed", inside("listed", reach).includes("far-away"));
  const daemon = inside("listed", reach.replace("8080", "9700"));
  check("allowlist: and not another port", hasFailed(daemon));
  check("allowlist: nor another name", hasFailed(inside("listed", reach.replace("far.test", "localhost"))));
  root.run(["systemctl", "stop", "far"]);
}

/** The command ran inside, and did not do it. */
function hasFailed(journal: string): boolean {
  return /ended-[1-9]/.test(journal) && !/far-away|ended-0/.test(journal);
}

/** An HTTP server of one answer, standard input and output being the connection. */
const SERVE = `while read -r line && [ "\${#line}" -gt 1 ]; do :; done; printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 8\\r\\nConnection: close\\r\\n\\r\\nfar-away'`;

/** The whole attack of the doctor, in a unit that differs from the package's in its command and its folder only. */
function attackFromUnit(root: BootedRoot, { check, figure }: Checks): void {
  const change = [
    "s#^ExecStart=.*#ExecStart=/usr/bin/coop doctor --attack -o json#",
    "s#^Type=.*#Type=oneshot#",
    "/^Restart/d; /^RestartSec/d; /^Environment=COOP_DATA_DIR/d; /^Delegate/d",
    "s#^StateDirectory=coop#StateDirectory=coop-attack#; s#^WorkingDirectory=.*#WorkingDirectory=/var/lib/coop-attack#",
    "s#^OOMPolicy=#StandardOutput=file:/run/attack.json\\n&#",
  ].join("; ");
  root.run(["sh", "-c", `sed '${change}' /usr/lib/systemd/system/coopd.service >/run/systemd/system/attack.service`]);
  root.run(["systemctl", "daemon-reload"]);
  const ran = root.run(["systemctl", "start", "attack"], { secsMax: 300 });
  const report = readReport(root.run(["cat", "/run/attack.json"]).stdout);
  figure(
    "doctor --attack in the unit, held / breached / not run",
    `${report.held} / ${report.breached} / ${report.not_run}`,
  );
  const isHeld = ran.exitCode === 0 && report.held >= 100 && report.breached === 0 && report.not_run === 0;
  check("nothing gets out under the unit's settings", isHeld, ran.stderr);
  root.run(["rm", "-rf", "/run/systemd/system/attack.service", "/var/lib/coop-attack", "/run/attack.json"]);
  root.run(["systemctl", "daemon-reload"]);
}

function killDaemon(root: BootedRoot, { check }: Checks): void {
  const pid = mainPid(root);
  root.run(["systemctl", "kill", "--kill-whom=main", "--signal=SIGKILL", "coopd"]);
  root.run(["sleep", "3.5"]); // RestartSec
  check("killed, it is started again", isHealthy(root) && mainPid(root) !== pid);
}

function upgrade(
  root: BootedRoot,
  farmer: Farmer,
  { current, version }: Pick<DebWalkParts, "current" | "version">,
  { check, figure }: Checks,
): void {
  root.run(["sh", "-c", "echo COOP_LOG=debug >>/etc/coop/coop.env"]);
  const token = root.run(["cat", "/var/lib/coop/token"]).stdout;
  const prompt = JSON.stringify([
    { text: "First.", tools: [{ name: "bash", input: { command: "echo once >>steps" } }] },
    { text: "Waiting.", delay_ms: 20_000, tools: [{ name: "bash", input: { command: "cat steps" } }] },
    { text: "After the upgrade." },
  ]);
  const job = farmer.run(["job", "run", "local.coop/strict", prompt, "-q"]).stdout.trim();
  root.run(["sleep", "3"]); // the first step is done, the second one waits
  const jobsBefore = farmer.run(["job", "list", "-q"]).stdout;
  const startedAt = performance.now();
  const upgraded = aptGet(root, "install", current);
  figure("upgrade", `${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  check("the upgrade ends with 0", upgraded.exitCode === 0, upgraded.exitCode === 0 ? "" : upgraded.stderr);
  const found = /^Version: (.*)$/m.exec(root.run(["dpkg", "-s", "coop"]).stdout)?.[1];
  check("the new package is there", found === version, found);
  check("the daemon is up again", isHealthy(root));
  check("the changed settings were kept", root.run(["cat", "/etc/coop/coop.env"]).stdout.endsWith("COOP_LOG=debug\n"));
  check("the token is the same", root.run(["cat", "/var/lib/coop/token"]).stdout === token && token !== "");
  check(
    "so are hens and jobs",
    farmer.run(["job", "list", "-q"]).stdout === jobsBefore && job !== "" && jobsBefore.includes(job),
  );
  const waited = farmer.run(["job", "wait", job, "--timeout-s", "50"]);
  check(
    "the job that ran goes on and is done",
    waited.exitCode === 0 && waited.stdout.includes("After the upgrade"),
    waited.stderr,
  );
  const steps = farmer.run(["hen", "files", "get", "local.coop/strict", "steps"]).stdout;
  check("and did nothing twice", steps === "once\n", JSON.stringify(steps));
}

function removeAndPurge(root: BootedRoot, farmer: Farmer, deb: string, { check }: Checks): void {
  const jobs = farmer.run(["job", "list", "-q"]).stdout;
  check("apt-get remove ends with 0", aptGet(root, "remove", "coop").exitCode === 0);
  check("no process of it is left", root.run(["pgrep", "-u", "coop"]).exitCode === 1);
  check("its data is", root.run(["test", "-s", "/var/lib/coop/token"]).exitCode === 0);
  check("installed again, it goes on with it", aptGet(root, "install", deb).exitCode === 0 && isHealthy(root));
  check("with every job", jobs !== "" && farmer.run(["job", "list", "-q"]).stdout === jobs);
  check("apt-get purge ends with 0", aptGet(root, "purge", "coop").exitCode === 0);
  check("the user is gone", root.run(["getent", "passwd", "coop"]).exitCode === 2);
  aptGet(root, "autoremove", "--purge");
  root.run(["sed", "-i", "/far.test/d", "/etc/hosts"]);
}

function aptGet(root: BootedRoot, command: string, ...what: readonly string[]) {
  return root.run(
    [
      "apt-get",
      "-qq",
      "-o",
      "Dpkg::Use-Pty=0",

      command,
      "-y",
      "--allow-downgrades",
      "--no-install-recommends",
      ...what,
    ],
    { secsMax: 300 },
  );
}

function asCoop(root: BootedRoot, command: string): string {
  return root.run(["runuser", "-u", "coop", "--", "sh", "-c", command]).stdout;
}

function mainPid(root: BootedRoot): string {
  return root.run(["systemctl", "show", "-P", "MainPID", "coopd"]).stdout.trim();
}

/** Within ten seconds. */
function isHealthy(root: BootedRoot): boolean {
  const ask = `for i in $(seq 100); do curl -sf ${HEALTH} && exit 0; sleep 0.1; done; exit 1`;
  return root.run(["sh", "-c", ask]).exitCode === 0;
}

function readReport(text: string): { readonly held: number; readonly breached: number; readonly not_run: number } {
  try {
    return JSON.parse(text);
  } catch {
    return { held: 0, breached: 0, not_run: 0 };
  }
}

/** Every path of the root with its kind and mode, and what the account files say; sorted. */
function listRoot(root: BootedRoot): readonly string[] {
  const found = root.run(["find", "/", "-xdev", "-printf", "%p %y %m %U\\n"]).stdout.trim().split("\n");
  const paths = found.filter((row) => !PASSING.test(row.split(" ")[0] ?? "") && !isAccountCopy(row));
  const accounts = ACCOUNTS.map((path) => {
    const text = root.run(["cat", path]).stdout;
    return `${path} ${createHash("sha256").update(text).digest("hex")}`;
  });
  return [...paths, ...accounts].sort();
}

function isAccountCopy(row: string): boolean {
  const [path = ""] = row.split(" ");
  return ACCOUNTS.some((account) => path === `${account}-`) || path === "/etc/.pwd.lock";
}

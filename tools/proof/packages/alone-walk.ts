import type { BootedRoot } from "./booted-root.ts";
import type { Checks } from "./checks.ts";
import { Farmer } from "./farmer.ts";

const FOLDER = "/home/farmer/empty";
const BASE = "http://127.0.0.1:9700";

/** The executable and nothing else, in an empty folder of a plain user who has bubblewrap: farm, page and doctor. */
export function walkAlone(root: BootedRoot, executable: string, { check, figure }: Checks): void {
  root.run(["useradd", "--create-home", "--shell", "/bin/sh", "farmer"]);
  root.run(["install", "-d", "-o", "farmer", FOLDER]);
  root.run(["install", "-o", "farmer", executable, `${FOLDER}/coop`]);
  const inFolder = ["runuser", "-u", "farmer", "--", "env", `--chdir=${FOLDER}`, "HOME=/home/farmer"];
  const farmer = new Farmer(root, [...inFolder, "./coop"]);
  check("node and bun are not there", root.run(["sh", "-c", "command -v node bun npm"]).exitCode !== 0);
  check("it says its version", farmer.run(["--version"]).stdout.startsWith("coop "));
  const doctor = farmer.run(["doctor", "-o", "json"]);
  check(
    "without a daemon the doctor measures by itself",
    doctor.exitCode === 0,
    doctor.exitCode === 0 ? "" : doctor.stderr,
  );
  checkDemo(root, inFolder, check);
  root.run([...inFolder, "ln", "-s", "coop", "coopd"]);
  root.run([
    "systemd-run",
    "--collect",
    "--unit=alone",
    "--uid=farmer",
    `--working-directory=${FOLDER}`,
    "-E",
    "HOME=/home/farmer",
    `${FOLDER}/coopd`,
    "serve",
  ]);
  const up = root.run([
    "sh",
    "-c",
    `for i in $(seq 100); do curl -sf ${BASE}/api/v1/healthz && exit 0; sleep 0.1; done; exit 1`,
  ]);
  check("as coopd it runs a farm", up.exitCode === 0);
  check("of which the doctor says the same", farmer.run(["doctor"]).exitCode === 0);
  const hatched = farmer.makeHen("alone", { policy: "off" });
  check("a hen hatches", hatched.exitCode === 0, hatched.stderr);
  check("its job runs behind walls", farmer.runInside("alone", "hostname; id -u; echo ended-$?").includes("ended-0"));
  checkPage(root, farmer, check);
  const attack = farmer.run(["doctor", "--attack", "-o", "json"], { secsMax: 300 });
  const held = /"held": (\d+)/.exec(attack.stdout)?.[1] ?? "0";
  figure("doctor --attack, attempts held", held);
  check("and nothing gets out", attack.exitCode === 0, attack.stderr);
  root.run(["systemctl", "stop", "alone"]);
  const beside = root.run(["find", FOLDER, "-mindepth", "1", "-not", "-name", "coop", "-not", "-name", "coopd"]).stdout;
  check("it has written nothing beside itself", beside === "", beside);
}

function checkDemo(root: BootedRoot, inFolder: readonly string[], check: Checks["check"]): void {
  const demo = root.run([...inFolder, "timeout", "--signal=INT", "10", "./coop", "demo"]);
  const isDone = /^job \S+: DONE /m.test(demo.stdout) && demo.stdout.includes("The farm has stopped");
  check("coop demo: a farm with a job that is done, until Ctrl-C", isDone, isDone ? "" : demo.stdout + demo.stderr);
  const left = root.run(["find", "/tmp", "-name", "coop-demo-*"]).stdout + root.run(["pgrep", "-u", "farmer"]).stdout;
  check("and nothing of it is left", left === "", left);
}

/** A browser's way in: the link that works once, the cookie, the page and all that it names. */
function checkPage(root: BootedRoot, farmer: Farmer, check: Checks["check"]): void {
  const link = /"url": "([^"]+)"/.exec(farmer.run(["open", "--print", "-o", "json"]).stdout)?.[1] ?? "";
  const browse = (url: string) =>
    root.run(["curl", "-sL", "-b", "/tmp/jar", "-c", "/tmp/jar", "-w", "\\n%{http_code}", url]).stdout;
  const stranger = root.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", `${BASE}/`]).stdout;
  check("the page asks a stranger to log in", stranger === "401" || stranger.startsWith("30"), stranger);
  const page = browse(link);
  check("the page is there after one link", page.startsWith("<!doctype html>") && page.endsWith("200"), page.slice(-4));
  const named = [...page.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css|svg|woff2|png|webmanifest))"/g)].map(
    ([, path]) => path ?? "",
  );
  const missing = named.filter((path) => !browse(`${BASE}${path}`).endsWith("200"));
  check("and everything that it names", named.length > 0 && missing.length === 0, missing.join(", "));
}

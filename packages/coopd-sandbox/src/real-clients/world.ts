// Started inside fresh network, mount and process namespaces: makes the host's and the server machine's network, fills the
// servers, and runs the clients (clients.ts) as root or under a plain user's id. Its output is theirs.
import { mkdirSync, writeFileSync } from "node:fs";
import { HOSTS, WORLD } from "./places.ts";

const [, , folder = "", plainUid = ""] = process.argv;
const bun = [process.execPath, "--no-env-file", "--config=/dev/null"];

function run(line: string): void {
  const { success, stderr } = Bun.spawnSync(["sh", "-ec", line], { stdio: ["ignore", "ignore", "pipe"] });
  if (!success) throw new Error(`${line}: ${stderr}`);
}

/** A file of ours in the place of the host's, for this mount namespace only. */
function cover(path: string, content: string): void {
  const own = `${folder}/${path.replaceAll("/", "_")}`;
  writeFileSync(own, content, { mode: 0o644 });
  run(`mount --bind ${own} "$(readlink -f ${path})"`);
}

async function openServerMachine(): Promise<number> {
  const holder = Bun.spawn(["unshare", "--net", "sh", "-c", "echo up; exec sleep infinity"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await holder.stdout.getReader().read();
  const inside = `nsenter --net=/proc/${holder.pid}/ns/net`;
  run(`ip link set lo up; ip link add host0 type veth peer name net0 netns ${holder.pid}`);
  run(`ip addr add ${WORLD.host}/24 dev host0; ip link set host0 up`);
  run(`${inside} ip link set lo up; ${inside} ip link set net0 up`);
  for (const address of [WORLD.listed, WORLD.unlisted]) run(`${inside} ip addr add ${address}/24 dev net0`);
  return holder.pid;
}

/** What the servers serve. */
function fill(): void {
  const [git, registry] = [`${folder}/git.b.test`, `${folder}/registry.b.test`];
  for (const path of [git, registry, `${folder}/package`]) mkdirSync(path);
  writeFileSync(`${folder}/package/package.json`, '{"name":"coop-sample","version":"1.0.0"}');
  run(`tar -czf ${registry}/coop-sample.tgz -C ${folder} package`);
  const commit = "git -c user.name=t -c user.email=t@b.test -c init.defaultBranch=main";
  const plain = "env -i HOME=/ PATH=/usr/bin:/bin";
  if (Bun.which("git") === null) return;
  run(`cd ${folder}; ${plain} ${commit} init -q work; cd work; echo hello > readme; git add readme
    ${plain} ${commit} commit -qm first; ${plain} git clone -q --bare . ${git}/sample.git
    cd ${git}/sample.git; ${plain} git update-server-info`);
}

const machine = await openServerMachine();
cover("/etc/hosts", `${HOSTS}\n`);
cover("/etc/resolv.conf", "");
fill();
const servers = Bun.spawn(
  ["nsenter", `--net=/proc/${machine}/ns/net`, ...bun, `${import.meta.dir}/servers.ts`, folder],
  { stdio: ["ignore", "pipe", "inherit"] },
);
await servers.stdout.getReader().read();
const drop = plainUid === "" ? [] : ["setpriv", `--reuid=${plainUid}`, `--regid=${plainUid}`, "--clear-groups", "--"];
const clients = Bun.spawn([...drop, ...bun, `${import.meta.dir}/clients.ts`], {
  env: { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", HOME: `${folder}/home`, TMPDIR: `${folder}/home` },
  cwd: "/",
  stdio: ["ignore", "inherit", "inherit"],
});
process.exit(await clients.exited);

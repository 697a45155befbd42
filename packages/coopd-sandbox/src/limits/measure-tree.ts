import { CoopError } from "coopd-core";

/** What a hen's folder takes of the disk. */
export interface TreeSize {
  /** Allocated bytes; a sparse file counts what it holds. */
  readonly bytes: number;
  readonly inodes: number;
}

/** The programs that measuring needs, by absolute path. */
export interface MeasureParts {
  readonly du: string;
  readonly bwrap: string;
}

/** Half a million inodes take 2 s here; a disk that needs longer than this is not answering. */
const MEASURE_MS_MAX = 60_000;

/**
 * Measures a hostile tree with `du`, which follows no links and walks by descriptor, in processes of its own. A plain
 * user's hen could close folders to it with chmod; so there `du` runs in a user namespace of its own, in which
 * CAP_DAC_READ_SEARCH opens them and nothing else, with the whole host read-only.
 *
 * @throws CoopError `sandbox_failed` when it gives no number.
 */
export async function measureTree(path: string, { du, bwrap }: MeasureParts): Promise<TreeSize> {
  const open = [
    "--unshare-user",
    "--uid",
    "0",
    "--gid",
    "0",
    "--cap-add",
    "CAP_DAC_READ_SEARCH",
    "--ro-bind",
    "/",
    "/",
  ];
  const prefix = process.getuid?.() === 0 ? [] : [bwrap, ...open, "--die-with-parent", "--"];
  const ask = (unit: string) => readNumber([...prefix, du, "-s", "-x", unit, "--", path]);
  const [bytes, inodes] = await Promise.all([ask("--block-size=1"), ask("--inodes")]);
  return { bytes, inodes };
}

async function readNumber(argv: readonly string[]): Promise<number> {
  const child = Bun.spawn([...argv], {
    env: { LC_ALL: "C" },
    cwd: "/",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: MEASURE_MS_MAX,
    killSignal: "SIGKILL",
  });
  const text = await new Response(child.stdout).text();
  await child.exited;
  const digits = /^(\d+)\t/.exec(text)?.[1];
  if (digits === undefined)
    throw new CoopError("sandbox_failed", "a hen's workdir could not be measured", { cause: text });
  return Number(digits);
}

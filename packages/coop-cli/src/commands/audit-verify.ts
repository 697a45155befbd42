import { followAudit } from "coopd-core";
import type { CommandContext } from "../command-context.ts";

const PAGE_ROWS = 1_000;

/**
 * `coop audit verify`: follows the whole chain and computes every hash itself, so that it takes nobody's word for it.
 * Exit 1 when it is broken, or when the hash that was noted is not in it.
 */
export async function run({ options, output, client }: CommandContext): Promise<number> {
  const noted = options.text("head")?.toLowerCase();
  const { access } = await client();
  const head = await access.auditHead();
  let place: { readonly seq: number; readonly hash: string } = head.base;
  let isNoted = noted === undefined || place.hash === noted;
  while (place.seq < head.seq) {
    const entries = await access.audit({ after: place.seq, limit: PAGE_ROWS });
    const next = followAudit(place, entries, digest);
    if ("broken" in next)
      return fail(output, { broken_at: next.broken, seq: head.seq }, `broken at entry ${next.broken}`);
    if (next.seq === place.seq) break;
    isNoted ||= entries.some(({ hash }) => hash === noted);
    place = next;
  }
  if (place.seq < head.seq || (place.seq === head.seq && place.hash !== head.hash)) {
    return fail(output, { broken_at: place.seq + 1, seq: head.seq }, `its end is missing behind entry ${place.seq}`);
  }
  if (!isNoted) return fail(output, { broken_at: null, seq: place.seq }, "the hash that was noted is not in the trail");
  const found = { ok: true, seq: place.seq, first: head.base.seq + 1, hash: place.hash };
  await output.value(
    found,
    (paint) => `${paint.green("ok")}  entries ${found.first} to ${found.seq}, ending in ${found.hash}\n`,
  );
  return 0;
}

async function fail(output: CommandContext["output"], found: object, why: string): Promise<number> {
  await output.value({ ok: false, ...found, reason: why }, (paint) => `${paint.red("broken")}  ${why}\n`);
  return 1;
}

function digest(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}

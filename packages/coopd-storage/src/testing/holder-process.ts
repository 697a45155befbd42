import { openStore } from "../index.ts";

// `bun holder-process.ts DIR [ADDRESS]`: opens the store of DIR, says `ready` and holds it until it is killed or its
// input ends. A refusal is said as one JSON line.
const [dataDir = "", address] = process.argv.slice(2);
process.umask(0); // nothing that the store makes may depend on the caller's mask
try {
  const store = await openStore({ dataDir, version: "9.9.9" });
  if (address !== undefined) await store.publishHolder({ address });
  process.stdout.write("ready\n");
  for await (const _ of process.stdin);
  await store.close();
} catch (error) {
  const { code, message, next, details } = error as Record<string, unknown>;
  process.stdout.write(`${JSON.stringify({ code, message, next, details })}\n`);
}
process.exit(0);

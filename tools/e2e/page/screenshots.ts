import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../programs.ts";
import { makeFlock } from "./flock.ts";
import { openPageRig, type PageWish } from "./rig.ts";
import { SCREENS } from "./screens.ts";

// `node_modules/.bin/bun tools/e2e/page/screenshots.ts [NAME…]`: draws docs/screenshots anew, all of them or the named ones.
const LOOKS: Readonly<Record<string, PageWish>> = {
  light: { theme: "light", isStill: true },
  dark: { theme: "dark", isStill: true },
  phone: { theme: "light", isStill: true, isPhone: true },
};
const wanted = process.argv.slice(2);
const folder = join(ROOT, "docs/screenshots");
await mkdir(folder, { recursive: true });
const rig = await openPageRig();
try {
  const flock = await makeFlock(rig);
  for (const { name, path, ready } of SCREENS) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const [look, wish] of Object.entries(LOOKS)) {
      const page = await rig.open(path(flock), wish);
      await ready(page, flock);
      await page.waitForLoadState("networkidle", { timeout: 1_500 }).catch(() => undefined); // a job's stream never rests
      await page.screenshot({ path: join(folder, `${name}-${look}.png`) });
      await page.context().close();
      console.log(`docs/screenshots/${name}-${look}.png`);
    }
  }
  for (const complaint of rig.complaints) console.error(complaint);
  if (rig.complaints.length > 0) process.exitCode = 1;
} finally {
  await rig.close();
}

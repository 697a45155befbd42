// Issue 2, *Shown by* 5: `npm run check` is green in under 30 s on two cores. The seeded violations are among its tests.
const SECONDS_MAX = 30;

const startedAt = performance.now();
const check = Bun.spawnSync(["npm", "run", "--silent", "check"], {
  stdin: "ignore",
  stdout: "inherit",
  stderr: "inherit",
});
const seconds = (performance.now() - startedAt) / 1000;
console.log(`figure: npm run check = ${seconds.toFixed(1)} s`);
process.exitCode = check.exitCode === 0 && seconds < SECONDS_MAX ? 0 : 1;

import { expect, test } from "bun:test";
import { openDaemonUnderTest } from "../testing/daemon-under-test.ts";
import type { ApiDocument } from "../testing/from-document.ts";
import { runFuzz } from "../testing/fuzz-run.ts";

const SEED = 20261126;
const REQUESTS = 3_000;

// tools/proof/door/fuzz.ts does it 200,000 times and more.
test(`${REQUESTS} requests made of the document (seed ${SEED}): no 500, no hang, one envelope, and the daemon is well`, async () => {
  await using daemon = await openDaemonUnderTest({
    COOP_AUTH: "token",
    COOP_SANDBOX: "0",
    COOP_DELEGATE_TIMEOUT_SECS: "1",
    COOP_LOGIN_MAX_ATTEMPTS: "1000000",
  });
  const document = (await daemon.call("GET", "/openapi.json")).json as ApiDocument;
  const token = (await Bun.file(`${daemon.dataDir}/token`).text()).trim();
  const { requests, byStatus, faults } = await runFuzz({
    base: daemon.base,
    token,
    document,
    seed: SEED,
    count: REQUESTS,
    atOnce: 16,
  });
  expect(faults).toEqual([]);
  expect(requests).toBeGreaterThanOrEqual(REQUESTS);
  expect(Object.keys(byStatus)).toEqual(expect.arrayContaining(["200", "400", "404", "405", "415", "422"]));
  expect((await daemon.call("GET", "/readyz")).status).toBe(200);
}, 120_000);

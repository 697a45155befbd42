import { parseArgs } from "node:util";
import { deriveKey } from "../src/kdf/derive-key.ts";
import { quickDerive } from "../src/testing/quick-derive.ts";
import { tryMutations } from "../src/testing/try-mutations.ts";

// Proof 6.3: mutated vault files at full count; most with a quick derivation, some through the whole Argon2id.
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "10000" },
    whole: { type: "string", default: "200" },
    seed: { type: "string", default: "20261126" },
  },
});
const seed = Number(values.seed);
console.log(`seed ${seed}`);
const quick = await tryMutations({ count: Number(values.count), seed, derive: quickDerive });
const whole = await tryMutations({ count: Number(values.whole), seed: seed + 1, derive: deriveKey });
console.log(`figure: mutated files refused with a typed error = ${quick.refused} of ${values.count}`);
console.log(`figure: mutated files that opened, changed in blanks or sealed anew with the key = ${quick.opened}`);
console.log(`figure: through the whole Argon2id = ${whole.refused} refused, ${whole.opened} opened of ${values.whole}`);

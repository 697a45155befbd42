import { Secret } from "../secret/secret.ts";
import { Vault } from "../vault/vault.ts";
import { quickDerive } from "./quick-derive.ts";

// A process that puts secrets into a vault, one after the other: PATH PREFIX COUNT [hold]. It prints each name when its put
// has returned; with `hold` it keeps the vault open until standard input ends.
const [path = "", prefix = "", count = "0", hold] = process.argv.slice(2);
for (let at = 0; at < Number(count); at += 1) {
  using vault = await Vault.open({ path, passphrase: new Secret("p"), derive: quickDerive });
  vault.put(`${prefix}${at}`, new Secret(`value of ${prefix}${at}`));
  process.stdout.write(`${prefix}${at}\n`);
}
if (hold === "hold") {
  using _vault = await Vault.open({ path, passphrase: new Secret("p"), derive: quickDerive });
  process.stdout.write("open\n");
  await Bun.stdin.text();
}

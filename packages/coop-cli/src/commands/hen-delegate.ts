import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../failures/exit-codes.ts";
import { readInputFile } from "../files/read-input-file.ts";
import { toPlainText } from "../output/plain-text.ts";

/** The daemon decides how long it waits (COOP_DELEGATE_TIMEOUT_SECS), not this program's usual patience with an answer. */
const NO_TIMEOUT_MS = 0;

/** `coop hen delegate FROM TO PROMPT`: prints how the other hen's job ended; the exit code says so too. @throws CoopError `delegation_refused`, `hen_not_found`, `timeout` */
export async function run(context: CommandContext): Promise<number> {
  const { args, options, output } = context;
  const [from = "", to = "", prompt = ""] = args;
  const text = prompt === "-" ? new TextDecoder().decode(await readInputFile("-")) : prompt;
  const client = await context.client({ timeoutMs: NO_TIMEOUT_MS });
  const ended = await client.hens.delegate(from, to, text, {
    idempotencyKey: options.text("idempotency-key"),
    leaseId: options.text("lease"),
  });
  if (output.isQuiet) await output.text(withNewline(ended.output));
  else await output.value(ended, () => withNewline(toPlainText(ended.output)));
  if (ended.status === "Done") return 0;
  const verb = ended.status === "Failed" ? "FAILED" : "was CANCELLED";
  await output.error(`job ${ended.job_id} on ${ended.hen} ${verb}`, `See what it did: coop job logs ${ended.job_id}`);
  return ended.status === "Failed" ? EXIT_CODES.jobFailed : EXIT_CODES.jobCancelled;
}

function withNewline(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

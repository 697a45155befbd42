import type { HenAnswer } from "coop-client";
import { isTerminalKind } from "coopd-core";
import { shortName } from "../../../app/addresses.ts";
import { act } from "../../../data/act.ts";
import { client } from "../../../data/client.ts";
import { Button } from "../../../kit/button.tsx";
import { tell } from "../../../kit/toast.tsx";

/** Asks the hen's brain for one word, as a job would ask it: the quickest way to know whether key, model and network are right. */
export function BrainTest({ hen }: { readonly hen: HenAnswer }) {
  if (isTerminalKind(hen.manifest.agent_kind) || hen.state === "ARCHIVED") return null;
  const ask = async () => {
    const report = await act(() => client.hens.testBrain(hen.id));
    if (report === undefined) return;
    tell({ kind: "done", text: `${shortName(hen.id)}'s brain answers: ${report.provider} ${report.model}` });
  };
  return (
    <Button isSmall onClick={ask} label="Try it: ask its brain for one word">
      Try it
    </Button>
  );
}

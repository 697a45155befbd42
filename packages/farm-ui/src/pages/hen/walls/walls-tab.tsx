import type { DoctorAnswer, HenAnswer } from "coop-client";
import { netPolicyOf } from "coopd-core";
import { useEffect, useState } from "preact/hooks";
import { henHref } from "../../../app/addresses.ts";
import { act } from "../../../data/act.ts";
import { client } from "../../../data/client.ts";
import { doctor } from "../../../data/farm-state.ts";
import { doctorChanged } from "../../../data/refresh.ts";
import { Button } from "../../../kit/button.tsx";
import { PlainText, toSeenText } from "../../../kit/plain-text.tsx";
import type { HenTabProps } from "../hen-tab.ts";
import { rulesOf } from "./rules-of.ts";

/** What holds this hen in, and how this host was seen to hold it. */
export function WallsTab({ hen }: HenTabProps) {
  return (
    <div class="stack">
      <Verdict hen={hen} />
      <div class="walls">
        <section class="stack" aria-labelledby="walls-rules">
          <h2 id="walls-rules">What holds for it</h2>
          <dl class="wall-rules">
            {rulesOf(hen.manifest).map(({ title, text }) => (
              <div key={title}>
                <dt>{title}</dt>
                <dd>
                  <PlainText text={text} limit={600} />
                </dd>
              </div>
            ))}
          </dl>
          <p>
            <a href={henHref(hen.id, "manifest")}>Change it in the manifest</a>
          </p>
        </section>
        <Proof />
      </div>
    </div>
  );
}

function Proof() {
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    if (doctor.peek() === undefined) doctorChanged();
  }, []);
  const measure = async () => {
    const report = await act(() => client.doctor(), "Measured anew");
    if (report === undefined) return;
    doctor.value = report;
    setAsked(true);
  };
  const rows = doctor.value?.rows;
  const missing = rows?.filter(({ holds }) => !holds) ?? [];
  const count =
    missing.length === 0 ? `All ${rows?.length}` : `${(rows?.length ?? 0) - missing.length} of ${rows?.length}`;
  return (
    <section class="stack" aria-labelledby="walls-proof">
      <div class="row spread">
        <h2 id="walls-proof">How this host proved it</h2>
        <Button isSmall onClick={measure}>
          Measure again
        </Button>
      </div>
      <p class="muted">
        {rows === undefined
          ? "A process is being locked in just as a hen's would be, to see what it can do…"
          : `A process was locked in just as a hen's is, and tried to get out${isAsked ? ", just now" : ""}. ${count} walls held.`}
      </p>
      <ul class="wall-rows">
        {[...missing, ...(rows ?? []).filter(({ holds }) => holds)].map((row) => (
          <WallRow key={row.id} row={row} />
        ))}
      </ul>
      <p class="muted">
        More ways out are tried by <code>coop doctor --attack</code> on the host.
      </p>
    </section>
  );
}

function WallRow({ row }: { readonly row: DoctorAnswer["rows"][number] }) {
  const { title, holds, detail } = row;
  return (
    <li class={holds ? "wall-holds" : "wall-missing"}>
      <span class={`badge badge-${holds ? "good" : "bad"}`}>
        <span class="badge-shape" aria-hidden="true">
          {holds ? "✓" : "✕"}
        </span>
        {holds ? "holds" : "missing"}
      </span>
      <span>{toSeenText(title)}</span>
      <span class="muted wall-detail">
        <PlainText text={detail} limit={400} />
      </span>
    </li>
  );
}

function Verdict({ hen }: { readonly hen: HenAnswer }) {
  const policy = netPolicyOf(hen.manifest);
  const { enforcement, enforcement_reason: reason } = hen;
  if (enforcement === undefined) return <p class="muted">This daemon does not say what its host enforces.</p>;
  const { tone, shape, title, text } = VERDICTS[enforcement];
  return (
    <div class={`verdict verdict-${tone}`}>
      <span class="verdict-shape" aria-hidden="true">
        {shape}
      </span>
      <div>
        <h2>{title}</h2>
        <p>{text.replace("POLICY", policy)}</p>
        {reason !== null && reason !== undefined && <p>{toSeenText(reason)}</p>}
      </div>
    </div>
  );
}

const VERDICTS = {
  enforced: {
    tone: "good",
    shape: "✓",
    title: "Its walls hold",
    text: "This host holds all of its policy (network: POLICY).",
  },
  gated: {
    tone: "good",
    shape: "✓",
    title: "Its walls hold, and its network is open",
    text: "Whatever it asks for goes through the gate, which writes it down; public hosts are let out, this machine and its network are not.",
  },
  denied_all: {
    tone: "busy",
    shape: "▲",
    title: "It is held to less than it may",
    text: "Its policy is POLICY, and its processes run without any network, since this host cannot hold that policy:",
  },
  unenforceable: {
    tone: "bad",
    shape: "✕",
    title: "This host cannot hold it",
    text: "Its policy (network: POLICY) cannot be enforced here, so it is not hatched and its jobs wait. Nothing runs with less.",
  },
} as const;

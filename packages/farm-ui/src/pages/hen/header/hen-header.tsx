import { signal } from "@preact/signals";
import type { HenAnswer } from "coop-client";
import { netPolicyOf } from "coopd-core";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { henHref, peekHref, shortName } from "../../../app/addresses.ts";
import { PlainText, toSeenText } from "../../../kit/plain-text.tsx";
import { StateBadge } from "../../../kit/state-badge.tsx";
import { Time } from "../../../kit/time.tsx";
import { BrainTest } from "./brain-test.tsx";
import type { Refused } from "./do-move.ts";
import { HenFace } from "./hen-face.tsx";
import { HenMoves } from "./hen-moves.tsx";
import { HenNeeds } from "./hen-needs.tsx";
import { RefusalNote } from "./refusal-note.tsx";

const refused = signal<Refused | undefined>(undefined);

function clearRefusal(): void {
  refused.value = undefined;
}

/** Who the hen is, how it is, and what it may be told to do. */
export function HenHeader({ hen, asks }: { readonly hen: HenAnswer; readonly asks: number }) {
  useEffect(() => clearRefusal, [hen.id]);
  const { manifest } = hen;
  return (
    <section class="panel hen-header">
      <div class="hen-title">
        <HenFace hen={hen} />
        <div class="hen-who">
          <h1>
            <PlainText text={manifest.name} /> <StateBadge state={hen.state} />
          </h1>
          <p class="muted">
            <PlainText text={hen.id} /> · {manifest.sex} · since <Time at={hen.updated_at} />
            {hen.lineage.parent !== null && (
              <>
                {" · "}generation {hen.lineage.generation}, of{" "}
                <a href={henHref(hen.lineage.parent)}>{toSeenText(shortName(hen.lineage.parent))}</a>
              </>
            )}
          </p>
        </div>
        <HenMoves hen={hen} onRefused={(what) => (refused.value = what)} />
      </div>
      <dl class="hen-facts">
        <Fact label="thinks with">
          <PlainText text={brainOf(hen)} limit={80} /> <BrainTest hen={hen} />
        </Fact>
        <Fact label="network">
          <a href={henHref(hen.id, "egress")}>{networkOf(hen)}</a>
        </Fact>
        <Fact label="tools">
          <PlainText text={manifest.tools.length === 0 ? "none" : manifest.tools.join(", ")} limit={120} />
        </Fact>
        <Fact label="jobs done">{hen.stats.quests_completed}</Fact>
        {hen.lease.kind === "leased_out" && (
          <Fact label="let to">
            <PlainText text={hen.lease.renter} limit={80} />
            {hen.lease.expires_at === null ? "" : ` until ${new Date(hen.lease.expires_at).toLocaleString()}`}
          </Fact>
        )}
        {asks > 0 && (
          <Fact label="needs you">
            <a href={peekHref(hen.id)}>{asks === 1 ? "one thing" : `${asks} things`}</a>
          </Fact>
        )}
      </dl>
      <HenNeeds hen={hen} />
      {refused.value !== undefined && (
        <RefusalNote refused={refused.value} hen={hen} onDone={() => (refused.value = undefined)} />
      )}
    </section>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function brainOf({ manifest }: HenAnswer): string {
  const { agent_kind: kind, brain } = manifest;
  if (kind !== "anthropic") return kind;
  const more = brain.fallbacks.length === 0 ? "" : `, then ${brain.fallbacks.length} more`;
  return `${brain.provider} · ${brain.model}${more}`;
}

function networkOf({ manifest, enforcement }: HenAnswer): string {
  const policy = netPolicyOf(manifest);
  if (enforcement === "denied_all") return `${policy}, and held to none`;
  if (enforcement === "unenforceable") return `${policy}, which this host cannot hold`;
  const count = manifest.network?.allow.length ?? 0;
  return policy === "allowlist" ? `allowlist of ${count}` : policy;
}

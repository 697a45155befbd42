import { CoopError } from "coopd-core";
import { henHref } from "../../app/addresses.ts";
import { goTo } from "../../app/router.ts";
import { act, toTrouble } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { hens, vault } from "../../data/farm-state.ts";
import { Button } from "../../kit/button.tsx";
import { toSeenText } from "../../kit/plain-text.tsx";
import { hatch, type Raising, raising } from "./raising.ts";

/** How far the hen is, and, where the farm refused, why, what is kept and what to do. */
export function HatchProgress({ at }: { readonly at: Raising }) {
  const { step, name, id } = at;
  const isBusy = step === "laying" || step === "hatching";
  return (
    <section class={`panel hatch hatch-${step}`} aria-live="polite">
      <Egg isRocking={isBusy} isOpen={step === "awake"} />
      <div class="stack">
        <h2>{HEADS[step].replace("NAME", toSeenText(name))}</h2>
        <ol class="hatch-steps">
          <Step
            title="Laid: the farm has its manifest"
            state={id !== undefined ? "done" : step === "refused" ? "refused" : "now"}
          />
          {step !== "laid" && (
            <Step
              title="Hatched: it has a nest, and walls around it"
              state={step === "awake" ? "done" : id === undefined ? "later" : step === "refused" ? "refused" : "now"}
            />
          )}
        </ol>
        {at.warnings.map((warning) => (
          <p key={warning} class="muted">
            Remark: {toSeenText(warning)}
          </p>
        ))}
        {step === "refused" && <Refusal at={at} />}
        {id !== undefined && step === "awake" && <KeyNote id={id} />}
        {!isBusy && step !== "refused" && id !== undefined && <Onward id={id} isAwake={step === "awake"} />}
      </div>
    </section>
  );
}

const HEADS: Readonly<Record<Raising["step"], string>> = {
  laying: "Laying NAME…",
  hatching: "NAME is hatching…",
  awake: "NAME is awake",
  laid: "NAME is an egg in the nest",
  refused: "NAME did not come to life",
};

const MARKS = { done: "✓", now: "…", later: "○", refused: "✕" } as const;

function Step({ title, state }: { readonly title: string; readonly state: keyof typeof MARKS }) {
  return (
    <li class={`hatch-step-${state}`}>
      <span aria-hidden="true">{MARKS[state]}</span> {title}
      <span class="visually-hidden">: {state}</span>
    </li>
  );
}

function Onward({ id, isAwake }: { readonly id: string; readonly isAwake: boolean }) {
  return (
    <div class="row">
      <a class={`button${isAwake ? " button-main" : ""}`} href={henHref(id)}>
        {isAwake ? "Give it a job" : "See it"}
      </a>
      {!isAwake && (
        <Button tone="main" onClick={hatch}>
          Hatch it
        </Button>
      )}
      <Button onClick={() => (raising.value = undefined)}>Raise another</Button>
    </div>
  );
}

/** A hen whose key cannot be had now is awake all the same: its jobs wait. */
function KeyNote({ id }: { readonly id: string }) {
  const manifest = hens.value.get(id)?.manifest;
  const ref = manifest?.agent_kind === "anthropic" ? manifest.brain.provider_id : "none";
  if (!ref.startsWith("vault:") || vault.value?.unlocked !== false) return null;
  return (
    <p class="hatch-note">
      Its key <code>{toSeenText(ref.slice("vault:".length))}</code> lies in the vault, which is locked: its jobs wait
      until it is open, and nothing is lost. <a href="/vault">Open the vault</a>
    </p>
  );
}

function Refusal({ at }: { readonly at: Raising }) {
  const { id, error } = at;
  const { what, next } = toTrouble(error);
  const code = error instanceof CoopError ? error.code : "";
  const discard = async () => {
    if (id === undefined) return;
    const isGone = await act(async () => {
      await client.hens.delete(id);
      return true;
    }, "The egg is gone");
    if (isGone === true) raising.value = undefined;
  };
  return (
    <div class="error-note" role="alert">
      <h3>{id === undefined ? "The farm does not take it" : "It was not hatched"}</h3>
      <p>{toSeenText(what)}</p>
      <p>
        {id === undefined
          ? "Nothing was made. What you wrote is as it was."
          : "The egg stays in the nest, with its manifest: nothing of it runs."}
      </p>
      {next !== undefined && <p class="muted">{toSeenText(next)}</p>}
      <div class="row">
        {id !== undefined && (
          <Button tone="main" onClick={hatch}>
            Try to hatch it again
          </Button>
        )}
        {id !== undefined && (code === "walls_missing" || code === "sandbox_failed") && (
          <a class="button" href={henHref(id, "walls")}>
            See its walls
          </a>
        )}
        {id !== undefined && <Button onClick={() => goTo(henHref(id, "manifest"))}>Change its manifest</Button>}
        {code.startsWith("vault") || code.startsWith("secret") ? (
          <a class="button" href="/vault">
            Open the vault
          </a>
        ) : null}
        {id !== undefined && (
          <Button tone="danger" onClick={discard}>
            Throw the egg away
          </Button>
        )}
        {id === undefined && <Button onClick={() => (raising.value = undefined)}>Go on writing</Button>}
      </div>
    </div>
  );
}

/** An egg in straw; it rocks while the farm is at it, and is open when the hen is out. */
function Egg({ isRocking, isOpen }: { readonly isRocking: boolean; readonly isOpen: boolean }) {
  return (
    <svg class="hatch-egg" viewBox="0 0 120 110" width="120" height="110" aria-hidden="true">
      <g class={isRocking ? "egg is-rocking" : "egg"}>
        {isOpen ? (
          <>
            <circle cx="60" cy="44" r="19" class="chick" />
            <path d="M60 46l7 4-7 4-7-4z" class="beak" />
            <circle cx="52" cy="40" r="2.4" class="eye" />
            <circle cx="68" cy="40" r="2.4" class="eye" />
            <path d="M32 62l9-8 9 9 10-10 10 10 9-9 9 8c0 18-12 30-28 30S32 80 32 62Z" class="shell" />
          </>
        ) : (
          <>
            <path d="M60 14c16 14 28 32 28 48 0 18-12 30-28 30S32 80 32 62c0-16 12-34 28-48Z" class="shell" />
            {isRocking && <path d="M40 58l8-7 7 8 8-9 7 8 9-6" class="crack" />}
          </>
        )}
      </g>
      <path d="M14 88c8 18 84 18 92 0-6 3-12-3-18 1-8-5-14 1-22-1-8 4-16-1-24 1-8-4-16 2-28-1Z" class="straw" />
    </svg>
  );
}

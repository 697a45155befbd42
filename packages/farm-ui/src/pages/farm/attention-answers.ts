import { signal } from "@preact/signals";
import { type AttentionAction, type AttentionItem, allowHost, CoopError, parseHostAndPort } from "coopd-core";
import { henHref, jobHref } from "../../app/addresses.ts";
import { goTo } from "../../app/router.ts";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { goToLogin } from "../../data/login.ts";
import { attentionChanged, henChanged } from "../../data/refresh.ts";
import { confirm } from "../../kit/confirm.tsx";

/** One way to answer what needs a person: on a button, and on a number. */
export interface Answer {
  readonly label: string;
  /** The command that does the same. */
  readonly command: string;
  /** Does it; undefined where only a terminal can. */
  readonly run: (() => Promise<unknown>) | undefined;
}

/** Whether the window that unlocks the vault is open. */
export const isUnlocking = signal(false);

/** The answers of a thing, in the daemon's order: what it can do itself, what this page does for it, and commands. */
export function answersOf(item: AttentionItem): readonly Answer[] {
  return item.actions.map((action) => ({ label: action.label, command: action.command, run: runOf(item, action) }));
}

function runOf(item: AttentionItem, action: AttentionAction): Answer["run"] {
  const { request } = action;
  if (request !== null) return () => act(() => send(request), `${action.label}: asked for`);
  const [, area, verb] = action.command.split(" ");
  const here = HERE[`${area} ${verb ?? ""}`.trim()];
  return here === undefined ? undefined : () => here(item, action);
}

/** Commands that this page does instead. */
const HERE: Readonly<Record<string, (item: AttentionItem, action: AttentionAction) => Promise<unknown>>> = {
  "vault unlock": async () => {
    isUnlocking.value = true;
  },
  "vault put": async () => goTo("/vault"),
  "hen allow": (item, action) => allow(item, action.command),
  "hen edit": async ({ hen_id }) => goTo(henHref(hen_id, "manifest")),
  "hen egress": async ({ hen_id }) => goTo(henHref(hen_id, "egress")),
  "job logs": async ({ job_id, hen_id }) => goTo(job_id === null ? henHref(hen_id) : jobHref(job_id)),
  shell: async ({ hen_id }) => goTo(henHref(hen_id, "terminal")),
  doctor: async () => goTo("/settings/walls"),
};

/** A request that the daemon itself has made; only below its own API. */
async function send({ method, path, body }: NonNullable<AttentionAction["request"]>): Promise<void> {
  if (!path.startsWith("/api/v1/"))
    throw new CoopError("bad_answer", "the daemon names a path that is none of its own");
  const init: RequestInit = { method, headers: { accept: "application/json" } };
  if (body !== null) {
    init.body = JSON.stringify(body);
    init.headers = { accept: "application/json", "content-type": "application/json" };
  }
  const answer = await fetch(path, init).catch((cause: unknown) => {
    throw new CoopError("unreachable", "the farm cannot be reached", { next: "Try again when it is back.", cause });
  });
  if (answer.status === 401) goToLogin();
  if (!answer.ok) {
    const told = (await answer.json().catch(() => ({}))) as { readonly error?: string; readonly next?: string };
    throw new CoopError(
      "bad_answer",
      told.error ?? `the farm answered ${answer.status}`,
      told.next === undefined ? {} : { next: told.next },
    );
  }
  attentionChanged();
}

/** Adds the one rule to the hen's policy, of the revision that was read; a private host is asked about first. */
async function allow(item: AttentionItem, command: string): Promise<void> {
  const [, , , , place = "", flag] = command.split(" ");
  const isPrivate = flag === "--private";
  const isMeant =
    !isPrivate ||
    (await confirm({
      title: `Let ${item.hen_id} reach ${place}?`,
      text: "It is a private address: the hen would reach what listens there, on this machine or its network.",
      yes: "Allow it",
      isDangerous: true,
    }));
  if (!isMeant) return;
  await act(async () => {
    const hen = await client.hens.get(item.hen_id);
    const network = allowHost(hen.manifest.network, { ...parseHostAndPort(place), isPrivate });
    await client.hens.putNetwork(item.hen_id, network, { revision: hen.manifest_revision });
    henChanged(item.hen_id);
    attentionChanged(); // what is let out now needs nobody
  }, `${place} is open to ${item.hen_id}`);
}

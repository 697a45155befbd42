import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { henHref, peekHref } from "../../app/addresses.ts";
import { useKeys } from "../../app/keys.ts";
import { goTo, place, setQuery } from "../../app/router.ts";
import { act } from "../../data/act.ts";
import { keep, readKept } from "../../data/browser-store.ts";
import { client } from "../../data/client.ts";
import { hens, isLoaded, link, linkReason } from "../../data/farm-state.ts";
import { EmptyState } from "../../kit/empty-state.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { addressTo, DispatchBox } from "./dispatch-box.tsx";
import { filter, listed, selected } from "./flock.ts";
import { FlockList } from "./flock-list.tsx";
import { NeedsYou } from "./needs-you.tsx";
import { PeekDrawer } from "./peek-drawer.tsx";
import { UnlockDialog } from "./unlock-dialog.tsx";
import { Yard } from "./yard.tsx";

type View = "yard" | "list";
const VIEW_KEY = "coop-view";

const kept = signal<View>(readKept(VIEW_KEY) === "list" ? "list" : "yard");

/** The address says which; without that it is the one that was chosen last. */
function currentView(): View {
  const wanted = place.value.query.get("view");
  return wanted === "list" || wanted === "yard" ? wanted : kept.value;
}

function show(view: View): void {
  kept.value = view;
  keep(VIEW_KEY, view);
  setQuery("view", view);
}

/** The first screen: what needs a person, the flock as a picture or a list, a box to give work, and a look at one hen. */
export function FarmPage() {
  const peeked = place.value.query.get("peek");
  useFlockKeys();
  useEffect(() => {
    if (peeked !== null) selected.value = peeked;
  }, [peeked]);
  if (!isLoaded.value) return <Waiting />;
  return (
    <div class={peeked === null ? "farm" : "farm farm-peeking"}>
      <h1 class="visually-hidden">The farm</h1>
      <div class="farm-main">
        <NeedsYou />
        <Flock />
      </div>
      {peeked !== null && <PeekDrawer henId={peeked} />}
      <DispatchBox />
      <UnlockDialog />
    </div>
  );
}

function Waiting() {
  if (linkReason.value === undefined || link.value === "live") return <p class="loading">Looking over the fence…</p>;
  return (
    <ErrorNote
      error={new Error(linkReason.value)}
      title="The farm does not answer"
      kept="Nothing is lost: jobs go on without this page, which tries again by itself."
    />
  );
}

function Flock() {
  const view = currentView();
  return (
    <section class="panel flock" aria-labelledby="flock-title">
      <div class="spread">
        <h2 id="flock-title">The flock</h2>
        <div class="row">
          {view === "list" && <FilterField />}
          <fieldset class="toggle">
            <legend class="visually-hidden">Show the flock as</legend>
            {(["yard", "list"] as const).map((name) => (
              <button key={name} type="button" aria-pressed={view === name} onClick={() => show(name)}>
                {name === "yard" ? "Yard" : "List"}
              </button>
            ))}
          </fieldset>
        </div>
      </div>
      {hens.value.size === 0 ? (
        <EmptyState title="No hens yet" command={"coop hen create examples/demo.yaml\ncoop hen hatch local.coop/demo"}>
          A hen is an agent with a name, a brain and walls around it. <a href="/raise">Raise one here</a>, or on the
          command line:
        </EmptyState>
      ) : view === "yard" ? (
        <Yard />
      ) : (
        <FlockList />
      )}
    </section>
  );
}

function FilterField() {
  return (
    <div class="filter">
      <input
        id="flock-filter"
        type="search"
        class="bare"
        aria-label="Narrow the list"
        placeholder="/ name, state, brain"
        value={filter.value}
        onInput={(event) => {
          filter.value = event.currentTarget.value;
        }}
      />
    </div>
  );
}

function useFlockKeys(): void {
  const group = "Flock";
  useKeys([
    { keys: "j", does: "next hen", group, run: () => select(1) },
    { keys: "k", does: "hen before", group, run: () => select(-1) },
    { keys: "ArrowDown", does: "next hen", group, run: () => select(1) },
    { keys: "ArrowUp", does: "hen before", group, run: () => select(-1) },
    { keys: " ", does: "a look at it", group, run: peek },
    { keys: "Enter", does: "its page", group, run: () => onSelected((id) => goTo(henHref(id))) },
    { keys: "r", does: "give it work", group, run: () => onSelected(addressTo) },
    { keys: "s", does: "put it to sleep, or wake it", group, run: () => onSelected((id) => void sleepOrWake(id)) },
    { keys: "v", does: "yard or list", group, run: () => show(currentView() === "yard" ? "list" : "yard") },
    { keys: "/", does: "narrow the list", group, run: narrow },
  ]);
}

function select(step: number): void {
  const ids: readonly string[] = listed.peek().map(({ hen }) => hen.id);
  const at = ids.indexOf(selected.peek() ?? "");
  selected.value = ids[at < 0 ? (step > 0 ? 0 : ids.length - 1) : Math.min(ids.length - 1, Math.max(0, at + step))];
  if (place.peek().query.has("peek")) setQuery("peek", selected.peek());
}

function onSelected(work: (henId: string) => void): void {
  const id = selected.peek();
  if (id !== undefined && hens.peek().has(id)) work(id);
}

function peek(): void {
  const id = selected.peek() ?? listed.peek()[0]?.hen.id;
  if (id === undefined) return;
  if (place.peek().query.get("peek") === id) setQuery("peek", undefined);
  else goTo(withView(peekHref(id)), { replace: true });
}

/** The view stays as it is when a drawer opens. */
function withView(href: string): string {
  const view = place.peek().query.get("view");
  return view === null ? href : `${href}&view=${view}`;
}

async function sleepOrWake(id: string): Promise<void> {
  const state = hens.peek().get(id)?.state;
  if (state === "SLEEPING" || state === "DORMANT") await act(() => client.hens.wake(id), `${id} is awake`);
  else await act(() => client.hens.sleep(id), `${id} sleeps`);
}

function narrow(): void {
  if (currentView() !== "list") show("list");
  requestAnimationFrame(() => document.getElementById("flock-filter")?.focus());
}

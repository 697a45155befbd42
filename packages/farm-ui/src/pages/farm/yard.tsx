import type { ComponentChildren } from "preact";
import { peekHref } from "../../app/addresses.ts";
import { BirdDrawing, emojiOf, luckOf } from "../../kit/bird.tsx";
import { BirdSymbols } from "../../kit/bird-symbols.tsx";
import { toSeenText } from "../../kit/plain-text.tsx";
import { stateWord } from "../../kit/state-badge.tsx";
import { activityOf, type Member, members, selected } from "./flock.ts";
import { Clouds, Decor, Fence, Hills, Roof, Sun, Workbench } from "./scenery.tsx";

/** More birds than this are a number: a picture of hundreds says less, and moves for nobody. */
const BIRDS_MAX = 60;

/** Where a hen is in the yard, by its state. */
type Place = "portraits" | "perch" | "nests" | "meadow" | "workshop" | "beyond";

const PLACES: Readonly<Record<Member["hen"]["state"], Place>> = {
  DEFINED: "nests",
  HATCHING: "nests",
  IDLE: "meadow",
  WORKING: "workshop",
  LEASED: "beyond",
  SLEEPING: "perch",
  DORMANT: "perch",
  ARCHIVED: "portraits",
};

/** Birds of each place at most, so that one does not crowd out the others. */
const ROOM: Readonly<Record<Place, number>> = { workshop: 16, meadow: 24, nests: 8, perch: 9, beyond: 6, portraits: 5 };

/** The flock as a picture: where a hen is says what it does. The list tells the same in words. */
export function Yard() {
  const placed = placeAll(members.value);
  takeSlots(placed.meadow.shown);
  return (
    <div class="yard">
      <BirdSymbols />
      <div class="yard-sky" aria-hidden="true">
        <Sun />
        <Clouds />
        <Hills />
        <Decor />
      </div>
      <Zone name="beyond" label="Leased, beyond the fence" placed={placed.beyond}>
        {placed.beyond.shown.map((member) => (
          <Keeper key={member.hen.id} member={member} />
        ))}
      </Zone>
      <div class="yard-fence" aria-hidden="true">
        <Fence />
      </div>
      <Barn placed={placed} />
      <Zone name="meadow" label="In the meadow" placed={placed.meadow}>
        {placed.meadow.shown.map((member) => (
          <Stroller key={member.hen.id} member={member} slot={slots.get(member.hen.id) ?? 0} />
        ))}
      </Zone>
      <Zone name="workshop" label="At work" placed={placed.workshop}>
        {placed.workshop.shown.map((member, at) => (
          <Worker key={member.hen.id} member={member} isLoud={at < BUBBLES_MAX} />
        ))}
      </Zone>
    </div>
  );
}

interface Placed {
  readonly shown: readonly Member[];
  /** Those for whom there is no room in the picture. */
  readonly more: number;
}

function placeAll(all: readonly Member[]): Readonly<Record<Place, Placed>> {
  const order: readonly Place[] = ["workshop", "nests", "meadow", "beyond", "perch", "portraits"];
  let room = BIRDS_MAX;
  const entries = order.map((place): readonly [Place, Placed] => {
    const here = all.filter(({ hen }) => PLACES[hen.state] === place);
    const ordered = [
      ...here.filter(({ group }) => group === "needs"),
      ...here.filter(({ group }) => group !== "needs"),
    ];
    const shown = ordered.slice(0, Math.min(room, ROOM[place]));
    room -= shown.length;
    return [place, { shown, more: here.length - shown.length }];
  });
  return Object.fromEntries(entries) as Record<Place, Placed>;
}

function Zone({
  name,
  label,
  placed,
  children,
}: {
  readonly name: string;
  readonly label: string;
  readonly placed: Placed;
  readonly children: ComponentChildren;
}) {
  return (
    <ul class={`zone zone-${name}`} aria-label={label}>
      {children}
      {placed.more > 0 && (
        <li class="zone-more">
          <a href="/?view=list">+{placed.more} more</a>
        </li>
      )}
    </ul>
  );
}

function Barn({ placed }: { readonly placed: Readonly<Record<Place, Placed>> }) {
  return (
    <div class="barn">
      <Roof />
      <div class="barn-inside">
        {placed.portraits.shown.length > 0 && (
          <Zone name="portraits" label="Archived, on the wall" placed={placed.portraits}>
            {placed.portraits.shown.map((member) => (
              <Keeper key={member.hen.id} member={member} />
            ))}
          </Zone>
        )}
        <Zone name="perch" label="Asleep on the perch" placed={placed.perch}>
          {placed.perch.shown.map((member) => (
            <Keeper key={member.hen.id} member={member} />
          ))}
        </Zone>
        <Zone name="nests" label="Eggs in the nest box" placed={placed.nests}>
          {placed.nests.shown.map((member) => (
            <Keeper key={member.hen.id} member={member} />
          ))}
        </Zone>
      </div>
    </div>
  );
}

/** The meadow is a board of so many columns and rows, on a phone of half as many columns; so no name lies under another bird. */
const BOARD = { columns: 8, rows: 3 };
const SLOTS = BOARD.columns * BOARD.rows;
const NARROW = { columns: 4, rows: SLOTS / 4 };
/** Shares no factor with the number of slots, so that each is tried; neighbours in time stand far from each other. */
const SLOT_STEP = 13;

/** Who stands where: a hen keeps her place while others come and go. */
const slots = new Map<string, number>();

function takeSlots(shown: readonly Member[]): void {
  const here = new Set<string>(shown.map(({ hen }) => hen.id));
  for (const id of slots.keys()) if (!here.has(id)) slots.delete(id);
  const taken = new Set(slots.values());
  let next = 2;
  for (const id of here) {
    if (slots.has(id)) continue;
    while (taken.has(next) && taken.size < SLOTS) next = (next + SLOT_STEP) % SLOTS;
    taken.add(next);
    slots.set(id, next);
  }
}

function Stroller({ member, slot }: { readonly member: Member; readonly slot: number }) {
  const { id } = member.hen;
  const wide = placeOn(BOARD, id, slot);
  const narrow = placeOn(NARROW, id, slot);
  const style = {
    "--x": wide.x.toFixed(3),
    "--y": wide.y.toFixed(3),
    "--x-narrow": narrow.x.toFixed(3),
    "--y-narrow": narrow.y.toFixed(3),
    "--walk": `${Math.round(10 + luckOf(id, 4) * 20)}px`,
    "--pace": `${Math.round(14 + luckOf(id, 5) * 16)}s`,
    "--late": `-${Math.round(luckOf(id, 6) * 30)}s`,
  };
  return <Bird member={member} style={style} isSelected={selected.value === id} />;
}

/** Where a slot of a board is, as shares of its width and of its depth; every other row is half a column further. */
function placeOn(
  { columns, rows }: typeof BOARD,
  id: string,
  slot: number,
): { readonly x: number; readonly y: number } {
  const row = Math.floor(slot / columns);
  const shift = (row % 2) * 0.45 + luckOf(id, 2) * 0.1;
  return { x: ((slot % columns) + shift) / columns, y: (row + luckOf(id, 3) * 0.12) / rows };
}

/** Speech bubbles at most; behind them nobody reads. */
const BUBBLES_MAX = 10;

function Worker({ member, isLoud }: { readonly member: Member; readonly isLoud: boolean }) {
  const said = toSeenText(activityOf(member));
  const turn = member.step === undefined ? "" : `turn ${member.step.turn} · `;
  return (
    <Bird
      member={member}
      isSelected={selected.value === member.hen.id}
      style={{ "--late": `-${(luckOf(member.hen.id, 6) * 2).toFixed(2)}s` }}
      sign={
        isLoud && (
          <span class="bubble">
            {turn}
            <bdi>{said}</bdi>
          </span>
        )
      }
      below={<Workbench />}
    />
  );
}

/** A hen that stays where it is: in its nest, on the perch, on the wall, beyond the fence. */
function Keeper({ member }: { readonly member: Member }) {
  return <Bird member={member} tag={renterOf(member)} isSelected={selected.value === member.hen.id} />;
}

function renterOf({ hen }: Member): string | undefined {
  return hen.lease.kind === "leased_out" ? hen.lease.renter : undefined;
}

function Bird({
  member,
  isSelected,
  style,
  sign,
  below,
  tag,
}: {
  readonly member: Member;
  readonly isSelected: boolean;
  readonly style?: Record<string, string | number>;
  readonly sign?: ComponentChildren;
  readonly below?: ComponentChildren;
  readonly tag?: string | undefined;
}) {
  const { hen, name } = member;
  const isNeedy = member.group === "needs";
  const said = sign === undefined || sign === false ? `: ${toSeenText(activityOf(member)).slice(0, 80)}` : "";
  return (
    <li class={`bird bird-${hen.state.toLowerCase()}${isSelected ? " bird-selected" : ""}`} style={style ?? {}}>
      <a href={peekHref(hen.id)} data-hen={hen.id}>
        {sign}
        {isNeedy && (
          <span class="bird-alarm" aria-hidden="true">
            !
          </span>
        )}
        <BirdDrawing hen={hen} />
        {below}
        {tag !== undefined && <span class="bird-tag">{toSeenText(tag).slice(0, 24)}</span>}
        <span class="bird-name">
          {emojiOf(hen)} <bdi>{toSeenText(name)}</bdi>
        </span>
        <span class="visually-hidden">
          , {stateWord(hen.state)}
          {isNeedy && ", needs you"}
          {said}
        </span>
      </a>
    </li>
  );
}

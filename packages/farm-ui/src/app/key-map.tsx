import { signal } from "@preact/signals";
import { Dialog } from "../kit/dialog.tsx";
import { bindings } from "./keys.ts";

/** Whether the map is open. */
export const isKeyMapOpen = signal(false);

const NAMES: Readonly<Record<string, string>> = {
  " ": "space",
  Escape: "esc",
  Enter: "enter",
  ArrowDown: "↓",
  ArrowUp: "↑",
};

/** Every key that does something just now, by group: what `?` shows. */
export function KeyMap() {
  if (!isKeyMapOpen.value) return null;
  const groups = Map.groupBy(bindings.value, ({ group }) => group);
  return (
    <Dialog title="Keys" onClose={() => (isKeyMapOpen.value = false)}>
      <div class="key-map">
        {[...groups].map(([group, list]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {list.map(({ keys, does }) => (
                <div key={`${keys} ${does}`}>
                  <dt>
                    {keys.length === 1 ? (
                      <kbd>{NAMES[keys] ?? keys}</kbd>
                    ) : (
                      keys.split(" ").map((key) => <kbd key={key}>{NAMES[key] ?? key}</kbd>)
                    )}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

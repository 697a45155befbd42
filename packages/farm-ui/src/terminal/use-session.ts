import { effect } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { theme } from "../app/theme.ts";
import type { ScreenEvents, ScreenNames } from "./screen.ts";
import { TerminalSession } from "./session.ts";
import { fontPx, isReaderOn } from "./terminal-settings.ts";

/** What a component has of its terminal: the session and its screen, or why the screen could not be drawn. */
export interface DrawnSession {
  readonly session: TerminalSession;
  readonly screen: import("./screen.ts").Screen;
}

/** What the screen tells its component, with the session at hand. */
export type SessionEvents = Omit<ScreenEvents, "onKeys">;

/** How long a place must keep its size before the program is told, ms: dragging a window's edge is one change. */
const SETTLE_MS = 80;

/** Draws the hen's terminal into `place` while the component is there; the emulator is fetched with the first one. */
export function useSession(
  henId: string,
  place: RefObject<HTMLElement>,
  names: ScreenNames,
  events: SessionEvents,
): DrawnSession | Error | undefined {
  const [drawn, setDrawn] = useState<DrawnSession | Error | undefined>(undefined);
  useEffect(() => {
    let close: (() => void) | undefined;
    let isGone = false;
    import("./screen.ts").then(
      ({ openScreen }) => {
        if (isGone || place.current === null) return;
        const element = place.current;
        const look = { fontPx: fontPx.peek(), isReader: isReaderOn.peek() };
        const screen = openScreen(element, look, names, { ...events, onKeys: (bytes) => session.type(bytes) });
        const session = new TerminalSession(henId, screen);
        const stop = keepFitting(element, screen, session);
        close = () => {
          stop();
          session.close();
        };
        setDrawn({ session, screen });
      },
      (error: unknown) => setDrawn(error instanceof Error ? error : new Error(String(error))),
    );
    return () => {
      isGone = true;
      close?.();
      setDrawn(undefined);
    };
  }, [henId]);
  return drawn;
}

/** Size, letters and colours follow the page. Returns the way to stop. */
function keepFitting(element: HTMLElement, screen: DrawnSession["screen"], session: TerminalSession): () => void {
  let due: ReturnType<typeof setTimeout> | undefined;
  const sizes = new ResizeObserver(() => {
    clearTimeout(due);
    due = setTimeout(() => session.refit(), SETTLE_MS);
  });
  sizes.observe(element);
  const stopLook = effect(() => {
    screen.setLook({ fontPx: fontPx.value, isReader: isReaderOn.value });
    session.refit();
  });
  const recolour = () => void requestAnimationFrame(() => screen.setTheme()); // once the page has its new colours
  const stopTheme = theme.subscribe(recolour);
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", recolour);
  const stopKeys = session.hasKeys.subscribe(() => session.refit());
  return () => {
    clearTimeout(due);
    sizes.disconnect();
    stopLook();
    stopTheme();
    stopKeys();
    system.removeEventListener("change", recolour);
  };
}

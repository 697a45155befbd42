import { useEffect, useState } from "preact/hooks";

/** Form and text stand side by side from here on, CSS pixels. */
const WIDE = "(min-width: 960px)";

/** True where only one of two columns has room; it follows the window. */
export function useIsNarrow(): boolean {
  const [isWide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const follow = () => setWide(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);
  return !isWide;
}

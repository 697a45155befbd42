import { render } from "preact";
import { followFarm } from "../data/follow-farm.ts";
import { startKeys } from "./keys.ts";
import { startRouter } from "./router.ts";
import { Shell } from "./shell.tsx";
import { startTheme } from "./theme.ts";

// The page begins here.
startTheme();
startRouter();
startKeys();
const root = document.getElementById("app");
if (root !== null) render(<Shell />, root);
void followFarm();

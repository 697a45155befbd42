import { openClient } from "coop-client";

/** The farm's API as this page's own origin serves it; the browser's login goes along by itself. */
export const client = openClient({ baseUrl: location.origin });

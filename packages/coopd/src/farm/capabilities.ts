/** What a terminal client may expect here (contract/http-api.md §6). */
export interface SessionCapabilities {
  readonly shell: boolean;
  readonly persistent_session: boolean;
  readonly task_dispatch: boolean;
  readonly backend: string;
  readonly os: string;
  readonly note: string;
}

/** Nothing is promised that is not there. */
export const NO_TERMINALS: SessionCapabilities = {
  shell: false,
  persistent_session: false,
  task_dispatch: false,
  backend: "none",
  os: process.platform === "darwin" ? "macos" : process.platform,
  note: "This version has no terminals; jobs run all the same.",
};

import type { Check } from "../check.ts";
import { holds, same } from "../claims.ts";

/** A hen with a shell that reaches nothing. */
const SHELL_HEN = 'tools: [bash]\nnetwork: {policy: "off"}\n';

/** Terminals. */
export const SHELL_CHECKS: readonly Check[] = [
  {
    id: "shell-echo",
    section: "http-api §8.8",
    title: "a terminal echoes, knows its hen by environment, takes a size, and tells its end",
    run: async ({ shell, idleHen, fresh }) => {
      const name = fresh("shell");
      const terminal = await shell(await idleHen({ name, more: SHELL_HEN }));
      terminal.tell({ type: "resize", cols: 100, rows: 30 });
      terminal.type('echo "<$COOP_HEN_ID>" "[$(basename "$COOP_HEN_WORKDIR")]"\n');
      await terminal.shows(`<local.coop/${name}>`);
      terminal.type('until [ "$(stty size)" = "30 100" ]; do sleep 0.1; done; echo si""zed\n');
      await terminal.shows("sized");
      terminal.type("exit\n");
      same("the code", (await terminal.untilTold("exit")).code, 0);
      await terminal.untilClosed();
    },
  },
  {
    id: "shell-workdir",
    section: "http-api §8.10",
    title: "the name of the workdir has the hen's name in it",
    run: async ({ shell, idleHen, fresh }) => {
      const name = fresh("workdir");
      const terminal = await shell(await idleHen({ name, more: SHELL_HEN }));
      terminal.type('basename "$COOP_HEN_WORKDIR" | sed "s/^/it is /"\n');
      await terminal.shows("it is ");
      await terminal.shows(name);
      terminal.close();
    },
  },
  {
    id: "shell-send",
    section: "http-api §5.3",
    title: "what was sent without a client is there for whoever attaches",
    run: async ({ shell, post, idleHen, fresh }) => {
      const id = await idleHen({ name: fresh("sent"), more: SHELL_HEN });
      const sent = await post(`/hens/${id}/shell/send`, { keys: "echo mark''er-42" });
      same("sending", [sent.status, sent.text], [200, '{"ok":true}']);
      const terminal = await shell(id);
      await terminal.shows("marker-42");
      const held = await post(`/hens/${id}/shell/send`, { keys: "echo not''-yet", no_enter: true });
      same("without Enter", held.status, 200);
      await terminal.shows("echo not''-yet");
      terminal.type("\n");
      await terminal.shows("not-yet");
      terminal.close();
    },
  },
  {
    id: "shell-persists",
    section: "http-api §5.2",
    title: "a terminal outlives its client where capabilities say so",
    run: async ({ get, shell, idleHen, fresh }) => {
      if ((await get("/session/capabilities")).json.persistent_session !== true) return;
      const id = await idleHen({ name: fresh("stays"), more: SHELL_HEN });
      const first = await shell(id);
      first.type("KEPT=va''lue\n");
      await first.shows("KEPT");
      first.close();
      const second = await shell(id);
      second.type('echo "<$KEPT>"\n');
      await second.shows("<value>");
      second.close();
    },
  },
  {
    id: "shell-unknown-hen",
    section: "http-api §5.2",
    title: "for no hen the upgrade succeeds and an error frame says so; sending is refused",
    run: async ({ shell, post, fresh }) => {
      const terminal = await shell(`local.coop%2F${fresh("none")}`);
      holds("the error has no message", String((await terminal.untilTold("error")).message).length > 0);
      await terminal.untilClosed();
      const { status } = await post("/hens/NOPE/shell/send", { keys: "x" });
      same("sending to no id", status, 400);
    },
  },
];

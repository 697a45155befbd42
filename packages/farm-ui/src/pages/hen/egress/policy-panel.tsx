import type { HenAnswer } from "coop-client";
import { denyHost, type NetPolicy, type NetRule, netPolicyOf } from "coopd-core";
import { useState } from "preact/hooks";
import { henHref } from "../../../app/addresses.ts";
import { Button } from "../../../kit/button.tsx";
import { confirm } from "../../../kit/confirm.tsx";
import { PlainText, toSeenText } from "../../../kit/plain-text.tsx";
import { allowTarget } from "./allow-host.ts";
import { changeNetwork } from "./change-network.ts";

const POLICIES: readonly { readonly key: NetPolicy; readonly title: string; readonly says: string }[] = [
  { key: "off", title: "Off", says: "nothing, not even this machine" },
  { key: "allowlist", title: "Allowlist", says: "what is listed here, and nothing else" },
  { key: "open", title: "Open", says: "any public host; never this machine or its network" },
];

/** What the hen may reach, and the switches for it. Everything holds at once. */
export function PolicyPanel({ hen }: { readonly hen: HenAnswer }) {
  const policy = netPolicyOf(hen.manifest);
  const rules = hen.manifest.network?.allow ?? [];
  const choose = async (next: NetPolicy) => {
    if (next === policy || !(await askPolicy(next, rules.length))) return;
    await changeNetwork(hen.id, () => ({ policy: next, allow: [] }), `The network is ${next} from now on`);
  };
  return (
    <div class="policy">
      <h2>What it may reach</h2>
      <fieldset class="policy-kinds">
        <legend class="visually-hidden">Network policy</legend>
        {POLICIES.map(({ key, title, says }) => (
          <label key={key} class={key === policy ? "policy-kind is-chosen" : "policy-kind"}>
            <input
              type="radio"
              name="policy"
              checked={key === policy}
              onClick={(event) => {
                if (key === policy) return;
                event.preventDefault(); // it is so when the farm says so
                void choose(key);
              }}
            />
            <span>
              <strong>{title}</strong>
              <span class="muted">{says}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {hen.enforcement_reason !== null && hen.enforcement_reason !== undefined && (
        <p class="problem">
          On this host: {toSeenText(hen.enforcement_reason)} <a href={henHref(hen.id, "walls")}>See its walls</a>
        </p>
      )}
      {rules.length > 0 && (
        <ul class="rules">
          {rules.map((rule) => (
            <RuleRow key={JSON.stringify(rule)} hen={hen} rule={rule} />
          ))}
        </ul>
      )}
      {policy !== "open" && <AllowForm hen={hen} />}
    </div>
  );
}

function RuleRow({ hen, rule }: { readonly hen: HenAnswer; readonly rule: NetRule }) {
  const take = () =>
    changeNetwork(
      hen.id,
      (network) => denyHost(network, { host: rule.host, port: undefined }),
      `${rule.host} is closed from now on`,
    );
  const limits = [
    rule.private ? "private" : "",
    rule.methods === null ? "" : rule.methods.join(" "),
    rule.paths === null ? "" : rule.paths.join(" "),
  ].filter((text) => text !== "");
  return (
    <li>
      <span class="rule-host">
        <PlainText text={rule.host} limit={253} />
        <span class="muted">:{rule.ports.length === 0 ? "no port" : rule.ports.join(", ")}</span>
      </span>
      {limits.length > 0 && (
        <span class="muted">
          <PlainText text={limits.join(" · ")} limit={200} />
        </span>
      )}
      <Button isSmall onClick={take} label={`Close ${toSeenText(rule.host)}`}>
        Close
      </Button>
    </li>
  );
}

function AllowForm({ hen }: { readonly hen: HenAnswer }) {
  const [text, setText] = useState("");
  const allow = async () => {
    if (text.trim() !== "" && (await allowTarget(hen.id, text.trim(), false))) setText("");
  };
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        void allow();
      }}
    >
      <label class="visually-hidden" for="allow-host">
        Host to allow
      </label>
      <input
        id="allow-host"
        class="bare allow-host"
        value={text}
        placeholder="api.example.org:443"
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <Button isSubmit disabled={text.trim() === ""}>
        Allow this host
      </Button>
    </form>
  );
}

function askPolicy(next: NetPolicy, rules: number): Promise<boolean> | boolean {
  const gone = rules === 0 ? "" : ` Its ${rules === 1 ? "rule goes" : `${rules} rules go`}, out of its manifest too.`;
  if (next === "open") {
    return confirm({
      title: "Open the network?",
      text: `The hen reaches any public host from now on, and can send there whatever it can read.${gone}`,
      yes: "Open it",
      isDangerous: true,
    });
  }
  if (gone === "") return true;
  return confirm({
    title: "Close the network?",
    text: `What is connected is cut off at once.${gone}`,
    yes: "Close it",
    isDangerous: true,
  });
}

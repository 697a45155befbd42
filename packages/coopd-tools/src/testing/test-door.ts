import { once } from "node:events";
import { connect } from "node:net";
import { CoopError, decideEgress } from "coopd-core";
import type { Door, DoorRequest } from "coopd-sandbox";

/** A door that leads to loopback servers of the test, by host; the decision is the real one. */
export interface TestDoor extends Door {
  readonly asked: readonly DoorRequest[];
}

/** `ports` says where each host stands, whatever port is asked for. */
export function createTestDoor(ports: Readonly<Record<string, number>>): TestDoor {
  const asked: DoorRequest[] = [];
  return {
    asked,
    async connect(request, signal) {
      asked.push(request);
      const verdict = decideEgress(request.network, request);
      if (verdict.verdict === "denied") {
        const { code, rule, reason, allow } = verdict;
        throw new CoopError("policy_denied", reason, { details: { code, rule, reason, allow } });
      }
      const port = ports[verdict.host];
      if (port === undefined) throw new Error(`the test has no host ${verdict.host}`);
      const socket = connect({ host: "127.0.0.1", port });
      signal.addEventListener("abort", () => socket.destroy(), { once: true });
      await once(socket, "connect");
      return { socket, host: verdict.host, address: "127.0.0.1", rule: verdict.rule, meter: () => undefined };
    },
  };
}

import { isTerminalKind, type Manifest, netPolicyOf } from "coopd-core";

/** One thing that holds for a hen, in words. */
export interface WallRule {
  readonly title: string;
  readonly text: string;
}

/** What a manifest lets a hen do and use, row by row. */
export function rulesOf(manifest: Manifest): readonly WallRule[] {
  return [
    { title: "Network", text: networkText(manifest) },
    { title: "Files", text: filesText(manifest) },
    { title: "Tools", text: toolsText(manifest) },
    { title: "Resources", text: resourcesText(manifest) },
    { title: "Each job", text: jobText(manifest) },
    { title: "Ceilings", text: ceilingText(manifest) },
    { title: "Leases", text: leaseText(manifest) },
  ];
}

function networkText(manifest: Manifest): string {
  const policy = netPolicyOf(manifest);
  if (policy === "off") return "Off: its processes see a network of their own, with nothing in it.";
  if (policy === "open") return "Open: any public host, through the gate; never this machine or its network.";
  const rules = manifest.network?.allow ?? [];
  if (rules.length === 0) return "An allowlist with nothing on it: everything is denied and written down.";
  return `Through the gate to ${rules.map(({ host, ports }) => `${host}:${ports.join(",")}`).join(" · ")}.`;
}

function filesText({ sandbox }: Manifest): string {
  const read = sandbox?.read ?? [];
  const more = read.length === 0 ? "" : ` It may also read ${read.join(", ")}.`;
  return `It writes in its own folder only, and sees the system's programs read-only. Your files are not there.${more}`;
}

function toolsText({ tools, agent_kind: kind }: Manifest): string {
  if (isTerminalKind(kind)) return `${kind} in a terminal, with what that program can do behind these walls.`;
  return tools.length === 0 ? "None: it can only speak." : `${tools.join(", ")}; no others.`;
}

function resourcesText({ resources }: Manifest): string {
  const parts = [
    resources?.ram_limit_mb == null ? "" : `${resources.ram_limit_mb} MiB of memory`,
    resources?.cpu_limit == null ? "" : `${resources.cpu_limit} cores`,
    resources?.disk_mb == null ? "" : `${resources.disk_mb} MiB of disk`,
  ].filter((part) => part !== "");
  return parts.length === 0
    ? "As the farm's own limits have it: processes and open files are limited."
    : `At most ${parts.join(", ")}.`;
}

function jobText({ limits, scheduling }: Manifest): string {
  const parts = [
    `${limits?.max_turns ?? 16} turns`,
    limits?.wall_secs == null ? "" : `${limits.wall_secs} s`,
    limits?.tokens == null ? "" : `${limits.tokens} tokens`,
    limits?.output_tokens == null ? "" : `${limits.output_tokens} output tokens`,
    limits?.cost_usd == null ? "" : `$${limits.cost_usd}`,
  ].filter((part) => part !== "");
  const atOnce = scheduling?.max_concurrent_jobs ?? 1;
  return `At most ${parts.join(", ")}; ${atOnce === 1 ? "one" : atOnce} at a time.`;
}

function ceilingText({ limits }: Manifest): string {
  const parts = [
    limits?.day_tokens == null ? "" : `${limits.day_tokens} tokens a day`,
    limits?.day_cost_usd == null ? "" : `$${limits.day_cost_usd} a day`,
    limits?.total_tokens == null ? "" : `${limits.total_tokens} tokens in its life`,
    limits?.total_cost_usd == null ? "" : `$${limits.total_cost_usd} in its life`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "None of its own; the farm's hold." : `${parts.join(", ")}.`;
}

function leaseText({ lease }: Manifest): string {
  if (lease?.allow_lease !== true) return "It is not let to anybody.";
  const tools = lease.allowed_tools === null ? "all its tools" : lease.allowed_tools.join(", ") || "no tools";
  return `It may be let; a renter gets ${tools}.`;
}

/** What somebody who was let in may do; each includes those before it. */
export const SCOPES = ["read", "operate", "admin"] as const;

/** read: look. operate: work with hens that are there. admin: what hens there are, secrets, tokens, the farm as a whole. */
export type Scope = (typeof SCOPES)[number];

/** True for one of {@link SCOPES}. */
export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}

/** Whether what is held is enough for what is needed. */
export function covers(held: Scope, needed: Scope): boolean {
  return SCOPES.indexOf(held) >= SCOPES.indexOf(needed);
}

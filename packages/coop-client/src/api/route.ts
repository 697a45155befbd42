import { toPathSegment, toQuery } from "../http/path-segment.ts";
import type { Routes } from "./document.generated.ts";

/** A route of the document, as `GET /hens/{id}`. */
export type Route = keyof Routes;

/** What every call takes. */
export interface CallOptions {
  /** Gives the call up; it then rejects with `cancelled`. */
  readonly signal?: AbortSignal | undefined;
}

/** What a call of a route is made of, as the document has it: path, query, headers, body. */
export type PartsOf<R extends Route> = Routes[R]["parts"] & CallOptions;

/** The same as the rest of a call's arguments: it may be left out where nothing of it is needed. */
export type Parts<R extends Route> =
  Record<never, never> extends Routes[R]["parts"] ? readonly [parts?: PartsOf<R>] : readonly [parts: PartsOf<R>];

/** The JSON that a route answers, as the document has it. */
export type AnswerOf<R extends Route> = Routes[R]["answer"];

/** A type of coopd-core as the document can say it: an id or a time is a text there. */
export type Plain<T> = T extends string
  ? string extends T
    ? string
    : T extends { readonly __brand: string }
      ? string
      : T
  : T extends object
    ? { readonly [Key in keyof T]: Plain<T[Key]> }
    : T;

/** What of a call stands in its address. */
export interface AddressParts {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** The route's method, and its path below `/api/v1` with everything filled in. @throws CoopError `bad_id` */
export function toAddress(route: Route, { path = {}, query = {} }: AddressParts): { method: string; path: string } {
  const [method = "", template = ""] = route.split(" ");
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => toPathSegment(path[name] ?? ""));
  return { method, path: `${filled}${toQuery(query)}` };
}

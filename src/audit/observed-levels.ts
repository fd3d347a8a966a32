/**
 * At which audit levels requests were seen in a log. Plain JSON. It says what was there, never what was not: where a log
 * is read fast, only a part of it is looked at.
 */
export interface ObservedLevels {
  /** RFC 3339, by the API server's clock: since when. */
  readonly since: string;
  /** By the resource, as {@link observedResource} writes it, then by the verb: a sum of {@link OBSERVED_BITS}. */
  readonly resources: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Requests for resources that found no room. */
  readonly unlisted: number;
}

/** Each level that was seen has a bit, and so has that a body was there (or cut off), at a level that logs bodies. */
export const OBSERVED_BITS = Object.freeze({ Metadata: 1, Request: 2, RequestResponse: 4, bodies: 8 });

/** Stands for all paths that are no resource. */
export const OTHER_PATHS = '/';

/** As kubectl writes it: `pods`, `pods/exec`, `cronjobs.batch/status`. No two resources have the same text. */
export function observedResource(apiGroup: string, resource: string, subresource: string): string {
  const name = apiGroup === '' ? resource : `${resource}.${apiGroup}`;
  return subresource === '' ? name : `${name}/${subresource}`;
}

/** What was observed in any of several logs, or periods; undefined where there is none. */
export function mergeObserved(all: Iterable<ObservedLevels>): ObservedLevels | undefined {
  const resources = new Map<string, Map<string, number>>();
  let since: string | undefined;
  let unlisted = 0;
  for (const each of all) {
    since = since === undefined || Date.parse(each.since) < Date.parse(since) ? each.since : since;
    unlisted += each.unlisted;
    for (const [resource, verbs] of Object.entries(each.resources)) {
      const known = resources.get(resource) ?? new Map<string, number>();
      resources.set(resource, known);
      for (const [verb, bits] of Object.entries(verbs)) known.set(verb, (known.get(verb) ?? 0) | bits);
    }
  }
  return since === undefined ? undefined : { since, resources: plainResources(resources), unlisted };
}

export function plainResources(
  resources: ReadonlyMap<string, ReadonlyMap<string, number>>,
): ObservedLevels['resources'] {
  return Object.fromEntries([...resources].map(([resource, verbs]) => [resource, Object.fromEntries(verbs)]));
}

/** Checks what was read back from storage. */
export function isObservedLevels(value: unknown): value is ObservedLevels {
  if (!isObject(value) || typeof value['since'] !== 'string' || Number.isNaN(Date.parse(value['since']))) return false;
  const { resources, unlisted } = value;
  if (typeof unlisted !== 'number' || !isObject(resources)) return false;
  return Object.values(resources).every((verbs) => isObject(verbs) && Object.values(verbs).every(isBits));
}

function isBits(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 16;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

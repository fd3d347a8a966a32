import {
  isObservedLevels,
  mergeObserved,
  OBSERVED_BITS,
  type ObservedLevels,
  OTHER_PATHS,
  observedResource,
  plainResources,
} from './observed-levels.ts';
import { parseTimestamp } from './timestamp.ts';

/** What is to be known of a logged request; of its bodies only whether there were any. */
export interface LoggedRequest {
  readonly level: string | undefined;
  readonly verb: string | undefined;
  readonly apiGroup: string | undefined;
  readonly resource: string | undefined;
  readonly subresource: string | undefined;
  readonly code: number | undefined;
  /** There were bodies, or they were cut off. */
  readonly bodies: boolean;
}

/** What an observer stores: the period under way, and the one before. Plain JSON. */
export interface ObserverSnapshot {
  readonly current: ObservedLevels;
  readonly before?: ObservedLevels;
}

/** When a period is this old, another one begins: nothing observed is older than twice this. Microseconds of the log's own time. */
const PERIOD = 24 * 3600 * 1_000_000;
const MAX_RESOURCES = 512;
/** Characters of all their names. */
const MAX_NAMES = 32_768;
const NAME = /^[a-z0-9.-]{0,253}$/;
const SUBRESOURCE = /^[a-z0-9./-]{0,253}$/;
/** Of resources, and HTTP methods in lower case: a caller can send any other, too. */
const VERBS: ReadonlySet<string> = new Set(
  'create delete deletecollection get head list options patch post proxy put update watch'.split(' '),
);

/**
 * Notes the audit levels of what is logged, bounded in memory. Only requests that succeeded count: their resources exist,
 * so that a caller cannot fill it with names that he makes up.
 */
export class LevelObserver {
  #since: string | undefined;
  #resources = new Map<string, Map<string, number>>();
  #names = 0;
  #unlisted = 0;
  #before: ObservedLevels | undefined;

  /** @param restore what `snapshot` gave; anything else counts as nothing. */
  constructor(restore?: unknown) {
    if (!isSnapshot(restore)) return;
    const { since, resources, unlisted } = restore.current;
    this.#since = since;
    this.#unlisted = unlisted;
    this.#before = restore.before;
    for (const [resource, verbs] of Object.entries(resources)) {
      this.#resources.set(resource, new Map(Object.entries(verbs)));
      this.#names += resource.length;
    }
  }

  note({ level, verb = '', apiGroup = '', resource, subresource = '', code = 0, bodies }: LoggedRequest): void {
    const bit = bitOf(level);
    if (bit === 0 || code < 100 || code >= 400) return;
    const verbs = this.#verbsOf(apiGroup, resource, subresource);
    if (verbs === undefined || !VERBS.has(verb)) return;
    verbs.set(
      verb,
      (verbs.get(verb) ?? 0) | bit | (bodies && bit !== OBSERVED_BITS.Metadata ? OBSERVED_BITS.bodies : 0),
    );
  }

  /** The log was read up to this time, RFC 3339. */
  readTo(time: string): void {
    const now = parseTimestamp(time);
    if (now === undefined) return;
    const since = parseTimestamp(this.#since);
    if (since === undefined) this.#since = time;
    // A clock that was far ahead is put back as well.
    else if (Math.abs(now - since) >= PERIOD) {
      this.#before = this.#current;
      this.#since = time;
      this.#resources = new Map();
      this.#names = 0;
      this.#unlisted = 0;
    }
  }

  /** Undefined before anything was read. @param periods `joined` where it has to be small. */
  snapshot(periods: 'apart' | 'joined' = 'apart'): ObserverSnapshot | undefined {
    const current = this.#current;
    if (current === undefined || this.#before === undefined) return current && { current };
    return periods === 'apart'
      ? { current, before: this.#before }
      : { current: mergeObserved([current, this.#before]) ?? current };
  }

  get #current(): ObservedLevels | undefined {
    if (this.#since === undefined) return undefined;
    return { since: this.#since, resources: plainResources(this.#resources), unlisted: this.#unlisted };
  }

  #verbsOf(apiGroup: string, resource: string | undefined, subresource: string): Map<string, number> | undefined {
    const name = resource === undefined ? OTHER_PATHS : observedResource(apiGroup, resource, subresource);
    const known = this.#resources.get(name);
    if (known !== undefined) return known;
    if (!NAME.test(apiGroup) || !NAME.test(resource ?? '') || !SUBRESOURCE.test(subresource)) return undefined;
    if (this.#resources.size >= MAX_RESOURCES || this.#names + name.length > MAX_NAMES) {
      this.#unlisted += 1;
      return undefined;
    }
    const verbs = new Map<string, number>();
    this.#resources.set(name, verbs);
    this.#names += name.length;
    return verbs;
  }
}

function bitOf(level: string | undefined): number {
  switch (level) {
    case 'Metadata':
    case 'Request':
    case 'RequestResponse':
      return OBSERVED_BITS[level];
    default:
      return 0;
  }
}

function isSnapshot(value: unknown): value is ObserverSnapshot {
  if (typeof value !== 'object' || value === null || !('current' in value)) return false;
  return isObservedLevels(value.current) && (!('before' in value) || isObservedLevels(value.before));
}

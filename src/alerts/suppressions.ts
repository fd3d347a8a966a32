import type { AuditRecord } from '../audit/index.ts';
import { displayText } from './display-text.ts';
import { hit } from './hit.ts';
import { objectText } from './object-text.ts';

/** The last request of its kind that a filter left out, in short. Safe to print. */
export interface HiddenRequest {
  /** RFC 3339: when the API server received it. */
  readonly at: string;
  readonly rule: string;
  readonly auditID: string;
  readonly object?: string;
  readonly code?: number;
  readonly from?: string;
  readonly client?: string;
}

/** What a filter left out of a run of records. Plain JSON. */
export interface Suppression {
  readonly count: number;
  /** RFC 3339: of the last request. */
  readonly last: string;
  /** By the DetectionRule's name; of a rule inside a correlation the correlation's and its own. */
  readonly byRule: Readonly<Record<string, number>>;
  /** By who did what to which kind of object, e.g. `alice patch cronjobs.batch/status`. */
  readonly requests: Readonly<Record<string, { readonly count: number; readonly last: HiddenRequest }>>;
}

/** By the name of the DetectionFilter; filters that left out nothing are absent. */
export type Suppressions = Readonly<Record<string, Suppression>>;

interface Counting {
  count: number;
  last: string;
  readonly byRule: Map<string, number>;
  readonly requests: Map<string, { count: number; last: HiddenRequest }>;
}

/** Counts what filters leave out of a run of records. */
export class SuppressionCount {
  readonly #filters = new Map<string, Counting>();

  /** A match of the rule was left out by these filters. */
  add(filters: readonly string[], rule: string, record: AuditRecord): void {
    const { request, hidden } = inShort(record, rule);
    for (const name of filters) {
      let counting = this.#filters.get(name);
      if (counting === undefined) {
        counting = { count: 0, last: hidden.at, byRule: new Map(), requests: new Map() };
        this.#filters.set(name, counting);
      }
      counting.count += 1;
      if (hidden.at > counting.last) counting.last = hidden.at;
      counting.byRule.set(rule, (counting.byRule.get(rule) ?? 0) + 1);
      counting.requests.set(request, { count: (counting.requests.get(request)?.count ?? 0) + 1, last: hidden });
    }
  }

  result(): Suppressions {
    return Object.fromEntries(
      [...this.#filters].map(([name, { count, last, byRule, requests }]) => [
        name,
        { count, last, byRule: Object.fromEntries(byRule), requests: Object.fromEntries(requests) },
      ]),
    );
  }
}

/** The length of what is kept: many filters together have to fit the annotation of a Lease. */
const MAX_REQUEST = 256;

function inShort(record: AuditRecord, rule: string): { readonly request: string; readonly hidden: HiddenRequest } {
  const { actor, impersonated, verb, touched, requestURI, ...one } = hit(record, '', false);
  const who = impersonated === undefined ? actor : `${actor} as ${impersonated}`;
  const what =
    touched === undefined
      ? (requestURI.split('?')[0] ?? '')
      : objectText({ ...touched, namespace: '', name: '' }, 'with subresource');
  const object = touched === undefined || touched.name === '' ? '' : objectText(touched);
  return {
    request: displayText(`${who} ${verb} ${what}`, MAX_REQUEST),
    hidden: {
      at: one.time,
      rule: displayText(rule, 256),
      auditID: displayText(one.auditID, 64),
      ...(object !== '' && { object: displayText(object, 256) }),
      ...(one.code !== undefined && { code: one.code }),
      ...(one.sourceIP !== '' && { from: displayText(one.sourceIP, 64) }),
      ...(one.userAgent !== '' && { client: displayText(one.userAgent, 128) }),
    },
  };
}

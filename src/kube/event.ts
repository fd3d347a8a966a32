import { formatMicroTime } from './micro-time.ts';
import type { KubeObject, ObjectReference } from './object.ts';
import type { ResourceType } from './resource-type.ts';

/** `events.k8s.io/v1.Event`. */
export interface Event extends KubeObject {
  readonly eventTime: string;
  readonly series?: EventSeries;
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly action: string;
  readonly reason: string;
  readonly regarding: ObjectReference;
  readonly related?: ObjectReference;
  readonly note: string;
  readonly type: EventType;
}

export interface EventSeries {
  /** At least 2. */
  readonly count: number;
  readonly lastObservedTime: string;
}

type EventType = 'Normal' | 'Warning';

export const eventType: ResourceType = Object.freeze({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
});

/** What happened to which object. */
export interface Occurrence {
  /** The object that the Event is about. The Event goes into its namespace, or into `default` where it has none. */
  readonly regarding: ObjectReference;
  readonly related?: ObjectReference | undefined;
  readonly type: EventType;
  /** Why, CamelCase. */
  readonly reason: string;
  /** What was done, CamelCase. */
  readonly action: string;
  /** For people. */
  readonly note: string;
}

/** Who reports. */
export interface Reporter {
  /** A qualified name, e.g. `example.dev/operator`. */
  readonly controller: string;
  /** e.g. the pod's name. */
  readonly instance: string;
}

/** The limits of the API's validation, in bytes of UTF-8. */
const MAX_REASON = 128;
const MAX_ACTION = 128;
const MAX_INSTANCE = 128;
const MAX_NOTE = 1024;
const MAX_NAME = 253;
/** Not the API's: what nothing real comes near. */
const MAX_REFERENCES = 4096;

const QUALIFIED_NAME =
  /^(?:[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/**
 * The occurrence as the API will take it: texts cut to their limits. Undefined where that is impossible: no reason, no
 * action, or references of absurd length.
 */
export function validOccurrence(occurrence: Occurrence): Occurrence | undefined {
  const { regarding, related } = occurrence;
  const reason = cut(occurrence.reason, MAX_REASON);
  const action = cut(occurrence.action, MAX_ACTION);
  const references = JSON.stringify([regarding, related]);
  if (reason === '' || action === '' || Buffer.byteLength(references) > MAX_REFERENCES) return undefined;
  return { ...occurrence, reason, action, note: cutVisibly(occurrence.note, MAX_NOTE) };
}

/** @throws RangeError where the API would refuse every Event of this reporter */
export function validReporter({ controller, instance }: Reporter): Reporter {
  if (!QUALIFIED_NAME.test(controller)) throw new RangeError(`"${controller}" is not a qualified name`);
  if (instance === '') throw new RangeError('the reporting instance must not be empty');
  return { controller, instance: cut(instance, MAX_INSTANCE) };
}

/** The namespace of the Event about an occurrence. */
export function eventNamespace({ regarding }: Occurrence): string {
  return regarding.namespace || 'default';
}

/** An Event's name: the object's, made fit for a DNS subdomain, and something unique. */
export function eventName({ regarding }: Occurrence, now: number, random: () => number): string {
  const unique = `${Math.floor(now).toString(16)}${Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')}`;
  const fit = (name: string) =>
    name
      .split('.')
      .map((label) => label.replace(/^-+|-+$/g, ''))
      .filter(Boolean)
      .join('.');
  const name = fit(
    (regarding.name ?? '')
      .toLowerCase()
      .slice(0, MAX_NAME)
      .replace(/[^a-z0-9.-]/g, '-'),
  );
  return `${fit(name.slice(0, MAX_NAME - unique.length - 1)) || 'event'}.${unique}`;
}

/** @param seen how often it was seen, and when last; milliseconds since the epoch */
export function eventSeries(seen: { readonly count: number; readonly last: number }): EventSeries | undefined {
  return seen.count < 2 ? undefined : { count: seen.count, lastObservedTime: formatMicroTime(seen.last) };
}

/** At most `bytes` of UTF-8, cut between characters. */
function cut(text: string, bytes: number): string {
  const encoded = Buffer.from(text.slice(0, bytes), 'utf8');
  let end = Math.min(bytes, encoded.length);
  // Bytes of the form 10xxxxxx go on a character that began before.
  while (end < encoded.length && ((encoded[end] ?? 0) & 0xc0) === 0x80) end--;
  return encoded.toString('utf8', 0, end);
}

function cutVisibly(text: string, bytes: number): string {
  const mark = '…';
  return Buffer.byteLength(text.toWellFormed()) <= bytes
    ? text.toWellFormed()
    : cut(text, bytes - Buffer.byteLength(mark)) + mark;
}

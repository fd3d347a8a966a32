import type { Alert } from '../api/alert.generated.ts';
import { comparePositions, formatPosition, parsePosition } from '../audit/index.ts';
import { displayText } from './display-text.ts';
import type { Hit } from './hit.ts';
import { type Tally, tallied, tallySummary } from './tally.ts';

export type AlertStatus = NonNullable<Alert['status']>;
type PartitionCount = NonNullable<AlertStatus['partitions']>[number];
type Sample = NonNullable<AlertStatus['samples']>[number];

/** The first three requests are kept as samples, and the last one. */
const FIRST_SAMPLES = 3;
const MAX_PARTITIONS = 64;

const TALLY_NAMES = [
  'objects',
  'verbs',
  'subresources',
  'sourceIPs',
  'userAgents',
  'responseCodes',
  'ruleHashes',
] as const;
type TallyName = (typeof TALLY_NAMES)[number];

/** What is tallied of a request; empty values are not. */
const TALLIED: Readonly<Record<TallyName, (hit: Hit) => string>> = Object.freeze({
  objects: objectOf,
  verbs: ({ verb }) => verb,
  subresources: ({ touched }) => touched?.subresource ?? '',
  sourceIPs: ({ sourceIP }) => sourceIP,
  userAgents: ({ userAgent }) => userAgent,
  responseCodes: ({ code }) => (code === undefined ? '' : String(code)),
  ruleHashes: ({ ruleHash }) => ruleHash,
});

export interface Counted {
  readonly status: AlertStatus;
  /** Hits that had not been counted before, in the order of their positions. */
  readonly hits: readonly Hit[];
}

/**
 * The status with the hits counted, each once: a hit at or below the position that the status holds for the partition was
 * counted before (semantics 5). The same hits in any split and with any repetition give the same counts.
 */
export function counted(status: AlertStatus | undefined, partition: string, hits: readonly Hit[]): Counted {
  const before = status ?? {};
  const entry = before.partitions?.find(({ name }) => name === partition);
  const last = entry === undefined ? undefined : parsePosition(entry.position);
  const fresh = hits
    .filter(({ position }) => last === undefined || comparePositions(position, last) > 0)
    .toSorted((a, b) => comparePositions(a.position, b.position));
  const newest = fresh.at(-1);
  if (newest === undefined) return { status: before, hits: [] };
  const here = {
    name: partition,
    position: formatPosition(newest.position),
    count: (entry?.count ?? 0) + fresh.length,
  };
  const others = (before.partitions ?? []).filter(({ name }) => name !== partition);
  const times = fresh.map(({ time }) => time);
  const undetermined = (before.undetermined ?? 0) + fresh.filter((hit) => hit.undetermined).length;
  const tallies: Partial<Record<TallyName, Tally>> = {};
  for (const name of TALLY_NAMES) {
    const values = fresh.map(TALLIED[name]).filter((value) => value !== '');
    const tally = tallied(before[name], values);
    if (tally.values.length > 0) tallies[name] = tally;
  }
  return {
    hits: fresh,
    status: {
      count: (before.count ?? 0) + fresh.length,
      firstSeen: extreme(before.firstSeen, times, (a, b) => a < b),
      lastSeen: extreme(before.lastSeen, times, (a, b) => a > b),
      ...(undetermined > 0 && { undetermined }),
      ...tallies,
      samples: samples(before.samples ?? [], fresh),
      display: {
        sourceIPs: tallySummary(tallies.sourceIPs),
        userAgents: tallySummary(tallies.userAgents),
      },
      partitions: bounded([...others, here]),
    },
  };
}

/** Nodes come and go: the partitions that were counted last stay. The log of one that goes is not read again. */
function bounded(partitions: readonly PartitionCount[]): PartitionCount[] {
  if (partitions.length <= MAX_PARTITIONS) return [...partitions];
  const generation = ({ position }: PartitionCount) => parsePosition(position)?.generation ?? 0;
  return partitions.toSorted((a, b) => generation(b) - generation(a)).slice(0, MAX_PARTITIONS);
}

/** `namespace/name`, or the name alone; empty where the request names no object. */
function objectOf({ touched }: Hit): string {
  if (touched === undefined || touched.name === '') return '';
  return touched.namespace === '' ? touched.name : `${touched.namespace}/${touched.name}`;
}

function extreme(
  before: string | undefined,
  times: readonly string[],
  beats: (a: number, b: number) => boolean,
): string {
  const all = before === undefined ? times : [before, ...times];
  return all.reduce((best, time) => (beats(Date.parse(time), Date.parse(best)) ? time : best));
}

function samples(before: readonly Sample[], hits: readonly Hit[]): Sample[] {
  const first = [...before.slice(0, FIRST_SAMPLES), ...hits.slice(0, FIRST_SAMPLES + 1).map(sample)].slice(
    0,
    FIRST_SAMPLES,
  );
  const newest = hits.at(-1);
  const total = before.length + hits.length;
  return newest === undefined || total <= FIRST_SAMPLES ? first : [...first, sample(newest)];
}

function sample(hit: Hit): Sample {
  const { touched } = hit;
  const object = [touched?.resource ?? '', touched?.subresource ?? '', objectOf(hit)]
    .filter((part) => part !== '')
    .join(' ');
  return {
    time: hit.time,
    auditID: displayText(hit.auditID, 128),
    verb: displayText(hit.verb, 64),
    ...(object !== '' && { object: displayText(object, 512) }),
    requestURI: displayText(hit.requestURI, 512),
    ...(hit.code !== undefined && { code: hit.code }),
    ...(hit.sourceIP !== '' && { sourceIP: displayText(hit.sourceIP, 64) }),
    ...(hit.userAgent !== '' && { userAgent: displayText(hit.userAgent, 256) }),
    ...(hit.pod !== undefined && { pod: displayText(hit.pod, 512) }),
  };
}

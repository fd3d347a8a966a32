import type { Alert } from '../api/alert.generated.ts';
import { clientName } from './client-name.ts';
import type { Hit } from './hit.ts';
import { objectText } from './object-text.ts';
import { formatMargins, storedTally, type Tally, tallied, tallySummary, unlisted } from './tally.ts';

type AlertStatus = NonNullable<Alert['status']>;

/** What varies within a group, and is tallied. */
export const TALLY_NAMES = [
  'actors',
  'identities',
  'objects',
  'verbs',
  'subresources',
  'addresses',
  'clients',
  'pods',
  'responseCodes',
  'ruleHashes',
] as const;
type TallyName = (typeof TALLY_NAMES)[number];

interface TallyKind {
  /** How many values are listed; not above what `crds/alerts.yaml` admits. */
  readonly capacity: number;
  /** Empty values are not tallied. */
  readonly of: (hit: Hit) => string;
}

const TALLIES: Readonly<Record<TallyName, TallyKind>> = Object.freeze({
  actors: { capacity: 32, of: ({ actor }) => actor },
  identities: { capacity: 8, of: ({ impersonated }) => impersonated ?? '' },
  objects: {
    capacity: 32,
    of: ({ touched }) => (touched === undefined || touched.name === '' ? '' : objectText(touched)),
  },
  verbs: { capacity: 16, of: ({ verb }) => verb },
  subresources: { capacity: 16, of: ({ touched }) => touched?.subresource ?? '' },
  addresses: { capacity: 16, of: ({ sourceIP }) => sourceIP },
  clients: { capacity: 8, of: ({ userAgent }) => userAgent },
  pods: { capacity: 8, of: ({ pod }) => pod ?? '' },
  responseCodes: { capacity: 16, of: ({ code }) => (code === undefined ? '' : String(code)) },
  ruleHashes: { capacity: 8, of: ({ ruleHash }) => ruleHash },
});

/** Of an Alert about one actor, its finding tells who. */
const OF_ANY_ACTOR: ReadonlySet<TallyName> = new Set(['actors', 'identities']);

/** The tallies of a status with these hits, and what follows from them. */
export function talliedStatus(before: AlertStatus, hits: readonly Hit[], anyActor: boolean): AlertStatus {
  const tallies = new Map<TallyName, Tally>();
  for (const name of TALLY_NAMES) {
    if (OF_ANY_ACTOR.has(name) && !anyActor) continue;
    const { capacity, of } = TALLIES[name];
    const values = hits.map(of).filter((value) => value !== '');
    const tally = tallied(storedTally(before[name], before.margins?.[name]), values, capacity);
    if (tally.counts.size > 0) tallies.set(name, tally);
  }
  const margins = [...tallies].flatMap(([name, tally]) => {
    const text = formatMargins(tally);
    return text === undefined ? [] : [[name, text] as const];
  });
  const others = [...tallies].flatMap(([name, tally]) =>
    unlisted(tally) > 0 ? [[name, unlisted(tally)] as const] : [],
  );
  const from = fromText(tallies);
  return {
    ...Object.fromEntries([...tallies].map(([name, { counts }]) => [name, Object.fromEntries(counts)])),
    ...(from !== '' && { from }),
    ...(others.length > 0 && { unlisted: Object.fromEntries(others) }),
    ...(margins.length > 0 && { margins: Object.fromEntries(margins) }),
  };
}

/** `10.0.0.7 (+2) with kubectl/v1.37.2`, for a column. */
function fromText(tallies: ReadonlyMap<TallyName, Tally>): string {
  const of = (name: TallyName, shorten = (value: string) => value) => {
    const tally = tallies.get(name);
    return tally === undefined ? '' : tallySummary(tally, shorten, 100);
  };
  const [address, client] = [of('addresses'), of('clients', clientName)];
  return address === '' || client === '' ? address + client : `${address} with ${client}`;
}

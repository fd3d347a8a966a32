import type { OperationClass, Outcome } from '../audit/index.ts';
import { displayText } from './display-text.ts';
import type { GroupKey } from './group-key.ts';
import { targetText } from './target-text.ts';

/** What happened, in a sentence: `alice as bob tried to create cronjobs.batch shop/nightly and was denied`. */
export function summary(key: GroupKey): string {
  if (key.target.kind === 'overflow')
    return 'requests found no room in Alerts of their own, because there are too many';
  if (key.correlated !== undefined) {
    const values = Object.entries(key.correlated).map(([field, value]) => `${field} ${value}`);
    return displayText(
      values.length === 0 ? 'several requests together' : `several requests with ${values.join(', ')}`,
      500,
    );
  }
  const verbs = key.operation === undefined ? ANY : VERBS[key.operation];
  return `${actorText(key)} ${did(verbs, targetText(key.target), key.outcome)}`;
}

function actorText({ actor, impersonated }: GroupKey): string {
  if (actor === undefined) return 'somebody';
  const who = displayText(actor, 200);
  return impersonated === undefined ? who : `${who} as ${displayText(impersonated, 200)}`;
}

function did({ past, infinitive }: Verbs, what: string, outcome: Outcome | undefined): string {
  switch (outcome) {
    case 'Allowed':
      return `${past} ${what}`;
    case 'Denied':
      return `tried to ${infinitive} ${what} and was denied`;
    case 'Failed':
      return `tried to ${infinitive} ${what} and failed`;
    case 'Unknown':
      return `tried to ${infinitive} ${what}; no answer was logged`;
    case undefined:
      return `${past}, or tried to ${infinitive}, ${what}`;
    default:
      return outcome satisfies never;
  }
}

interface Verbs {
  readonly past: string;
  readonly infinitive: string;
}

const ANY: Verbs = { past: 'did something to', infinitive: 'do something to' };

const VERBS: Readonly<Record<OperationClass, Verbs>> = Object.freeze({
  create: { past: 'created', infinitive: 'create' },
  change: { past: 'changed', infinitive: 'change' },
  delete: { past: 'deleted', infinitive: 'delete' },
  read: { past: 'read', infinitive: 'read' },
  connect: { past: 'connected to', infinitive: 'connect to' },
  other: ANY,
});

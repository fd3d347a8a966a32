import type { Alert } from '../api/alert.generated.ts';
import { clientName } from './client-name.ts';
import { displayText } from './display-text.ts';
import type { Hit } from './hit.ts';
import { objectText } from './object-text.ts';

/**
 * One sentence for people, without anything that differs between repetitions of the same thing: who (and as whom) did what
 * to which object, from where, through which client, and how the API server answered; and
 * whether that is certain.
 */
export function eventNote(title: string, hit: Hit): string {
  const { actor, impersonated, outcome } = hit;
  const who =
    impersonated === undefined
      ? displayText(actor, 120)
      : `${displayText(actor, 120)} as ${displayText(impersonated, 120)}`;
  const did =
    outcome === 'Allowed'
      ? (PAST[hit.verb] ?? `did ${displayText(hit.verb, 40)} on`)
      : `tried to ${displayText(hit.verb, 40)}`;
  const what =
    hit.touched === undefined
      ? displayText(hit.requestURI, 120)
      : displayText(objectText(hit.touched, 'with subresource'), 200);
  const from = hit.sourceIP === '' ? '' : ` from ${displayText(hit.sourceIP, 64)}`;
  const client = hit.userAgent === '' ? '' : ` with ${displayText(clientName(hit.userAgent), 80)}`;
  const answer = hit.code === undefined ? outcome : `${outcome} (${hit.code})`;
  const open = hit.undetermined ? ' Undetermined: the log lacks its bodies, which the rule tests.' : '';
  return `${displayText(title, 200)}: ${who} ${did} ${what}${from}${client}. ${answer}.${open}`;
}

/** Of what found no room in Alerts of its own. */
export function overflowNote(title: string): string {
  return `${displayText(title, 200)}: there are too many Alerts of this rule. This one counts what found no room, and tells who it was.`;
}

/** Of more objects at once than there should be Events. */
export function moreNote(title: string, { finding }: Pick<Alert, 'finding'>): string {
  return `${displayText(title, 200)}: ${displayText(finding.summary, 500)}; many at once: see the Alert.`;
}

const PAST: Readonly<Record<string, string>> = Object.freeze({
  create: 'created',
  update: 'updated',
  patch: 'patched',
  delete: 'deleted',
  deletecollection: 'deleted a collection of',
  get: 'read',
  list: 'listed',
  watch: 'watched',
});

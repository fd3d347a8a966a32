import type { Alert } from '../api/alert.generated.ts';
import { displayText } from './display-text.ts';
import type { Hit } from './hit.ts';
import { objectText } from './object-text.ts';

export type Sample = NonNullable<NonNullable<Alert['status']>['samples']>[number];

/** The first three requests are kept as samples, and the last one. */
const FIRST_SAMPLES = 3;

export function sampled(before: readonly Sample[], hits: readonly Hit[]): Sample[] {
  const first = [...before.slice(0, FIRST_SAMPLES), ...hits.slice(0, FIRST_SAMPLES).map(sample)].slice(
    0,
    FIRST_SAMPLES,
  );
  const newest = hits.at(-1);
  const total = before.length + hits.length;
  return newest === undefined || total <= FIRST_SAMPLES ? first : [...first, sample(newest)];
}

function sample(hit: Hit): Sample {
  const object = hit.touched === undefined ? '' : objectText(hit.touched, 'with subresource');
  return {
    at: hit.time,
    auditID: displayText(hit.auditID, 128),
    verb: displayText(hit.verb, 64),
    ...(object !== '' && { object: displayText(object, 512) }),
    requestURI: displayText(hit.requestURI, 512),
    ...(hit.code !== undefined && { code: hit.code }),
    ...(hit.sourceIP !== '' && { from: displayText(hit.sourceIP, 64) }),
    ...(hit.userAgent !== '' && { client: displayText(hit.userAgent, 256) }),
    ...(hit.pod !== undefined && { pod: displayText(hit.pod, 512) }),
    ...(hit.undetermined && { undetermined: true }),
  };
}

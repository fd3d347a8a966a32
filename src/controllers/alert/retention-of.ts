import { type Aging, expiryOf, parseDuration, type Retention } from '../../alerts/index.ts';
import type { DetectionRule } from '../../api/detection-rule.generated.ts';
import type { SlimAlert } from './slim-alert.ts';

/** When an Alert expires, in milliseconds since the epoch; undefined where that cannot be told. */
export type Expiry = (alert: SlimAlert) => number | undefined;

/** By its rule's own ttl where it has one, and as a rule's ttl is now; by the operator's where the rule is gone. */
export function expiryBy(defaults: Retention, ruleOf: (name: string) => DetectionRule | undefined): Expiry {
  return (alert) => {
    const text = ruleOf(alert.finding.rule.name)?.spec.alert?.ttl;
    const ttl = (text === undefined ? undefined : parseDuration(text)) ?? defaults.ttl;
    return expiryOf(agingOf(alert), { ...defaults, ttl });
  };
}

function agingOf({ metadata, status, lastWrite }: SlimAlert): Aging {
  return { lastSeen: status?.lastSeen, lastWrite, created: metadata.creationTimestamp, state: status?.state };
}

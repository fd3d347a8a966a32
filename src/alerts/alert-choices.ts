import type { GroupDimension } from './group-by.ts';

export const EVENT_SUBJECTS = ['Object', 'Rule', 'None'] as const;

/** What Kubernetes Events are about: `spec.alert.events` of a DetectionRule. */
export type EventSubject = (typeof EVENT_SUBJECTS)[number];

/** What a rule may say of its Alerts, and an operator for the rules that do not. */
export interface AlertChoices {
  readonly groupBy?: readonly GroupDimension[] | undefined;
  readonly events?: EventSubject | undefined;
}

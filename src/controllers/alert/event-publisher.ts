import {
  eventNote,
  type Hit,
  moreNote,
  overflowNote,
  type PendingAlert,
  type TouchedObject,
} from '../../alerts/index.ts';
import type { Alert } from '../../api/alert.generated.ts';
import type { DetectionRule } from '../../api/detection-rule.generated.ts';
import { type EventRecorder, type ObjectReference, type Occurrence } from '../../kube/index.ts';
import { ALERTS, DETECTION_RULES } from '../api-resources.ts';
import { referenceTo } from '../object-reference.ts';
import type { ObjectKinds } from './object-kinds.ts';
import type { ObjectLookUp } from './object-look-up.ts';

export interface EventPublisherOptions {
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly kinds: Pick<ObjectKinds, 'find'>;
  readonly lookUp: Pick<ObjectLookUp, 'uid'>;
  /** The DetectionRule of a name, if it is there. */
  readonly ruleNamed: (name: string) => DetectionRule | undefined;
}

const REASON = 'DetectionMatch';
const OVERFLOW_REASON = 'DetectionOverflow';
/** Different Events for one Alert and batch; what exceeds it is told in one about the Alert. */
const MAX_EVENTS = 10;

/**
 * Tells the namespaces' own people: an Event about each object that was touched, related to the Alert; about the Alert
 * itself where no object was, or the rule says to tell those who look after the rule. Best effort: what is counted is counted in
 * the Alert.
 */
export class EventPublisher {
  readonly #options: EventPublisherOptions;

  constructor(options: EventPublisherOptions) {
    this.#options = options;
  }

  async publish({ rule }: PendingAlert, alert: Alert, hits: readonly Hit[], signal: AbortSignal): Promise<void> {
    if (rule.events === 'None' || isQuiet(alert)) return;
    const { title } = rule.document;
    const about = alertReference(alert);
    if (alert.finding.overflow === true) {
      this.#record(about, undefined, OVERFLOW_REASON, 'Overflow', overflowNote(title), hits.length);
      return;
    }
    const notes = [...Map.groupBy(hits, (hit) => eventNote(title, hit))];
    for (const [note, same] of notes.slice(0, MAX_EVENTS)) {
      const [hit] = same;
      if (hit === undefined) continue;
      const regarding = rule.events === 'Rule' ? this.#rule(rule.name) : await this.#touched(hit, signal);
      this.#record(regarding ?? about, about, REASON, ACTIONS[hit.operation], note, same.length);
    }
    const more = notes.slice(MAX_EVENTS).reduce((sum, [, same]) => sum + same.length, 0);
    if (more > 0) this.#record(about, undefined, REASON, 'Many', moreNote(title, alert), more);
  }

  #record(
    regarding: ObjectReference,
    related: ObjectReference | undefined,
    reason: string,
    action: string,
    note: string,
    times: number,
  ): void {
    const other = related === regarding ? undefined : related;
    const occurrence: Occurrence = { regarding, related: other, type: 'Warning', reason, action, note };
    this.#options.recorder.record(occurrence, times);
  }

  #rule(name: string): ObjectReference | undefined {
    const rule = this.#options.ruleNamed(name);
    return rule === undefined ? undefined : referenceTo(DETECTION_RULES, rule);
  }

  async #touched(hit: Hit, signal: AbortSignal): Promise<ObjectReference | undefined> {
    return hit.touched === undefined ? undefined : await this.#reference(hit.touched, hit, signal);
  }

  /** Undefined where no single object was touched, or the API does not serve its kind. */
  async #reference(object: TouchedObject, hit: Hit, signal: AbortSignal): Promise<ObjectReference | undefined> {
    const { apiGroup: group, apiVersion: version, resource, namespace, name } = object;
    // A denied or generateName create has no name, or the prefix of one.
    if (name === '' || name.endsWith('*') || version === '') return undefined;
    const kind = await this.#options.kinds.find(group, version, resource, signal);
    if (kind === undefined) return undefined;
    const created = hit.verb === 'create' && object.subresource === '';
    const uid = object.uid ?? (await this.#options.lookUp.uid(object, kind, created, signal));
    return {
      apiVersion: group === '' ? version : `${group}/${version}`,
      kind: kind.kind,
      ...(namespace !== '' && { namespace }),
      name,
      ...(uid !== undefined && { uid }),
    };
  }
}

/** People know of it: it counts on without telling them again. */
function isQuiet({ status }: Alert): boolean {
  return status?.state === 'Acknowledged' || status?.state === 'FalsePositive';
}

function alertReference(alert: Alert): ObjectReference {
  return referenceTo(ALERTS, alert);
}

const ACTIONS: Readonly<Record<Hit['operation'], string>> = Object.freeze({
  create: 'Create',
  change: 'Change',
  delete: 'Delete',
  read: 'Read',
  connect: 'Connect',
  other: 'Other',
});

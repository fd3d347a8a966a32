import { eventNote, type Hit, type PendingAlert, type TouchedObject } from '../../alerts/index.ts';
import type { Alert } from '../../api/alert.generated.ts';
import { apiVersionOf, type EventRecorder, type ObjectReference, type Occurrence } from '../../kube/index.ts';
import { ALERTS } from '../api-resources.ts';
import type { ObjectKinds } from './object-kinds.ts';
import type { ObjectLookUp } from './object-look-up.ts';

export interface EventPublisherOptions {
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly kinds: Pick<ObjectKinds, 'find'>;
  readonly lookUp: Pick<ObjectLookUp, 'uid'>;
}

const REASON = 'DetectionMatch';

/**
 * Tells the namespaces' own people: an Event about each object that was touched, related to the Alert; about the Alert
 * itself where no object was. Best effort: what is counted is counted in the Alert.
 */
export class EventPublisher {
  readonly #options: EventPublisherOptions;

  constructor(options: EventPublisherOptions) {
    this.#options = options;
  }

  async publish({ rule }: PendingAlert, alert: Alert, hits: readonly Hit[], signal: AbortSignal): Promise<void> {
    if (!rule.events || isQuiet(alert)) return;
    const { title } = rule.document;
    const related = alertReference(alert);
    for (const [note, same] of Map.groupBy(hits, (hit) => eventNote(title, hit))) {
      const [hit] = same;
      if (hit === undefined) continue;
      const touched = hit.touched === undefined ? undefined : await this.#reference(hit.touched, hit, signal);
      const occurrence: Occurrence = {
        regarding: touched ?? related,
        related: touched === undefined ? undefined : related,
        type: 'Warning',
        reason: REASON,
        action: ACTIONS[hit.operation],
        note,
      };
      this.#options.recorder.record(occurrence, same.length);
    }
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

/** The Alert as the subject of an Event, or as what it is related to. */
function alertReference({ metadata }: Alert): ObjectReference {
  return {
    apiVersion: apiVersionOf(ALERTS),
    kind: ALERTS.kind,
    name: metadata.name,
    ...(metadata.uid !== undefined && { uid: metadata.uid }),
  };
}

const ACTIONS: Readonly<Record<Hit['operation'], string>> = Object.freeze({
  create: 'Create',
  change: 'Change',
  delete: 'Delete',
  read: 'Read',
  connect: 'Connect',
  other: 'Other',
});

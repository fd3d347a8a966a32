import { gunzipSync } from 'node:zlib';
import { type AuditFormat, isObject, type JsonObject, objectAt, textAt } from './audit-format.ts';

/** What is in an envelope. */
export type Content =
  /** A parsed value: an event, or another envelope. */
  | { readonly value: unknown }
  /** JSON text of one. */
  | { readonly text: string }
  /** It is not about requests to the API server. */
  | 'ignored'
  /** It unpacks to more than {@link UNPACKED_LIMIT}. */
  | 'oversize';

/** A shape that carries audit events, or other envelopes. */
export interface Envelope {
  readonly formats: readonly AuditFormat[];
  /** What is in it; `undefined` where the object has another shape. */
  open(object: JsonObject): readonly Content[] | undefined;
}

/** Bytes that a compressed envelope may unpack to. A CloudWatch record is at most 1 MiB compressed. */
const UNPACKED_LIMIT = 32 * 1024 * 1024;

/** `EventList` of `audit.k8s.io`. */
const eventList: Envelope = {
  formats: ['Auto', 'Kubernetes', 'EKS', 'AKS', 'GKE'],
  open: (object) => (object['kind'] === 'EventList' ? values(object['items'] ?? []) : undefined),
};

/** What CloudWatch Logs gives a Lambda function: `{"awslogs":{"data":"<base64 of gzip>"}}`. */
const cloudWatchRecord: Envelope = {
  formats: ['Auto', 'EKS'],
  open: (object) => {
    const data = textAt(objectAt(object, 'awslogs'), 'data');
    return data === undefined ? undefined : [unpack(data)];
  },
};

/** The record unpacked: `{"messageType":"DATA_MESSAGE","logEvents":[…]}`; a CONTROL_MESSAGE probes the destination. */
const cloudWatchMessage: Envelope = {
  formats: ['Auto', 'EKS'],
  open: (object) => {
    if (textAt(object, 'messageType') === undefined || !Array.isArray(object['logEvents'])) return undefined;
    return object['messageType'] === 'DATA_MESSAGE' ? values(object['logEvents']) : ['ignored'];
  },
};

/** One of its logEvents: `{"id":"…","timestamp":…,"message":"<event>"}`; also what Vector makes of a line. */
const message: Envelope = {
  formats: ['Auto', 'EKS', 'GKE'],
  open: (object) => lineIn(object, 'message'),
};

/** What Fluent Bit makes of a line. */
const log: Envelope = {
  formats: ['Auto'],
  open: (object) => lineIn(object, 'log'),
};

/** Azure Monitor: `{"records":[…]}`. */
const azureRecords: Envelope = {
  formats: ['Auto', 'AKS'],
  open: (object) => (Array.isArray(object['records']) ? values(object['records']) : undefined),
};

/** One of its records. Those of other categories are the other components' logs. */
const azureRecord: Envelope = {
  formats: ['Auto', 'AKS'],
  open: (object) => {
    const category = textAt(object, 'category');
    const text = textAt(objectAt(object, 'properties'), 'log');
    if (category === undefined || text === undefined) return undefined;
    return category === 'kube-audit' || category === 'kube-audit-admin' ? [{ text }] : ['ignored'];
  },
};

/** OTLP/HTTP in JSON: the events are the texts of the log records' bodies. */
const otlp: Envelope = {
  formats: ['Auto'],
  open: (object) => {
    if (!Array.isArray(object['resourceLogs'])) return undefined;
    const records = [object]
      .flatMap((each) => objectsAt(each, 'resourceLogs'))
      .flatMap((each) => objectsAt(each, 'scopeLogs'))
      .flatMap((each) => objectsAt(each, 'logRecords'));
    return records.map((record) => {
      const text = textAt(objectAt(record, 'body'), 'stringValue');
      return text === undefined ? { value: record } : { text };
    });
  },
};

/** The first that opens an object is the one. */
export const ENVELOPES: readonly Envelope[] = Object.freeze([
  eventList,
  cloudWatchRecord,
  cloudWatchMessage,
  azureRecords,
  azureRecord,
  otlp,
  message,
  log,
]);

function values(list: unknown): readonly Content[] {
  return Array.isArray(list) ? list.map((value: unknown) => ({ value })) : [{ value: list }];
}

function lineIn(object: JsonObject, key: string): readonly Content[] | undefined {
  const text = textAt(object, key);
  return text === undefined ? undefined : [{ text }];
}

function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  const list = object[key];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function unpack(base64: string): Content {
  try {
    return { text: gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: UNPACKED_LIMIT }).toString('utf8') };
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge ? 'oversize' : { text: '' };
  }
}

import fc from 'fast-check';

/** Texts that want to be taken for something else, that fold strangely, or that need escapes. */
export const TEXTS: readonly string[] = [
  '',
  'a',
  'pods',
  'Pods',
  'secrets',
  'get',
  'delete',
  'kube-system',
  'system:node:a',
  'curl/8',
  '/api/v1/pods?a=b&c=<d>',
  '"',
  '\\',
  '\\"',
  'x\\',
  '","verb":"delete","x":"',
  '"},"objectRef":{"resource":"secrets"},"x":{"y":"',
  '},"sourceIPs":["10.0.0.1"],"userAgent":"a',
  '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"',
  '}}',
  '{',
  '|~',
  'é',
  'straße',
  'K',
  'ſecrets',
  'İ',
  'ΑΣ',
  'ας',
  '😀',
  'a\nb',
  '\u0000\u001f\u007f\u2028',
  'x'.repeat(300),
];

const text = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary', maxLength: 12 }));

function record<T>(fields: Record<string, fc.Arbitrary<T>>, required: readonly string[] = []): fc.Arbitrary<object> {
  return fc.record(fields, { requiredKeys: [...required] });
}

const user = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  {
    weight: 6,
    arbitrary: record<unknown>(
      {
        username: text,
        uid: text,
        groups: fc.array(text, { maxLength: 3 }),
        extra: fc.dictionary(text, fc.array(text, { maxLength: 2 }), { maxKeys: 2 }),
      },
      ['username'],
    ),
  },
);

const objectRef = record({
  resource: text,
  namespace: text,
  name: text,
  uid: text,
  apiGroup: text,
  apiVersion: text,
  resourceVersion: text,
  subresource: text,
});

const responseStatus = record<unknown>({
  metadata: fc.constant({}),
  status: text,
  message: text,
  reason: text,
  details: fc.constant({ name: 'a}', causes: [{ message: '"{' }] }),
  code: fc.constantFrom(200, 401, 403, 404),
});

const body = fc.oneof(
  fc.constantFrom<unknown>({ spec: { volumes: [{ hostPath: { path: '/' } }] } }, [{ op: 'add', path: '/a' }], null, {
    spec: { containers: [{ securityContext: { capabilities: { add: ['SYS_ADMIN'] }, privileged: true } }] },
  }),
  record<unknown>({ kind: text, verb: text, metadata: record({ name: text, stageTimestamp: text }) }),
  fc.constant({ requestReceivedTimestamp: 'a', stageTimestamp: 'b', annotations: { a: 'b' } }),
  fc.constant({ a: {}, requestReceivedTimestamp: 'a', stageTimestamp: 'b' }),
);

const annotations = record<string>({
  'audit.k8s.io/truncated': fc.constantFrom('true', 'false'),
  'authorization.k8s.io/decision': fc.constantFrom('allow', 'forbid'),
  'authorization.k8s.io/reason': text,
  'pod-security.kubernetes.io/audit': text,
});

const full: fc.Arbitrary<Record<string, unknown>> = fc.record({
  kind: fc.constant('Event'),
  apiVersion: fc.constant('audit.k8s.io/v1'),
  level: fc.constantFrom('Metadata', 'Request', 'RequestResponse'),
  auditID: text,
  stage: fc.constantFrom('RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'),
  requestURI: text,
  verb: fc.constantFrom('get', 'list', 'create', 'patch', 'delete', 'Delete'),
  user,
  impersonatedUser: user,
  authenticationMetadata: fc.constant({ impersonationConstraint: 'a' }),
  sourceIPs: fc.array(fc.constantFrom('10.0.0.1', '192.0.2.7', 'fe80::1', 'a"b'), { maxLength: 2 }),
  userAgent: text,
  objectRef,
  responseStatus,
  requestObject: body,
  responseObject: body,
  requestReceivedTimestamp: fc.constantFrom('2026-10-05T06:00:00.000001Z', '2026-10-05T23:00:00Z'),
  stageTimestamp: fc.constantFrom('2026-10-05T06:00:00.000002Z'),
  annotations,
});

const BODIES = ['requestObject', 'responseObject'];
const OPTIONAL = [
  'impersonatedUser',
  'authenticationMetadata',
  'sourceIPs',
  'userAgent',
  'objectRef',
  'responseStatus',
];

/** Events with the keys that kube-apiserver writes, in its order; two thirds without bodies. */
export const auditEvent: fc.Arbitrary<Record<string, unknown>> = fc
  .tuple(full, fc.subarray([...OPTIONAL, 'annotations']), fc.constantFrom(BODIES, BODIES, BODIES.slice(1), BODIES, []))
  .map(([event, absent, bodies]) =>
    Object.fromEntries(Object.entries(event).filter(([key]) => ![...absent, ...bodies].includes(key))),
  );

/** As Go's encoding/json writes it. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029\u007f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

type Rewriting = (event: Record<string, unknown>) => string;

/** How the same event may be written: as kube-apiserver does, by forwarders, or by something hostile. */
export const rewriting: fc.Arbitrary<Rewriting> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Rewriting>(goJson) },
  fc.constant<Rewriting>((event) => JSON.stringify(event, undefined, 1)),
  fc.constant<Rewriting>((event) => `${goJson(event)} `),
  fc.constant<Rewriting>((event) => goJson(event).replaceAll('":', '": ')),
  fc.constant<Rewriting>((event) => goJson(event).replaceAll('s', '\\u0073')),
  fc.constant<Rewriting>((event) => goJson(event).replace('"objectRef"', '"object\\u0052ef"')),
  fc.constant<Rewriting>((event) => goJson(event).replace('"resource"', '"\\u0072esource"')),
  fc.integer({ min: 1 }).map(
    (seed): Rewriting =>
      (event) =>
        goJson(shuffled(event, seed)),
  ),
  fc.record({ key: fc.constantFrom('foo', 'apiGroup', 'hostPath', 'cluster'), at: fc.nat(18), value: text }).map(
    ({ key, at, value }): Rewriting =>
      (event) =>
        goJson(Object.fromEntries(Object.entries(event).toSpliced(at, 0, [key, value]))),
  ),
  fc.constantFrom('objectRef', 'user', 'annotations', 'sourceIPs', 'responseStatus').map(
    (key): Rewriting =>
      (event) =>
        goJson({ ...event, [key]: null }),
  ),
);

/** The keys at every level in another order, fixed by a seed. */
function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, seed));
  if (typeof value !== 'object' || value === null) return value;
  const mixed = Object.entries(value).map(
    ([key, inner], i) => [Math.imul(seed ^ (i + 1), 0x9e3779b1) >>> 0, key, inner] as const,
  );
  return Object.fromEntries(mixed.toSorted(([a], [b]) => a - b).map(([, key, inner]) => [key, shuffled(inner, seed)]));
}

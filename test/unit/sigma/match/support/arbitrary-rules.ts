import fc from 'fast-check';
import { type CompiledRule, compileRule } from '../../../../../src/sigma/index.ts';
import { TEXTS } from './arbitrary-events.ts';

const FIELDS = [
  'verb',
  'stage',
  'level',
  'auditID',
  'requestURI',
  'userAgent',
  'sourceIPs',
  'kind',
  'apiVersion',
  'verb.x',
  'user.username',
  'user.uid',
  'user.groups',
  'user.extra.a',
  'user',
  'impersonatedUser.username',
  'foo',
  'objectRef.resource',
  'objectRef.subresource',
  'objectRef.namespace',
  'objectRef.name',
  'objectRef.apiGroup',
  'objectRef',
  'objectRef.foo',
  'responseStatus.code',
  'responseStatus.reason',
  'responseStatus',
  'annotations',
  'annotations.authorization.k8s.io/decision',
  'annotations.authorization.k8s.io/reason',
  'stageTimestamp',
  'annotations.pod-security.kubernetes.io/audit',
  'apiGroup',
  'resource',
  'namespace',
  'username',
  'hostPath',
  'capabilities',
  'privileged',
  'requestObject.kind',
  'requestObject.metadata.name',
  'responseObject.verb',
  'requestObject',
  'authenticationMetadata.impersonationConstraint',
  'subresource',
];

const values = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<unknown>(...TEXTS) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>('*', 'p*', '*s', '*o*', 'p?ds', '*-*', 'k*e*', '?', '\\*') },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, 200, 403, true, '403', 'ALLOW', 'Event') },
);

const item: fc.Arbitrary<readonly [string, unknown]> = fc.oneof(
  fc.tuple(fc.constantFrom(...FIELDS), fc.oneof(values, fc.array(values, { minLength: 1, maxLength: 8 }))),
  fc
    .tuple(
      fc.constantFrom(...FIELDS),
      fc.constantFrom('contains', 'startswith', 'endswith', 'cased', 'contains|all', 'neq'),
      fc.array(fc.constantFrom(...TEXTS, 'o', 'e', 'sys', '/'), { minLength: 2, maxLength: 8 }),
    )
    .map(([field, modifier, texts]) => [`${field}|${modifier}`, texts] as const),
  fc
    .tuple(
      fc.constantFrom(...FIELDS),
      fc.constantFrom('re', 're|i'),
      fc.constantFrom(
        '^p.ds$',
        'secrets?',
        'k{1,2}ube',
        'a|b',
        'delete.*x',
        '[ab]c+d',
        'pods(a|b)*',
        '(?i)SECRETS',
        '\\bpods',
      ),
    )
    .map(([field, modifier, source]) => [`${field}|${modifier}`, source] as const),
  fc
    .tuple(fc.constantFrom(...FIELDS), fc.constantFrom(...FIELDS))
    .map(([field, other]) => [`${field}|fieldref`, other] as const),
  fc.tuple(fc.constantFrom(...FIELDS), fc.boolean()).map(([field, there]) => [`${field}|exists`, there] as const),
  fc.constantFrom<readonly [string, unknown]>(
    ['sourceIPs|cidr', '10.0.0.0/8'],
    ['responseStatus.code|gte', 400],
    ['requestReceivedTimestamp|hour', 23],
  ),
);

const selection: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => Object.fromEntries(items)) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom('delete', 'kube-*', '403', 'K'), { minLength: 1, maxLength: 2 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(item, { minLength: 2, maxLength: 3 })
      .map((items) => items.map((one) => Object.fromEntries([one]))),
  },
);

const CONDITIONS = ['a', 'not a', 'a and b', 'a or b', 'a and not b', 'not a or not b', '1 of them', 'all of them'];

/** Rules about audit events, of all kinds of items; those that are refused are left out. */
export const auditRule: fc.Arbitrary<CompiledRule> = fc
  .record({ a: selection, b: selection, condition: fc.constantFrom(...CONDITIONS, '(a or b) and not (a and b)') })
  .map((detection) => {
    const source = `title: T\nlogsource: { product: kubernetes, service: audit }\ndetection: ${JSON.stringify(detection)}\n`;
    const result = compileRule(source);
    return result.ok ? result.rule : undefined;
  })
  .filter((rule) => rule !== undefined);

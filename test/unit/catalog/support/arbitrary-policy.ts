import fc from 'fast-check';
import { AUDIT_LEVELS, AUDIT_STAGES, type AuditPolicy, type AuditPolicyRule } from '../../../../src/catalog/index.ts';

/** Where the names of a policy's rules come from. */
export interface PolicyVocabulary {
  readonly users: readonly string[];
  readonly userGroups: readonly string[];
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly namespaces: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

const ANYTHING: PolicyVocabulary = {
  users: ['admin', 'system:anonymous', 'no', 'two words', 'a: b', '#'],
  userGroups: ['system:masters', 'null', '- a'],
  verbs: ['get', 'list', 'create'],
  groups: ['', '*', 'batch', 'rbac.authorization.k8s.io'],
  resources: ['pods', 'pods/*', '*/status', '*', 'pods/log'],
  resourceNames: ['a', '1', '1.0', 'true', '"quoted"'],
  namespaces: ['', 'default', 'kube-system'],
  nonResourceURLs: ['*', '/healthz', '/api*'],
};

/** Valid policies of a few rules, each of them about few things, over a small vocabulary, so that rules overlap. */
export function arbitraryPolicy(
  vocabulary: PolicyVocabulary = ANYTHING,
  { minRules = 1, maxRules = 8 } = {},
): fc.Arbitrary<AuditPolicy> {
  const rule = fc.oneof(
    { weight: 3, arbitrary: resourceRule(vocabulary) },
    { weight: 1, arbitrary: pathRule(vocabulary) },
    {
      weight: 1,
      arbitrary: common(vocabulary).map((base) => ({ ...base, resources: [], namespaces: [], nonResourceURLs: [] })),
    },
  );
  return fc
    .record({
      omitStages: stages(),
      omitManagedFields: fc.boolean(),
      rules: fc.array(rule, { minLength: minRules, maxLength: maxRules }),
    })
    .map((policy): AuditPolicy => ({ ...policy }));
}

function resourceRule(vocabulary: PolicyVocabulary): fc.Arbitrary<AuditPolicyRule> {
  const entry = fc.record({ group: fc.constantFrom(...vocabulary.groups), resources: few(vocabulary.resources, 1) });
  const named = fc.tuple(entry, few(vocabulary.resourceNames)).map(([of, resourceNames]) => ({ ...of, resourceNames }));
  const whole = entry.map(({ group }) => ({ group, resources: [], resourceNames: [] }));
  return fc
    .tuple(common(vocabulary), fc.array(fc.oneof(named, whole), { maxLength: 3 }), few(vocabulary.namespaces))
    .map(([base, resources, namespaces]) => ({ ...base, resources, namespaces, nonResourceURLs: [] }));
}

function pathRule(vocabulary: PolicyVocabulary): fc.Arbitrary<AuditPolicyRule> {
  return fc
    .tuple(common(vocabulary), few(vocabulary.nonResourceURLs, 1))
    .map(([base, nonResourceURLs]) => ({ ...base, resources: [], namespaces: [], nonResourceURLs }));
}

type Common = Omit<AuditPolicyRule, 'resources' | 'namespaces' | 'nonResourceURLs'>;

function common({ users, userGroups, verbs }: PolicyVocabulary): fc.Arbitrary<Common> {
  return fc
    .tuple(
      fc.record({
        level: fc.constantFrom(...AUDIT_LEVELS),
        users: few(users),
        userGroups: few(userGroups),
        verbs: few(verbs),
        omitStages: stages(),
      }),
      fc.option(fc.boolean(), { nil: undefined }),
    )
    .map(([base, omit]) => (omit === undefined ? base : { ...base, omitManagedFields: omit }));
}

/** Mostly no stage. */
function stages(): fc.Arbitrary<AuditPolicyRule['omitStages']> {
  return fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.subarray([...AUDIT_STAGES]) });
}

/** Mostly nothing, which constrains nothing. */
function few(values: readonly string[], minLength = 0): fc.Arbitrary<readonly string[]> {
  const some = fc.subarray([...values], { minLength: 1, maxLength: 3 });
  return minLength > 0 ? some : fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: some });
}

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { ApiRequests, type ControlPlane, startControlPlane } from '../../dev/control-plane/index.ts';
import { joinVersions, type ResourceList } from '../../dev/generate/discovery/discovered.ts';
import { type AuditEvent, decodeAuditLine, isLongRunning } from '../../src/audit/index.ts';
import {
  AUDIT_STAGES,
  type AuditPolicy,
  type AuditPolicyRule,
  BUILT_IN_RESOURCES,
  levelFor,
  type PolicyRequest,
  policyRequestOf,
  printAuditPolicy,
  smallestPolicy,
} from '../../src/catalog/index.ts';
import { type CompiledRule, compileRule, evaluate } from '../../src/sigma/index.ts';
import { arbitraryPolicy, type PolicyVocabulary } from '../unit/catalog/support/arbitrary-policy.ts';
import { type AuditedRequest, auditedRequests, GROUPS } from './support/audited-requests.ts';
import { eventually } from './support/eventually.ts';
import { triggers } from './support/rule-triggers.ts';

const VOCABULARY: PolicyVocabulary = {
  users: ['admin', 'alice', 'bob', 'system:anonymous', 'Admin'],
  userGroups: ['system:masters', 'developers', 'system:authenticated', 'system:unauthenticated'],
  verbs: ['get', 'list', 'create', 'patch', 'watch', 'delete', 'deletecollection', 'post'],
  groups: ['', '', 'batch', '*', 'no.such'],
  resources: [
    'configmaps',
    'pods',
    'pods/log',
    'pods/*',
    '*/status',
    '*',
    'cronjobs',
    'cronjobs/*',
    'namespaces',
    'widgets/status',
  ],
  resourceNames: ['a', 'b', '', 'default'],
  namespaces: ['', 'default', 'kube-system'],
  nonResourceURLs: ['*', '/healthz*', '/healthz', '/version', '/apis*'],
};

const CATCH_ALL: AuditPolicyRule = {
  level: 'Metadata',
  users: [],
  userGroups: [],
  verbs: [],
  resources: [],
  namespaces: [],
  nonResourceURLs: [],
  omitStages: [],
};

/** Out of many generated from a fixed seed those by which most rules decide. The last rule of every other one catches what is left. */
const POLICIES: readonly AuditPolicy[] = fc
  .sample(arbitraryPolicy(VOCABULARY, { minRules: 8, maxRules: 14 }), { seed: 20261124, numRuns: 200 })
  .toSorted((a, b) => decidingRules(b) - decidingRules(a))
  .slice(0, 4)
  .map((policy, i) => (i % 2 === 0 ? policy : { ...policy, rules: [...policy.rules, CATCH_ALL] }));

describe('audit policies on a real kube-apiserver', () => {
  let plane: ControlPlane;

  before(async () => {
    plane = await startControlPlane({
      controllerManager: false,
      users: [
        { name: 'alice', groups: ['developers'] },
        { name: 'bob', groups: ['people'] },
      ],
    });
    await withApi(plane, async (api) => {
      const metadata = { name: 'a' };
      await api.json({ method: 'POST', path: '/api/v1/namespaces/default/configmaps', body: { metadata } });
    });
  });
  after(() => plane.stop());

  it('serves the resources of the table', async () => {
    await withApi(plane, async (api) => {
      const { groups } = await api.json<{ groups: { versions: { groupVersion: string }[] }[] }>({ path: '/apis' });
      const versions = groups.flatMap((group) => group.versions.map(({ groupVersion }) => `/apis/${groupVersion}`));
      const lists = ['/api/v1', ...versions].map((path) => api.json<ResourceList>({ path }));
      assert.deepEqual(joinVersions(await Promise.all(lists)), BUILT_IN_RESOURCES);
    });
  });

  for (const [number, policy] of POLICIES.entries()) {
    it(`logs as policy ${number + 1} of ${POLICIES.length} says`, async () => {
      await plane.restartApiServer({ audit: { policy: { yaml: printAuditPolicy(policy) } } });
      const requests = auditedRequests().map((request, i) => ({ ...request, auditID: `policy-${number}-${i}` }));
      await sendAll(plane, requests);
      const expected = requests.map((request) => expectedOf(policy, request));
      const wanted = expected.reduce((sum, { stages }) => sum + stages.length, 0);
      const ids = new Set(requests.map(({ auditID }) => auditID));
      await eventually(() => assert.equal(eventsOf(plane, ids).length, wanted));
      // What is written at the end of the server's life is still missing.
      await plane.stopApiServer();
      const byRequest = Map.groupBy(eventsOf(plane, ids), ({ auditID }) => auditID ?? '');
      for (const [i, request] of requests.entries()) {
        const events = byRequest.get(request.auditID) ?? [];
        assert.deepEqual(observedOf(events), expected[i], `${request.as} ${request.method} ${request.path}`);
        for (const event of events) assert.deepEqual(policyRequestOf(event), policyRequest(request));
      }
    });
  }

  it('had every level and many rules decide', () => {
    const levels = POLICIES.flatMap((policy) =>
      auditedRequests().map((asked) => levelFor(policy, policyRequest(asked)).level),
    );
    assert.equal(new Set(levels).size, 4);
    for (const policy of POLICIES) assert.ok(decidingRules(policy) > 7);
  });

  const rules = kubernetesRules();
  const constrained = rules.filter(({ key }) => !/enumeration_activity|unauthorized/.test(key));
  for (const subjects of [rules, constrained]) {
    it(`lets ${subjects.length} public rules fire under the smallest policy for them`, async () => {
      const { policy, cannotFire } = smallestPolicy(subjects);
      assert.deepEqual(cannotFire, []);
      await plane.restartApiServer({ signal: 'SIGKILL', audit: { policy: { yaml: printAuditPolicy(policy) } } });
      const prefix = `smallest-${subjects.length}`;
      const ids = new Set(triggers().map((_, i) => `${prefix}-${i}`));
      await withApi(plane, async (api) => {
        for (const [i, trigger] of triggers().entries())
          await api.send({ ...trigger, headers: { ...trigger.headers, 'audit-id': `${prefix}-${i}` } });
      });
      await eventually(() => {
        const events = eventsOf(plane, ids);
        const silent = subjects.filter(({ rule }) => !events.some((event) => evaluate(rule.plan, event) === 'match'));
        assert.deepEqual(
          silent.map(({ title }) => title),
          [],
        );
      });
    });
  }
});

interface SentRequest extends AuditedRequest {
  readonly auditID: string;
}

async function withApi(plane: ControlPlane, use: (api: ApiRequests) => Promise<void>): Promise<void> {
  const api = new ApiRequests(plane);
  try {
    await use(api);
  } finally {
    await api.close();
  }
}

/** Watches last a second: side by side. kube-apiserver ends the HTTP/2 connection of whoever does not authenticate, so these have one each. */
async function sendAll(plane: ControlPlane, requests: readonly SentRequest[]): Promise<void> {
  const [own, shared] = [
    requests.filter(({ credentials }) => credentials !== 'user'),
    requests.filter(({ credentials }) => credentials === 'user'),
  ];
  await withApi(plane, async (api) => {
    await Promise.all(shared.map((request) => send(api, request)));
  });
  for (const request of own) await withApi(plane, (api) => send(api, request));
}

async function send(api: ApiRequests, { method, path, as, body, credentials, auditID }: SentRequest): Promise<void> {
  await api.send({
    ...(method === undefined ? {} : { method }),
    path,
    ...(credentials === 'user' && as !== undefined ? { as } : { token: 'nobody-has-this-token' }),
    ...(body === undefined ? {} : { body }),
    headers: { 'audit-id': auditID, ...(credentials === 'none' ? { authorization: '' } : {}) },
  });
}

/** How many rules of a policy, its default counted, decide about some request. */
function decidingRules(policy: AuditPolicy): number {
  return new Set(auditedRequests().map((request) => levelFor(policy, policyRequest(request)).rule)).size;
}

/** What is seen of a request in the log. */
interface Observed {
  readonly levels: readonly string[];
  readonly stages: readonly string[];
  /** Only of requests whose answer has managed fields to show. */
  readonly managedFields: boolean | undefined;
}

function expectedOf(policy: AuditPolicy, request: AuditedRequest): Observed {
  const { level, omitStages, omitManagedFields } = levelFor(policy, policyRequest(request));
  const stages =
    level === 'None' ? [] : stagesOf(request).filter((stage) => !omitStages.some((omitted) => omitted === stage));
  const shown = level === 'RequestResponse' && stages.includes('ResponseComplete') && showsManagedFields(request);
  return { levels: stages.length === 0 ? [] : [level], stages, managedFields: shown ? !omitManagedFields : undefined };
}

function stagesOf({ verb, resource, credentials }: AuditedRequest): readonly string[] {
  if (credentials === 'wrong') return ['ResponseStarted'];
  const event = { kind: 'Event', apiVersion: '', stage: '', verb } as const;
  const long = isLongRunning(resource === undefined ? event : { ...event, objectRef: resource });
  return AUDIT_STAGES.filter((stage) => stage !== 'Panic' && (stage !== 'ResponseStarted' || long));
}

function observedOf(events: readonly AuditEvent[]): Observed {
  const complete = events.find(({ stage }) => stage === 'ResponseComplete');
  const shows =
    complete?.level === 'RequestResponse' && complete.verb === 'get' && complete.objectRef?.resource === 'configmaps';
  return {
    levels: [...new Set(events.map(({ level = '' }) => level))],
    stages: AUDIT_STAGES.filter((stage) => events.some((event) => event.stage === stage)),
    managedFields:
      shows && complete.responseStatus?.code === 200 ? JSON.stringify(complete).includes('"managedFields"') : undefined,
  };
}

/** The ConfigMap that exists, read by somebody who may. */
function showsManagedFields({ verb, resource, as }: AuditedRequest): boolean {
  return verb === 'get' && resource?.resource === 'configmaps' && as === 'admin';
}

function policyRequest({ verb, resource, path, as = '', credentials }: AuditedRequest): PolicyRequest {
  const user = credentials === 'wrong' ? {} : { user: { name: as, groups: GROUPS[as] ?? [] } };
  return { ...user, verb, path: path.split('?')[0] ?? '', ...(resource === undefined ? {} : { resource }) };
}

function eventsOf(plane: ControlPlane, ids: ReadonlySet<string>): readonly AuditEvent[] {
  return readdirSync(plane.auditDirectory).flatMap((name) =>
    readFileSync(`${plane.auditDirectory}/${name}`)
      .toString()
      .split('\n')
      .flatMap((line) => {
        if (line === '') return [];
        const decoded = decodeAuditLine(Buffer.from(line));
        return decoded.kind === 'event' && ids.has(decoded.event.auditID ?? '') ? [decoded.event] : [];
      }),
  );
}

function kubernetesRules(): readonly { readonly key: string; readonly title: string; readonly rule: CompiledRule }[] {
  const folder = new URL('../data/sigma/kubernetes-rules/', import.meta.url);
  return readdirSync(folder).map((key) => {
    const result = compileRule(readFileSync(new URL(key, folder), 'utf8'));
    assert(result.ok);
    return { key, title: result.rule.document.title, rule: result.rule };
  });
}

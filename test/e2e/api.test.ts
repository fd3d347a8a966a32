import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Alert } from '../../src/api/alert.generated.ts';
import { cronJob } from './support/batch-objects.ts';
import { ROOT } from './support/bundle.ts';
import { SEED_RULE } from './support/counts.ts';
import { itWasDeniedNothing } from './support/denied-nothing.ts';
import { detectionRule, whenReady } from './support/detection-rule.ts';
import { eventually } from './support/eventually.ts';
import { TestCluster } from './support/test-cluster.ts';

const GROUP = 'detection.sigma-operator.dev';
const BASE = `/apis/${GROUP}/v1alpha1`;
const KINDS = ['alerts', 'auditsources', 'detectionfilters', 'detectionrules'] as const;

/** A part of an OpenAPI schema. */
interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
}

interface Crd {
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[] };
}

describe('the API', () => {
  let cluster: TestCluster;
  let alert: Alert;
  before(async () => {
    cluster = await TestCluster.start({ controllerManager: false });
    await cluster.startOperator();
    await cluster.plane.kubectl(['create', '-f', '-'], { as: 'alice', input: JSON.stringify(cronJob('nightly')) });
    await cluster.settled();
    const [first] = await cluster.alerts(SEED_RULE);
    alert = first ?? assert.fail('no Alert');
    await whenReady(cluster, SEED_RULE);
    await eventually(async () => assert.ok((await cluster.source('kube-apiserver')).status?.lastEvent));
  });
  after(() => cluster.stop());

  const sigma =
    'title: x\nlogsource: {product: kubernetes, service: audit}\ndetection: {s: {verb: create}, condition: s}';
  const source = (spec: object): object => ({
    apiVersion: `${GROUP}/v1alpha1`,
    kind: 'AuditSource',
    metadata: { name: 'refused' },
    spec: { file: { path: '/var/log/audit.log' }, ...spec },
  });

  const filter = (spec: object): object => ({
    apiVersion: `${GROUP}/v1alpha1`,
    kind: 'DetectionFilter',
    metadata: { name: 'refused' },
    spec: { owner: 'us', reason: 'known', sigma, ...spec },
  });
  const webhook = (fields: object, spec: object = {}): object => source({ file: undefined, webhook: fields, ...spec });

  describe('refuses', () => {
    const refused: readonly [title: string, manifest: object, error: RegExp][] = [
      ['a rule without a text', detectionRule('refused', '', { sigma: undefined }), /spec\.sigma: Required value/],
      ['a rule with an empty text', detectionRule('refused', ''), /spec\.sigma.* at least 1 chars long/],
      ['a rule over 64 KiB', detectionRule('refused', 'x'.repeat(65_537)), /spec\.sigma: Too long/],
      ['an unknown mode', detectionRule('refused', sigma, { mode: 'On' }), /supported values: "Enforce", "Off"/],
      [
        'an unknown severity',
        detectionRule('refused', sigma, { severity: 'urgent' }),
        /spec\.severity: Unsupported value/,
      ],
      [
        'an unknown outcome',
        detectionRule('refused', sigma, { outcome: ['Good'] }),
        /spec\.outcome\[0\]: Unsupported value/,
      ],
      ['no outcome at all', detectionRule('refused', sigma, { outcome: [] }), /spec\.outcome.* at least 1 items/],
      [
        'an outcome twice',
        detectionRule('refused', sigma, { outcome: ['Failed', 'Failed'] }),
        /Duplicate value: "Failed"/,
      ],
      [
        'an unknown treatment of dry runs',
        detectionRule('refused', sigma, { dryRun: 'Only' }),
        /spec\.dryRun: Unsupported value/,
      ],
      [
        'an unknown place for Events',
        detectionRule('refused', sigma, { alert: { events: 'All' } }),
        /spec\.alert\.events: Unsupported value/,
      ],
      ['an unknown field', detectionRule('refused', sigma, { enabled: true }), /unknown field "spec\.enabled"/],
      ['a filter without an owner', filter({ owner: undefined }), /spec\.owner: Required value/],
      ['a filter without a reason', filter({ reason: '' }), /spec\.reason.* at least 1 chars long/],
      ['a filter with an unknown effect', filter({ effect: 'Hide' }), /spec\.effect: Unsupported value/],
      ['a filter that expires at no time', filter({ expiresAt: 'soon' }), /spec\.expiresAt/],
      ['a source of nothing', source({ file: undefined }), /a source has either a file or a webhook/],
      ['a source of both', source({ webhook: {} }), /a source has either a file or a webhook/],
      [
        'a place to start at in what is delivered',
        webhook({}, { startAt: 'Beginning' }),
        /startAt is for files; what is delivered is read from its beginning/,
      ],
      ['a file as a backup', source({ backupFor: 'other' }), /only a source with a webhook can be a backup/],
      ['a backup of itself', webhook({}, { backupFor: 'refused' }), /a source cannot be the backup of itself/],
      ['an unknown format', webhook({ format: 'CSV' }), /spec\.webhook\.format: Unsupported value/],
      ['an unknown acknowledgement', webhook({ acknowledge: 'Never' }), /spec\.webhook\.acknowledge: Unsupported/],
      ['no client names at all', webhook({ clientNames: [] }), /clientNames.* at least 1 items/],
      ['a client name twice', webhook({ clientNames: ['a', 'a'] }), /Duplicate value: "a"/],
      ['a journal that is too small', webhook({ journal: { maxBytes: 1024 } }), /maxBytes.* greater than or equal to/],
      ['an age that is none', webhook({ journal: { maxAge: '1 week' } }), /spec\.webhook\.journal\.maxAge/],
      ['a relative path', source({ file: { path: 'audit.log' } }), /spec\.file\.path/],
      ['a directory', source({ file: { path: '/var/log/' } }), /spec\.file\.path/],
      [
        'a place to start at that is none',
        source({ startAt: 'Yesterday' }),
        /startAt is End, Beginning, or a time like/,
      ],
      [
        'a time without a zone',
        source({ startAt: '2026-01-31T08:00:00' }),
        /startAt is End, Beginning, or a time like/,
      ],
    ];
    for (const [title, manifest, error] of refused) {
      it(title, async () => {
        const input = JSON.stringify(manifest);
        const { code, stderr } = await cluster.plane.kubectl(['create', '--validate=strict', '-f', '-'], {
          input,
          allowFailure: true,
        });
        assert.equal(code, 1);
        assert.match(stderr, error);
      });
    }

    it('another path for a source', async () => {
      const body = { spec: { file: { path: '/elsewhere.log' } } };
      const { code, text } = await cluster.api.send({
        method: 'PATCH',
        path: `${BASE}/auditsources/kube-apiserver`,
        body,
      });
      assert.equal(code, 422);
      assert.match(
        text,
        /a source's path cannot be changed, because positions belong to it; create another AuditSource/,
      );
    });

    it('another kind of source', async () => {
      const body = { spec: { file: null, webhook: {} } };
      const path = `${BASE}/auditsources/kube-apiserver`;
      const { code, text } = await cluster.api.send({ method: 'PATCH', path, body });
      assert.equal(code, 422);
      assert.match(
        text,
        /a source's kind cannot be changed, because positions belong to it; create another AuditSource/,
      );
    });

    it('a change of a finding', async () => {
      const path = `${BASE}/alerts/${alert.metadata.name}`;
      for (const finding of [
        { actor: 'mallory' },
        { impersonated: 'mallory' },
        { rule: { author: null } },
        { severity: 'low' },
      ]) {
        const { code, text } = await cluster.api.send({ method: 'PATCH', path, body: { finding } });
        assert.equal(code, 422);
        assert.match(text, /a finding is evidence and cannot be changed/);
      }
    });
  });

  it('accepts what its documentation promises', async () => {
    const accepted = [
      detectionRule('accepted', 'x'.repeat(65_536)),
      detectionRule('accepted', sigma, {
        outcome: ['Allowed', 'Denied', 'Failed', 'Unknown'],
        dryRun: 'Include',
        mode: 'Off',
      }),
      source({ startAt: 'Beginning' }),
      source({ startAt: '2026-01-31T08:00:00Z' }),
      source({ startAt: '2026-01-31T08:00:00.123456+01:00', cluster: 'production' }),
      webhook({}),
      webhook(
        {
          acknowledge: 'Consumed',
          clientNames: ['kube-apiserver'],
          format: 'EKS',
          journal: { maxBytes: 2 ** 28, maxAge: '12h' },
        },
        { backupFor: 'kube-apiserver', cluster: 'production' },
      ),
    ];
    for (const manifest of accepted) await cluster.apply(manifest, 'admin', '--dry-run=server', '--validate=strict');
  });

  it('keeps finding and status apart: each is written through its own door', async () => {
    const path = `${BASE}/alerts/${alert.metadata.name}`;
    const changes = { finding: { actor: 'mallory' }, status: { count: 1000 } };
    const body = { ...changes, metadata: { labels: { mine: 'yes' } } };
    assert.equal(
      (await cluster.api.send({ method: 'PATCH', path: `${path}/status`, body: { ...body, status: {} } })).code,
      200,
    );
    const { finding, ...count } = changes;
    assert.equal((await cluster.api.send({ method: 'PATCH', path, body: count })).code, 200);
    assert.equal((await cluster.api.send({ method: 'PATCH', path, body: { metadata: body.metadata } })).code, 403);
    const now = await cluster.api.json<Alert>({ path });
    assert.deepEqual(now.finding, alert.finding);
    assert.notEqual(now.finding.actor, finding.actor);
    assert.deepEqual(now.status, alert.status);
  });

  it('describes every field, so that kubectl explain teaches', async () => {
    const silent: string[] = [];
    for (const kind of KINDS) {
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${kind}.${GROUP}`;
      const { spec } = await cluster.api.json<Crd>({ path });
      for (const { schema } of spec.versions) {
        const { apiVersion: _, kind: __, metadata: ___, ...ours } = schema.openAPIV3Schema.properties ?? {};
        silent.push(...undescribed({ ...schema.openAPIV3Schema, properties: ours }, kind));
      }
    }
    assert.deepEqual(silent, []);
    const { stdout } = await cluster.kubectl('explain detectionrule.spec');
    for (const field of ['alert', 'dryRun', 'mode', 'outcome', 'severity', 'sigma']) {
      assert.match(stdout, new RegExp(`^ {2}${field}\\t<\\S+>.*\\n(?: {2}enum: .*\\n)?    \\w`, 'm'));
    }
  });

  const columns: readonly [command: string, headers: string][] = [
    ['alerts', 'NAME SEVERITY RULE OPERATION TARGET ACTOR AS OUTCOME COUNT STATE LAST SEEN'],
    [
      'alerts -o wide',
      'NAME SEVERITY RULE OPERATION TARGET ACTOR AS OUTCOME COUNT STATE LAST SEEN CLUSTER FROM UNDETERMINED',
    ],
    ['detectionrules', 'NAME TITLE SEVERITY MODE ACCEPTED READY OBSERVABLE MATCHES LAST MATCH AGE'],
    [
      'drule -o wide',
      'NAME TITLE SEVERITY MODE ACCEPTED READY OBSERVABLE MATCHES LAST MATCH FILTERED REASON SIGMA ID AUTHOR AGE',
    ],
    ['detectionfilters', 'NAME TITLE OWNER READY EFFECTIVE RULES SUPPRESSED LAST SUPPRESSED EXPIRES AGE'],
    ['auditsources', 'NAME CLUSTER PATH READY RECEIVING COMPLETE EVENTS LAST EVENT AGE'],
    ['asrc -o wide', 'NAME CLUSTER PATH READY RECEIVING COMPLETE EVENTS LAST EVENT REASON AGE'],
  ];
  for (const [command, headers] of columns) {
    it(`prints the columns of kubectl get ${command}`, async () => {
      const { stdout } = await cluster.kubectl(`get ${command}`);
      assert.equal(stdout.split('\n')[0]?.replaceAll(/ +/g, ' ').trim(), headers);
    });
  }

  it('fills the columns', async () => {
    const row = async (command: string): Promise<string> =>
      (await cluster.kubectl(`get ${command} --no-headers`)).stdout;
    assert.match(
      await row(`alert ${alert.metadata.name} -o wide`),
      /^\S+ +medium +Kubernetes CronJob\/Job Modification +create +cronjobs\.batch default\/nightly +alice +Allowed +1 +Open +\d+s +127\.0\.0\.1.*kubectl.*\n$/,
    );
    const rule =
      /^\S+ +Kubernetes CronJob\/Job Modification +medium +Enforce +True +True +(?:True|Unknown) +1 +\d+s +\d+s\n$/;
    await eventually(async () => assert.match(await row(`drule ${SEED_RULE}`), rule));
    assert.match(await row('asrc kube-apiserver'), /^\S+ +\/\S+audit\.log +True +True +True +\d+ +\d+s +\d+s\n$/);
  });

  it('has one category for everything: kubectl get detections', async () => {
    const { stdout } = await cluster.kubectl('get detections -o name');
    for (const kind of KINDS) assert.match(stdout, new RegExp(`^${kind.slice(0, -1)}\\.${GROUP}/`, 'm'));
  });

  it('accepts everything in manifests/ and in the documentation, strictly', async () => {
    const strictly = ['apply', '--dry-run=server', '--validate=strict'];
    const workloads: Readonly<Record<string, readonly string[]>> = {
      'control-plane': ['daemonset.apps/sigma-operator'],
      'control-plane-and-webhook': ['daemonset.apps/sigma-operator', 'statefulset.apps/sigma-operator-receiver'],
      webhook: ['statefulset.apps/sigma-operator-receiver'],
    };
    assert.deepEqual(readdirSync(join(ROOT, 'manifests/overlays')).sort(), Object.keys(workloads).sort());
    for (const [overlay, created] of Object.entries(workloads)) {
      const rendered = await cluster.kubectl(['kustomize', join(ROOT, 'manifests/overlays', overlay)]);
      // A source's path cannot be changed, and the one of this name is there already.
      const input = rendered.stdout.replace('/var/log/kubernetes/audit/audit.log', cluster.plane.auditLog);
      const { stdout } = await cluster.plane.kubectl([...strictly, '-f', '-'], { input });
      for (const workload of created) assert.ok(stdout.includes(`${workload} created (server dry run)`), stdout);
    }
    for (const file of [
      'README.md',
      'docs/write-a-rule.md',
      'docs/roll-out.md',
      'docs/operate.md',
      'docs/receive-by-webhook.md',
      'docs/tune-noise.md',
    ]) {
      const blocks = readFileSync(join(ROOT, file), 'utf8').matchAll(/^```yaml\n(.*?)^```$/gms);
      for (const [, input = ''] of blocks) {
        if (input.startsWith(`apiVersion: ${GROUP}/`)) await cluster.plane.kubectl([...strictly, '-f', '-'], { input });
      }
    }
  });

  it('leaves Alerts alone when rules are pruned: they belong to nobody, and carry no label of the rule', async () => {
    assert.equal(alert.metadata.labels, undefined);
    assert.ok(!('ownerReferences' in alert.metadata));
    const kinds = ['Alert', 'DetectionRule'].map((kind) => `--prune-allowlist=${GROUP}/v1alpha1/${kind}`);
    const input =
      'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: sigma-operator\n  namespace: sigma-operator\n  labels: {app.kubernetes.io/name: sigma-operator}\n';
    const prune = ['apply', '--prune', '--selector=app.kubernetes.io/name=sigma-operator', ...kinds, '-f', '-'];
    const { stdout } = await cluster.plane.kubectl(prune, { input });
    assert.match(stdout, new RegExp(`detectionrule\\.${GROUP.replaceAll('.', '\\.')}/${SEED_RULE} pruned`));
    assert.equal((await cluster.alerts(SEED_RULE)).length, 1);
  });

  itWasDeniedNothing(() => cluster);
});

/** Paths of fields without a description. */
function undescribed(schema: Schema, path: string): readonly string[] {
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    undescribed(field, `${path}.${name}`),
  );
  const nested = [schema.items, schema.additionalProperties].flatMap((each) =>
    each?.properties === undefined ? [] : undescribed({ description: 'of the list', ...each }, `${path}[]`),
  );
  const own = schema.description === undefined || schema.description.length < 8 ? [path] : [];
  return [...own, ...fields, ...nested];
}

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { knownPolicy } from '../../../src/cli/policy/known-policy.ts';
import { FakeApiServer, type Fault } from '../kube/fake-api-server.ts';
import { testFolder } from './files.ts';
import { testTerminal } from './terminal.ts';

const METADATA = 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n';
const NOTHING = METADATA.replace('Metadata', 'None');

describe('the audit policy of a cluster', () => {
  const folder = testFolder();
  let server: FakeApiServer;
  beforeEach(async () => {
    server = await FakeApiServer.start();
  });
  afterEach(() => server.stop());

  /** The level of the only rule of what is known, and what is said about it. */
  async function known(
    policies: readonly (string | undefined)[],
    options: { readonly policy?: string; readonly fault?: Fault; readonly cluster?: boolean } = {},
  ): Promise<{ readonly level: string | undefined; readonly stderr: string }> {
    const { policy, fault, cluster = true } = options;
    for (const [i, text] of policies.entries())
      server.put('auditsources', {
        metadata: { name: `source-${i}` },
        spec: text === undefined ? {} : { policy: text },
      });
    server.fault = () => fault;
    const user = { name: 'x', user: {} };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'x', cluster: { server: server.url, 'insecure-skip-tls-verify': true } }],
      users: [user],
      contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
      'current-context': 'x',
    };
    folder.write({ kubeconfig: JSON.stringify(config), 'policy.yaml': NOTHING });
    const terminal = testTerminal();
    const kubeconfig = join(folder.path, 'kubeconfig');
    const file = policy === undefined ? undefined : join(folder.path, policy);
    const found = await knownPolicy({ rules: [], cluster, kubeconfig, policy: file }, terminal.err);
    return { level: found?.rules[0]?.level, stderr: terminal.stderr() };
  }

  it('is what the AuditSources state, where they agree', async () => {
    assert.deepEqual(await known([METADATA, undefined, METADATA]), { level: 'Metadata', stderr: '' });
  });

  it('is unknown where none of them states one, or no cluster is asked', async () => {
    assert.deepEqual(await known([undefined]), { level: undefined, stderr: '' });
    assert.deepEqual(await known([METADATA], { cluster: false }), { level: undefined, stderr: '' });
  });

  it('is that of a file where one is given, and the cluster is not asked', async () => {
    assert.deepEqual(await known([METADATA], { policy: 'policy.yaml' }), { level: 'None', stderr: '' });
    assert.deepEqual(server.requests, []);
  });

  const unclear: readonly {
    readonly title: string;
    readonly policies: readonly string[];
    readonly fault?: Fault;
    readonly says: RegExp;
  }[] = [
    { title: 'AuditSources state several', policies: [METADATA, NOTHING], says: /different audit policies/ },
    {
      title: 'kube-apiserver would refuse it',
      policies: ['rules: 1\n'],
      says: /refused; its condition PolicyRead says why/,
    },
    {
      title: 'AuditSources may not be seen',
      policies: [METADATA],
      fault: { code: 403 },
      says: /^error ClusterNotRead: .*\n {2}\S/,
    },
  ];
  for (const { title, policies, fault, says } of unclear) {
    it(`is unknown, and that is said, where ${title}`, async () => {
      const { level, stderr } = await known(policies, fault === undefined ? {} : { fault });
      assert.equal(level, undefined);
      assert.match(stderr, says);
    });
  }
});

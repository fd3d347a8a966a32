import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { type AuditPolicy, auditFlags, auditPolicyText } from '../../../dev/control-plane/audit-options.ts';

const POLICY = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Request' }] } as const;
const DEFAULT_FILE = new URL('../../../dev/control-plane/audit-policy.yaml', import.meta.url);

describe('an audit policy', () => {
  const cases: readonly { name: string; policy: AuditPolicy | undefined; level: string }[] = [
    { name: 'by default logs everything at Metadata', policy: undefined, level: 'Metadata' },
    { name: 'may be an object', policy: POLICY, level: 'Request' },
    { name: 'may be YAML text', policy: { yaml: 'rules: [{level: RequestResponse}]' }, level: 'RequestResponse' },
    { name: 'may be in a file', policy: { file: fileURLToPath(DEFAULT_FILE) }, level: 'Metadata' },
  ];
  for (const { name, policy, level } of cases) {
    it(name, () => {
      const parsed: unknown = load(auditPolicyText(policy));
      assert.ok(typeof parsed === 'object' && parsed !== null && 'rules' in parsed && Array.isArray(parsed.rules));
      assert.equal(parsed.rules.at(-1).level, level);
    });
  }
});

describe('audit options', () => {
  it('leave kube-apiserver its defaults', () =>
    assert.deepEqual(auditFlags({ policy: POLICY, directory: '/logs' }), []));

  it('become flags', () => {
    const webhook = { kubeconfig: '/w', batchMaxWait: '1s', batchMaxSize: 5 };
    assert.deepEqual(auditFlags({ maxSize: 1, maxBackups: 0, compress: false, webhook }), [
      '--audit-log-maxsize=1',
      '--audit-log-maxbackup=0',
      '--audit-log-compress=false',
      '--audit-webhook-config-file=/w',
      '--audit-webhook-batch-max-wait=1s',
      '--audit-webhook-batch-max-size=5',
    ]);
  });
});

import assert from 'node:assert/strict';
import type { AuditSource } from '../../../src/api/audit-source.generated.ts';
import { fileRole, logOf, receiverRole } from '../../../src/controllers/audit-source/source-role.ts';

const of = (spec: AuditSource['spec']): AuditSource => ({
  apiVersion: 'detection.sigma-operator.dev/v1alpha1',
  kind: 'AuditSource',
  metadata: { name: 'main' },
  spec,
});

describe('the role of a replica', () => {
  const file = of({ file: { path: '/audit.log' }, startAt: 'Beginning' });
  const webhook = of({ webhook: {} });
  const receiver = receiverRole({ journals: '/state/journals', tokensDir: '/tokens' });

  it('is to read files, or what is delivered, and never both', () => {
    assert.deepEqual(fileRole('one').spec(file), { kind: 'file', path: '/audit.log', startAt: 'Beginning' });
    assert.equal(fileRole('one').spec(webhook), undefined);
    assert.equal(receiver.spec(file), undefined);
    assert.deepEqual(receiver.spec(webhook), {
      kind: 'webhook',
      name: 'main',
      journals: '/state/journals',
      limits: { bytes: 1024 ** 3, age: 7 * 24 * 3600 * 1000 },
      format: 'Auto',
      tokenFile: '/tokens/main',
      clientNames: undefined,
      acknowledge: 'Synced',
      isBackup: false,
    });
  });

  it('takes over what the source says', () => {
    const spec = receiver.spec(
      of({
        webhook: {
          acknowledge: 'Consumed',
          clientNames: ['kube-apiserver'],
          format: 'EKS',
          journal: { maxBytes: 2 ** 28, maxAge: '12h' },
        },
        backupFor: 'kube-apiserver',
      }),
    );
    assert.deepEqual(spec, {
      kind: 'webhook',
      name: 'main',
      journals: '/state/journals',
      limits: { bytes: 2 ** 28, age: 12 * 3600 * 1000 },
      format: 'EKS',
      tokenFile: '/tokens/main',
      clientNames: ['kube-apiserver'],
      acknowledge: 'Consumed',
      isBackup: true,
    });
  });

  it('does not take positions of one log for those of another', () => {
    const logs = [fileRole('one').spec(file), receiver.spec(webhook)].map((spec) => spec && logOf(spec));
    assert.deepEqual(logs, ['/audit.log', 'webhook']);
  });
});

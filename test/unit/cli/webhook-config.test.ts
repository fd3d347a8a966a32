import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { CommandFailure } from '../../../src/cli/failure.ts';
import { runWebhookConfig, type WebhookConfigFlags } from '../../../src/cli/webhook-config/run-webhook-config.ts';
import { testTerminal } from './terminal.ts';

const FLAGS: WebhookConfigFlags = {
  server: 'https://10.96.0.50:8443',
  source: 'webhook',
  apiServer: 'cp-1',
  directory: '/etc/kubernetes/sigma-operator',
  authenticate: 'token',
  format: 'yaml',
};

function printed(flags: Partial<WebhookConfigFlags>): string {
  const terminal = testTerminal();
  assert.equal(runWebhookConfig({ ...FLAGS, ...flags }, terminal), 0);
  return terminal.stdout();
}

describe('webhook-config', () => {
  it('prints a file that is the kubeconfig, with the flags in its comments', () => {
    const text = printed({});
    assert.deepEqual(load(text), {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'sigma-operator',
          cluster: {
            server: 'https://10.96.0.50:8443/audit/webhook/cp-1',
            'certificate-authority': '/etc/kubernetes/sigma-operator/ca.crt',
          },
        },
      ],
      users: [{ name: 'sigma-operator', user: { tokenFile: '/etc/kubernetes/sigma-operator/token' } }],
      contexts: [{ name: 'sigma-operator', context: { cluster: 'sigma-operator', user: 'sigma-operator' } }],
      'current-context': 'sigma-operator',
    });
    for (const flag of printed({ format: 'flags' }).trimEnd().split('\n')) {
      assert.match(text, new RegExp(`^# {3}${flag} +\\S`, 'm'));
    }
  });

  it('prints flags alone, one a line, those that keep events below our limit included', () => {
    const flags = printed({ format: 'flags' }).trimEnd().split('\n');
    assert.equal(flags[0], '--audit-webhook-config-file=/etc/kubernetes/sigma-operator/webhook.yaml');
    assert.ok(flags.includes('--audit-webhook-truncate-enabled=true'));
    assert.ok(flags.every((flag) => /^--audit-webhook-[a-z-]+=\S+$/.test(flag)));
  });

  it('names a client certificate where that is how the API server authenticates', () => {
    const { kubeconfig } = JSON.parse(printed({ format: 'json', authenticate: 'certificate', directory: '/etc/a' }));
    assert.deepEqual(kubeconfig.users[0].user, {
      'client-certificate': '/etc/a/tls.crt',
      'client-key': '/etc/a/tls.key',
    });
  });

  const wrong: readonly Partial<WebhookConfigFlags>[] = [
    { server: 'http://10.96.0.50' },
    { server: 'https://10.96.0.50/audit/webhook' },
    { server: 'https://a?token=secret' },
    { source: 'Not_A_Name' },
    { apiServer: 'a/b' },
    { directory: 'relative' },
    { directory: '/etc/a b' },
  ];
  for (const flags of wrong) {
    it(`refuses ${JSON.stringify(flags)}`, () => {
      assert.throws(
        () => printed(flags),
        (error) => error instanceof CommandFailure && error.code === 'InvalidWebhook',
      );
    });
  }
});

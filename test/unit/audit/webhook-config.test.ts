import assert from 'node:assert/strict';
import { type WebhookConfigOptions, webhookConfig } from '../../../src/audit/index.ts';

const OPTIONS: WebhookConfigOptions = {
  server: 'https://sigma-operator.sigma-operator.svc:8443',
  source: 'prod',
  caFile: '/etc/kubernetes/sigma/ca.crt',
  credentials: { tokenFile: '/etc/kubernetes/sigma/token' },
  configFile: '/etc/kubernetes/sigma/webhook.yaml',
};

describe('webhook configuration', () => {
  it('is a kubeconfig that names files, and holds no secret', () => {
    assert.deepEqual(webhookConfig(OPTIONS).kubeconfig, {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'sigma-operator',
          cluster: {
            server: 'https://sigma-operator.sigma-operator.svc:8443/audit/prod',
            'certificate-authority': '/etc/kubernetes/sigma/ca.crt',
          },
        },
      ],
      users: [{ name: 'sigma-operator', user: { tokenFile: '/etc/kubernetes/sigma/token' } }],
      contexts: [{ name: 'sigma-operator', context: { cluster: 'sigma-operator', user: 'sigma-operator' } }],
      'current-context': 'sigma-operator',
    });
  });

  it('says which API server it is, and with which certificate it comes', () => {
    const credentials = { certFile: '/c.crt', keyFile: '/c.key' };
    const text = JSON.stringify(webhookConfig({ ...OPTIONS, origin: 'cp-1', credentials }).kubeconfig);
    assert.ok(text.includes('/audit/prod/cp-1"'));
    assert.ok(text.includes('"client-certificate":"/c.crt","client-key":"/c.key"'));
  });

  it('keeps events below the limit over which bodies are left out', () => {
    const flags = new Map(webhookConfig(OPTIONS).flags.map(({ name, value }) => [name, value]));
    assert.equal(flags.get('audit-webhook-config-file'), OPTIONS.configFile);
    assert.equal(flags.get('audit-webhook-truncate-enabled'), 'true');
    assert.ok(Number(flags.get('audit-webhook-truncate-max-event-size')) < 16 * 1024 * 1024);
  });

  const wrong: readonly Partial<WebhookConfigOptions>[] = [
    { server: 'http://a' },
    { server: 'https://a/b' },
    { server: 'https://a?token=b' },
    { server: 'https://user:password@a' },
    { server: 'a' },
    { source: 'A' },
    { source: 'a/b' },
    { source: '' },
    { origin: '../a' },
  ];
  for (const options of wrong) {
    it(`is not made of ${JSON.stringify(options)}`, () =>
      assert.throws(() => webhookConfig({ ...OPTIONS, ...options }), /is not https|not the name/));
  }
});

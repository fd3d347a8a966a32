import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { ControlPlaneError } from '../../../dev/control-plane/index.ts';
import { KubeconfigStore } from '../../../dev/control-plane/kubeconfig-store.ts';
import { createLayout } from '../../../dev/control-plane/layout.ts';
import { withTokens } from '../../../dev/control-plane/users.ts';

describe('kubeconfig files', () => {
  let root: string;
  let store: KubeconfigStore;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sigma-operator-kubeconfig-'));
    const layout = createLayout(root);
    writeFileSync(layout.certificateAuthority, 'PEM');
    store = new KubeconfigStore(layout, 'https://127.0.0.1:20001', withTokens([{ name: 'team/../x y', token: 't' }]));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('are understood by clients, and readable by their owner alone', () => {
    const path = store.path('team/../x y');
    const config = new KubeConfig();
    config.loadFromFile(path);
    assert.equal(config.getCurrentCluster()?.server, 'https://127.0.0.1:20001');
    assert.equal(config.getCurrentCluster()?.caData, Buffer.from('PEM').toString('base64'));
    assert.equal(config.getCurrentUser()?.token, 't');
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('stay in their folder, whatever the user’s name', () => {
    assert.match(
      store.path('team/../x y'),
      new RegExp(`^${root}/kubeconfigs/team-\\.\\.-x-y-[0-9a-f]{8}\\.kubeconfig$`),
    );
  });

  it('are written once per identity', () => {
    assert.equal(store.path('admin'), store.path('admin'));
    assert.notEqual(store.path({ token: 'a' }), store.path({ token: 'b' }));
    assert.ok(!basename(store.path({ token: 'secret' })).includes('secret'));
    assert.match(readFileSync(store.path({ token: 'secret' }), 'utf8'), /"token": "secret"/);
  });

  it('are not made for a user that does not exist', () => {
    assert.throws(
      () => store.path('mallory'),
      (error) =>
        error instanceof ControlPlaneError && error.code === 'UnknownUser' && /now: admin,/.test(error.message),
    );
  });
});

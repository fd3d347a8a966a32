import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiServerFlags, controllerManagerFlags, etcdFlags } from '../../../dev/control-plane/component-flags.ts';
import { createLayout, type Layout } from '../../../dev/control-plane/layout.ts';

const PORTS = { apiServer: 20_001, etcdClients: 20_002, etcdPeers: 20_003 };

describe('the command lines of the components', () => {
  let root: string;
  let layout: Layout;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sigma-operator-flags-'));
    layout = createLayout(root);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('name no address but loopback, and no path outside the directory', () => {
    const flags = [
      ...etcdFlags(layout, PORTS),
      ...apiServerFlags(layout, PORTS, {}, []),
      ...controllerManagerFlags(layout, join(root, 'kubeconfig'), []),
    ];
    for (const flag of flags) {
      const value = flag.slice(flag.lastIndexOf('=') + 1);
      if (value.startsWith('/')) {
        assert.ok(value.startsWith(`${root}/`), flag);
      }
      if (/^--(listen|advertise|initial-advertise|bind|etcd-servers)/.test(flag)) {
        assert.match(value, /^(http:\/\/)?127\.0\.0\.1(:\d+)?$/, flag);
      }
    }
  });

  it('end with the flags of the caller, so that these win', () => {
    assert.equal(apiServerFlags(layout, PORTS, {}, ['--v=4']).at(-1), '--v=4');
  });

  it('put the audit log where it is wanted', () => {
    const elsewhere = createLayout(root, join(root, 'kept', 'audit'));
    assert.ok(apiServerFlags(elsewhere, PORTS, {}, []).includes(`--audit-log-path=${root}/kept/audit/audit.log`));
  });
});

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findInstalled, versionFlags } from '../../../dev/control-plane/binaries.ts';

describe('programs of the machine', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sigma-operator-binaries-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const cases: readonly { name: string; assets: string[]; onPath: string[]; found: Record<string, string> }[] = [
    { name: 'none', assets: [], onPath: [], found: {} },
    { name: 'a kubectl on the PATH alone', assets: [], onPath: ['kubectl'], found: {} },
    { name: 'assets without kube-apiserver', assets: ['etcd', 'kubectl'], onPath: ['kubectl'], found: {} },
    {
      name: 'assets alone',
      assets: ['etcd', 'kube-apiserver'],
      onPath: [],
      found: { etcd: 'assets', 'kube-apiserver': 'assets' },
    },
    {
      name: 'assets, and a kubectl on the PATH',
      assets: ['etcd', 'kube-apiserver'],
      onPath: ['kubectl', 'etcd'],
      found: { etcd: 'assets', 'kube-apiserver': 'assets', kubectl: 'path' },
    },
    {
      name: 'complete assets',
      assets: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'],
      onPath: ['kubectl'],
      found: { etcd: 'assets', 'kube-apiserver': 'assets', 'kube-controller-manager': 'assets', kubectl: 'assets' },
    },
  ];
  for (const { name, assets, onPath, found } of cases) {
    it(name, () => {
      for (const [folder, programs] of [
        ['assets', assets],
        ['path', onPath],
      ] as const) {
        mkdirSync(join(root, folder));
        for (const program of programs) {
          writeFileSync(join(root, folder, program), '#!/bin/sh\n');
          chmodSync(join(root, folder, program), 0o755);
        }
      }
      const env = { KUBEBUILDER_ASSETS: join(root, 'assets'), PATH: `/nowhere:${join(root, 'path')}` };
      const expected = Object.entries(found).map(([program, folder]) => [program, join(root, folder, program)]);
      assert.deepEqual(Object.fromEntries(findInstalled(env)), Object.fromEntries(expected));
    });
  }

  it('are not looked for without KUBEBUILDER_ASSETS', () => {
    assert.equal(findInstalled({ PATH: process.env['PATH'] }).size, 0);
  });
});

describe('the version that is built in', () => {
  it('is the one that go.mod pins', () => {
    const goMod = readFileSync(new URL('../../../dev/control-plane/go.mod', import.meta.url), 'utf8');
    const flags = versionFlags(goMod);
    assert.ok(flags.includes('-X=k8s.io/component-base/version.gitVersion=v1.37.2'));
    assert.ok(flags.includes('-X=k8s.io/client-go/pkg/version.gitMinor=37'));
  });

  it('must be there', () => {
    assert.throws(() => versionFlags('module example.com/none\n'), /does not require k8s\.io\/kubernetes/);
  });
});

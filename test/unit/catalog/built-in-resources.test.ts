import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { BUILT_IN_RESOURCES, KUBERNETES_VERSION } from '../../../src/catalog/index.ts';

describe('the table of built-in resources', () => {
  it('is from the kube-apiserver that the control plane runs', () => {
    const modules = readFileSync(new URL('../../../dev/control-plane/go.mod', import.meta.url), 'utf8');
    const [, version] = /k8s\.io\/kubernetes v(\S+)/.exec(modules) ?? [];
    assert.equal(KUBERNETES_VERSION, version, 'run dev/generate/discovery/main.ts');
  });

  it('has every resource once, subresources under resources', () => {
    const paths = BUILT_IN_RESOURCES.map(
      ({ apiGroup, resource, subresource }) => `${apiGroup}/${resource}/${subresource}`,
    );
    assert.equal(new Set(paths).size, paths.length);
    assert.ok(paths.includes('batch/cronjobs/status') && paths.includes('/pods/exec') && paths.includes('/secrets/'));
  });
});

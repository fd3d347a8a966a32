import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectlEnvironment, writeKubectlScript } from '../../../dev/control-plane/kubectl-script.ts';

describe('the kubectl for people', () => {
  it('needs neither flags nor variables, passes its arguments on, and survives odd paths', () => {
    const root = mkdtempSync(join(tmpdir(), 'sigma-operator-kubectl-'));
    try {
      const odd = join(root, "it's $HOME here");
      mkdirSync(odd);
      const binary = join(odd, 'kubectl');
      writeFileSync(binary, '#!/bin/sh\necho "$KUBECONFIG|$KUBECACHEDIR|$KUBERC|$1|$2"\n');
      chmodSync(binary, 0o755);
      const path = writeKubectlScript(root, binary, kubectlEnvironment(join(odd, 'config'), join(odd, 'cache')));
      const env = { ...process.env, KUBECONFIG: '/another/cluster' };
      const output = execFileSync(path, ['get', 'a  b'], { env, encoding: 'utf8' });
      assert.equal(output, `${odd}/config|${odd}/cache|off|get|a  b\n`);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

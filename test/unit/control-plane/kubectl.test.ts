import assert from 'node:assert/strict';
import { ControlPlaneError } from '../../../dev/control-plane/index.ts';
import { type KubectlCommand, kubectlFailed, runKubectl } from '../../../dev/control-plane/kubectl.ts';

/** A shell stands in for kubectl. */
function shell(script: string, rest: Partial<KubectlCommand> = {}): KubectlCommand {
  return { binary: 'sh', args: ['-c', script], kubeconfig: '/k', cacheDirectory: '/c', ...rest };
}

describe('a run of kubectl', () => {
  it('resolves with exit code and output', async () => {
    const result = await runKubectl(shell('echo out; echo err >&2; exit 3'), () => {});
    assert.deepEqual(result, { code: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  it('reads its input, or may leave it', async () => {
    assert.equal((await runKubectl(shell('cat', { input: 'hello' }), () => {})).stdout, 'hello');
    assert.equal((await runKubectl(shell('exit 0', { input: 'x'.repeat(1_000_000) }), () => {})).code, 0);
    assert.equal((await runKubectl(shell('cat'), () => {})).stdout, '');
  });

  it('uses nothing of the person’s own configuration', async () => {
    const command = shell('echo $KUBECONFIG $KUBECACHEDIR $KUBERC $EXTRA', { env: { EXTRA: 'more' } });
    assert.equal((await runKubectl(command, () => {})).stdout, '/k /c off more\n');
  });

  it('that is killed has a shell’s exit code', async () => {
    assert.equal((await runKubectl(shell('kill -KILL $$'), () => {})).code, 137);
  });

  it('ends and rejects when it is aborted', async () => {
    const controller = new AbortController();
    const running = runKubectl(shell('exec sleep 60', { signal: controller.signal }), () => controller.abort());
    await assert.rejects(running, { name: 'AbortError' });
  });

  it('that failed is reported with command, output and what else is known', () => {
    const error = kubectlFailed(['get', 'pods'], { code: 1, stdout: '', stderr: 'refused\n' }, 'etcd ended');
    assert.ok(error instanceof ControlPlaneError);
    assert.match(error.message, /^kubectl get pods ended with code 1:\nrefused\netcd ended\n/);
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RequestContext } from '@kubernetes/client-node';
import { KubeConfigError, loadKubeConfig, type PooledKubeConfig } from '../../../src/kube/index.ts';

const KUBECONFIG = `
apiVersion: v1
kind: Config
current-context: one
clusters:
- name: c
  cluster: {server: "https://one.test", certificate-authority: ca.crt}
- name: empty
  cluster: {}
users:
- name: u
  user: {token: fixed}
- name: file
  user: {tokenFile: token}
contexts:
- name: one
  context: {cluster: c, user: u}
- name: two
  context: {cluster: c, user: file}
- name: no-server
  context: {cluster: empty, user: u}
- name: no-user
  context: {cluster: c, user: nobody}
`;

describe('loadKubeConfig', () => {
  let directory: string;
  let file: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
    file = join(directory, 'config');
    writeFileSync(file, KUBECONFIG);
    writeFileSync(join(directory, 'ca.crt'), 'first CA');
    writeFileSync(join(directory, 'token'), 'from-file\n');
  });
  after(() => rmSync(directory, { recursive: true }));

  async function authorise(config: PooledKubeConfig): Promise<RequestContext> {
    const context = new RequestContext('https://one.test/api', 'GET');
    await config.applySecurityAuthentication(context);
    return context;
  }

  it("takes the file's current context, or the one that is named", async () => {
    const config = loadKubeConfig({ kubeconfig: file });
    assert.equal(config.getCurrentContext(), 'one');
    assert.equal((await authorise(config)).getHeaders()['Authorization'], 'Bearer fixed');
    assert.equal(loadKubeConfig({ kubeconfig: file, context: 'two' }).getCurrentContext(), 'two');
  });

  it('finds a token file beside the kubeconfig', async () => {
    const config = loadKubeConfig({ kubeconfig: file, context: 'two' });
    assert.equal((await authorise(config)).getHeaders()['Authorization']?.trim(), 'Bearer from-file');
  });

  it('uses one dispatcher, until what it was made from changes', async () => {
    const config = loadKubeConfig({ kubeconfig: file });
    const [first, second] = await Promise.all([authorise(config), authorise(config)]);
    assert.ok(first.getDispatcher() !== undefined);
    assert.equal(first.getDispatcher(), second.getDispatcher());
    writeFileSync(join(directory, 'ca.crt'), 'second CA');
    const third = await authorise(config);
    assert.notEqual(third.getDispatcher(), first.getDispatcher());
    assert.equal((await authorise(config)).getDispatcher(), third.getDispatcher());
    await config.close();
  });

  const mistakes: readonly { name: string; load: () => unknown; code: KubeConfigError['code']; message: RegExp }[] = [
    {
      name: 'a file that is not there',
      load: () => loadKubeConfig({ kubeconfig: join(directory, 'none') }),
      code: 'Unreadable',
      message: /cannot read the kubeconfig/,
    },
    {
      name: 'a file that is not YAML',
      load: () => loadKubeConfig({ kubeconfig: writeFile('broken', 'a: [') }),
      code: 'Malformed',
      message: /is not a kubeconfig/,
    },
    {
      name: 'an unknown context',
      load: () => loadKubeConfig({ kubeconfig: file, context: 'nine' }),
      code: 'UnknownContext',
      message: /has no context "nine". It has: one, two, no-server, no-user/,
    },
    {
      name: 'a file without a current context',
      load: () => loadKubeConfig({ kubeconfig: writeFile('no-current', KUBECONFIG.replace(/current-context.*/, '')) }),
      code: 'UnknownContext',
      message: /has no current-context/,
    },
    {
      name: 'a context without a server',
      load: () => loadKubeConfig({ kubeconfig: file, context: 'no-server' }),
      code: 'IncompleteContext',
      message: /no server/,
    },
    {
      name: 'a context without its user',
      load: () => loadKubeConfig({ kubeconfig: file, context: 'no-user' }),
      code: 'IncompleteContext',
      message: /user of context "no-user" is missing/,
    },
  ];
  const writeFile = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  for (const { name, load, code, message } of mistakes) {
    it(`says what is wrong with ${name}`, () => {
      assert.throws(load, (error: unknown) => {
        assert.ok(error instanceof KubeConfigError);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it('says when it is not in a cluster', () => {
    const saved = process.env['KUBERNETES_SERVICE_HOST'];
    delete process.env['KUBERNETES_SERVICE_HOST'];
    try {
      assert.throws(() => loadKubeConfig({ inCluster: true }), /not in a pod/);
    } finally {
      if (saved !== undefined) process.env['KUBERNETES_SERVICE_HOST'] = saved;
    }
  });
});

import assert from 'node:assert/strict';
import { KubeClient, whoAmI } from '../../../src/kube/index.ts';
import { FakeApiServer } from './fake-api-server.ts';
import { kubeConfigFor } from './kube-config-for.ts';

describe('whoAmI', () => {
  it('asks with a SelfSubjectReview', async () => {
    const server = await FakeApiServer.start();
    const config = kubeConfigFor(server.url);
    const userInfo = { username: 'system:serviceaccount:a:b', groups: ['system:serviceaccounts'] };
    server.fault = () => ({ code: 201, body: { kind: 'SelfSubjectReview', status: { userInfo } } });
    try {
      assert.deepEqual(await whoAmI(new KubeClient(config, { userAgent: 'x' })), userInfo);
      assert.equal(server.requests[0]?.path, '/apis/authentication.k8s.io/v1/selfsubjectreviews');
      assert.deepEqual(server.requests[0]?.body, { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
    } finally {
      await config.close();
      await server.stop();
    }
  });
});

import { PooledKubeConfig } from '../../../src/kube/index.ts';

/** A configuration for a test server; plain http is allowed. */
export function kubeConfigFor(server: string, user: { token?: string } = {}): PooledKubeConfig {
  const config = new PooledKubeConfig();
  config.loadFromClusterAndUser({ name: 'test', server, skipTLSVerify: true }, { name: 'tester', ...user });
  return config;
}

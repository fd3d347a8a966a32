import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { load } from 'js-yaml';
import { PooledKubeConfig } from './kube-config.ts';

/** Where the address and the credentials of the API server come from. Never guessed. */
export type KubeConfigSource =
  /** The pod's own ServiceAccount. */
  | { readonly inCluster: true }
  /** A file, and the context in it; without one, the file's `current-context`. */
  | { readonly kubeconfig: string; readonly context?: string | undefined };

/** The configuration cannot be used. `code` says why, `message` also what to do. */
export class KubeConfigError extends Error {
  override readonly name = 'KubeConfigError';
  readonly code: 'NotInCluster' | 'Unreadable' | 'Malformed' | 'UnknownContext' | 'IncompleteContext';

  constructor(code: KubeConfigError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** @throws KubeConfigError */
export function loadKubeConfig(source: KubeConfigSource): PooledKubeConfig {
  return 'inCluster' in source ? loadInCluster() : loadFile(source.kubeconfig, source.context);
}

function loadInCluster(): PooledKubeConfig {
  if (!process.env['KUBERNETES_SERVICE_HOST'] || !process.env['KUBERNETES_SERVICE_PORT']) {
    throw new KubeConfigError(
      'NotInCluster',
      'not in a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set. Outside a cluster, name a kubeconfig file.',
    );
  }
  const config = new PooledKubeConfig();
  config.loadFromCluster();
  return config;
}

function loadFile(file: string, context: string | undefined): PooledKubeConfig {
  const config = parseFile(file);
  const name = context ?? config.currentContext;
  const known = config.contexts.map((each) => each.name).join(', ') || 'none';
  if (name === undefined || name === '') {
    throw new KubeConfigError('UnknownContext', `${file} has no current-context. Name one of its contexts: ${known}.`);
  }
  if (config.getContextObject(name) === null) {
    throw new KubeConfigError('UnknownContext', `${file} has no context "${name}". It has: ${known}.`);
  }
  config.setCurrentContext(name);
  if (!config.getCurrentCluster()?.server) {
    throw new KubeConfigError(
      'IncompleteContext',
      `${file}: the cluster of context "${name}" is missing or has no server.`,
    );
  }
  if (config.getCurrentUser() === null) {
    throw new KubeConfigError('IncompleteContext', `${file}: the user of context "${name}" is missing.`);
  }
  return config;
}

function parseFile(file: string): PooledKubeConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new KubeConfigError('Unreadable', `cannot read the kubeconfig ${file}`, error);
  }
  const config = new PooledKubeConfig();
  try {
    // As in kubectl, one broken entry does not spoil the others.
    config.loadFromString(text, { onInvalidEntry: 'filter' });
    config.makePathsAbsolute(dirname(file));
    config.users = withTokenFiles(config, text, dirname(file));
  } catch (error) {
    throw new KubeConfigError('Malformed', `${file} is not a kubeconfig`, error);
  }
  return config;
}

/** client-node knows `token-file` but not `tokenFile`, the name in `clientcmd/v1`, which is read again as it changes. */
function withTokenFiles(config: PooledKubeConfig, text: string, directory: string): PooledKubeConfig['users'] {
  return config.users.map((user) => {
    const tokenFile = tokenFileOf(text, user.name);
    if (tokenFile === undefined || user.token !== undefined) return user;
    const path = isAbsolute(tokenFile) ? tokenFile : join(directory, tokenFile);
    return { ...user, authProvider: { name: 'tokenFile', config: { tokenFile: path } } };
  });
}

function tokenFileOf(text: string, userName: string): string | undefined {
  const users = field(load(text), 'users');
  const entry: unknown = Array.isArray(users)
    ? users.find((each: unknown) => field(each, 'name') === userName)
    : undefined;
  const tokenFile = field(field(entry, 'user'), 'tokenFile');
  return typeof tokenFile === 'string' ? tokenFile : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

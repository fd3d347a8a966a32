import {
  ConnectionError,
  KubeClient,
  KubeConfigError,
  type KubeObject,
  loadKubeConfig,
  Resource,
  type ResourceType,
  StatusError,
} from '../../kube/index.ts';
import { CommandFailure } from '../failure.ts';
import { VERSION } from '../version.ts';
import { kubeconfigFile } from './kubeconfig-file.ts';

/** Which cluster is meant, as kubectl has it. */
export interface ClusterChoice {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

const PAGE = 500;

/** All objects of a type in a cluster. Throws a CommandFailure where it cannot be reached, or does not give them. */
export async function readObjects<T extends KubeObject>(
  { kubeconfig, context }: ClusterChoice,
  type: ResourceType,
): Promise<readonly T[]> {
  const file = kubeconfigFile(kubeconfig);
  try {
    const client = new KubeClient(loadKubeConfig({ kubeconfig: file, context }), {
      userAgent: `sigma-operator-cli/${VERSION}`,
    });
    const resource = new Resource<T>(client, type);
    const objects: T[] = [];
    for (let next: string | undefined = ''; next !== undefined; ) {
      const page: Awaited<ReturnType<typeof resource.list>> = await resource.list({
        limit: PAGE,
        continue: next === '' ? undefined : next,
      });
      objects.push(...page.items);
      next = page.continue;
    }
    return objects;
  } catch (error) {
    if (error instanceof KubeConfigError) throw new CommandFailure('UnusableKubeconfig', file, error.message);
    if (error instanceof StatusError || error instanceof ConnectionError)
      throw new CommandFailure('ClusterNotRead', context ?? file, error.message);
    throw error;
  }
}

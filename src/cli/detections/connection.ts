import type { Alert } from '../../api/alert.generated.ts';
import { ALERTS } from '../../controllers/api-resources.ts';
import {
  ConnectionError,
  KubeClient,
  KubeConfigError,
  loadKubeConfig,
  Resource,
  StatusError,
  whoAmI,
} from '../../kube/index.ts';
import { kubeconfigFile } from '../cluster/kubeconfig-file.ts';
import { CommandFailure } from '../failure.ts';
import { VERSION } from '../version.ts';

/** Which cluster a command talks to. */
export interface ClusterChoice {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** The Alerts of a cluster. */
export interface AlertsConnection {
  readonly alerts: Resource<Alert>;
  /** The user name that the API server knows us under. */
  readonly whoAmI: () => Promise<string>;
}

const PAGE = 500;

/** Does something with the Alerts of a cluster. What the API server or the way to it refuses becomes a CommandFailure. */
export async function withAlerts<T>(
  { kubeconfig, context }: ClusterChoice,
  action: (connection: AlertsConnection) => Promise<T>,
): Promise<T> {
  const file = kubeconfigFile(kubeconfig);
  try {
    const config = loadKubeConfig({ kubeconfig: file, context });
    const client = new KubeClient(config, { userAgent: `kubectl-detections/${VERSION}` });
    const connection = {
      alerts: new Resource<Alert>(client, ALERTS),
      whoAmI: async () => (await whoAmI(client)).username,
    };
    try {
      return await action(connection);
    } finally {
      await config.close();
    }
  } catch (error) {
    if (error instanceof KubeConfigError) throw new CommandFailure('UnusableKubeconfig', file, error.message);
    if (error instanceof StatusError || error instanceof ConnectionError)
      throw new CommandFailure('AlertsNotReached', context ?? file, error.message);
    throw error;
  }
}

/** All Alerts. */
export async function allAlerts({ alerts }: Pick<AlertsConnection, 'alerts'>): Promise<readonly Alert[]> {
  const all: Alert[] = [];
  let token: string | undefined;
  do {
    const page = await alerts.list({ limit: PAGE, continue: token });
    all.push(...page.items);
    token = page.continue;
  } while (token !== undefined);
  return all;
}

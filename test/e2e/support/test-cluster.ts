import {
  ApiRequests,
  type ControlPlane,
  type ControlPlaneOptions,
  type KubectlResult,
  startControlPlane,
} from '../../../dev/control-plane/index.ts';
import { install } from '../../../dev/demo/install.ts';
import type { Alert } from '../../../src/api/alert.generated.ts';
import type { AuditSource } from '../../../src/api/audit-source.generated.ts';
import type { DetectionFilter } from '../../../src/api/detection-filter.generated.ts';
import type { DetectionRule } from '../../../src/api/detection-rule.generated.ts';
import { bundleIn } from './bundle.ts';
import { MARKER_MANIFESTS, settle } from './marker.ts';
import { OperatorProcess, type OperatorStart } from './operator-process.ts';
import { USER_MANIFESTS, USERS } from './users.ts';

const GROUP_PATH = '/apis/detection.sigma-operator.dev/v1alpha1';
/** The user name of the operator's ServiceAccount. */
export const OPERATOR = 'system:serviceaccount:sigma-operator:sigma-operator';

/** A real control plane on which the operator is installed, with the users of the tests. The operator is not running yet. */
export class TestCluster {
  readonly plane: ControlPlane;
  readonly api: ApiRequests;
  /** Of the operator's ServiceAccount. */
  readonly operatorToken: string;
  /** Path of the operator as one file. */
  readonly bundle: string;

  private constructor(plane: ControlPlane, operatorToken: string, bundle: string) {
    this.plane = plane;
    this.api = new ApiRequests(plane);
    this.operatorToken = operatorToken;
    this.bundle = bundle;
  }

  static async start(options: ControlPlaneOptions = {}): Promise<TestCluster> {
    const plane = await startControlPlane({ users: USERS, ...options });
    try {
      const bundle = await bundleIn(plane.directory);
      await install(plane, plane.directory);
      await plane.kubectl(['apply', '-f', '-'], { input: USER_MANIFESTS });
      await plane.kubectl(['apply', '-f', '-'], { input: MARKER_MANIFESTS });
      const token = await plane.serviceAccountToken('sigma-operator', 'sigma-operator');
      return new TestCluster(plane, token, bundle);
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  /** Resolves when the operator follows the audit log. */
  async startOperator(options: OperatorStart = {}): Promise<OperatorProcess> {
    const operator = await this.launchOperator(options);
    await operator.following();
    return operator;
  }

  /** Resolves when the operator serves its probes. */
  async launchOperator(options: OperatorStart = {}): Promise<OperatorProcess> {
    const kubeconfig = this.plane.kubeconfig({ token: this.operatorToken });
    return await OperatorProcess.start(this.plane, this.bundle, kubeconfig, options);
  }

  /** kubectl as a user, `admin` by default; rejects on an exit code other than 0. */
  async kubectl(command: string | readonly string[], as = 'admin'): Promise<KubectlResult> {
    return await this.plane.kubectl(typeof command === 'string' ? command.split(' ') : command, { as });
  }

  /** The same, whatever the exit code is. */
  async kubectlMayFail(command: string | readonly string[], as = 'admin'): Promise<KubectlResult> {
    const args = typeof command === 'string' ? command.split(' ') : command;
    return await this.plane.kubectl(args, { as, allowFailure: true });
  }

  /** `kubectl apply -f -`. */
  async apply(manifest: string | object, as = 'admin', ...flags: readonly string[]): Promise<KubectlResult> {
    const input = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
    return await this.plane.kubectl(['apply', '-f', '-', ...flags], { as, input });
  }

  /** Resolves when everything that was logged before the call has been dealt with. */
  async settled(): Promise<void> {
    await settle(this.api);
  }

  /** All Alerts, or those of a rule. */
  async alerts(rule?: string): Promise<readonly Alert[]> {
    const { items } = await this.api.json<{ readonly items: readonly Alert[] }>({ path: `${GROUP_PATH}/alerts` });
    return rule === undefined ? items : items.filter(({ finding }) => finding.rule.name === rule);
  }

  async rule(name: string): Promise<DetectionRule> {
    return await this.api.json({ path: `${GROUP_PATH}/detectionrules/${name}` });
  }

  async filter(name: string): Promise<DetectionFilter> {
    return await this.api.json({ path: `${GROUP_PATH}/detectionfilters/${name}` });
  }

  async source(name: string): Promise<AuditSource> {
    return await this.api.json({ path: `${GROUP_PATH}/auditsources/${name}` });
  }

  async stop(): Promise<void> {
    await this.api.close();
    await this.plane.stop();
  }
}

import type { DetectionRule } from '../../api/detection-rule.generated.ts';
import { DETECTION_RULES } from '../../controllers/api-resources.ts';
import {
  ConnectionError,
  KubeClient,
  KubeConfigError,
  loadKubeConfig,
  Resource,
  StatusError,
} from '../../kube/index.ts';
import { kubeconfigFile } from '../cluster/kubeconfig-file.ts';
import { CommandFailure } from '../failure.ts';
import { VERSION } from '../version.ts';
import { wholeText } from './embedded-text.ts';
import type { RuleSelection } from './rule-options.ts';
import type { RuleText, RuleTexts } from './rule-texts.ts';

const PAGE = 500;

/** The texts of all DetectionRules of a cluster, as they stand in their specs. Throws a CommandFailure. */
export async function readClusterRules({
  kubeconfig,
  context,
}: Pick<RuleSelection, 'kubeconfig' | 'context'>): Promise<RuleTexts> {
  const file = kubeconfigFile(kubeconfig);
  try {
    const client = new KubeClient(loadKubeConfig({ kubeconfig: file, context }), {
      userAgent: `sigma-operator-cli/${VERSION}`,
    });
    const resource = new Resource<DetectionRule>(client, DETECTION_RULES);
    const texts: RuleText[] = [];
    for (let next: string | undefined = ''; next !== undefined; ) {
      const page: Awaited<ReturnType<typeof resource.list>> = await resource.list({
        limit: PAGE,
        continue: next === '' ? undefined : next,
      });
      texts.push(...page.items.map(textOf));
      next = page.continue;
    }
    return { texts, problems: [] };
  } catch (error) {
    if (error instanceof KubeConfigError) throw new CommandFailure('UnusableKubeconfig', file, error.message);
    if (error instanceof StatusError || error instanceof ConnectionError)
      throw new CommandFailure('ClusterNotRead', context ?? file, error.message);
    throw error;
  }
}

function textOf({ metadata: { name }, spec }: DetectionRule): RuleText {
  const { severity, outcome, dryRun, mode } = spec;
  return {
    file: `detectionrule/${name}`,
    text: wholeText(spec.sigma),
    manifest: { kind: 'DetectionRule', name, choices: { severity, outcome, dryRun }, off: mode === 'Off' },
  };
}

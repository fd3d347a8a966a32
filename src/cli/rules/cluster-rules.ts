import type { DetectionFilter } from '../../api/detection-filter.generated.ts';
import type { DetectionRule } from '../../api/detection-rule.generated.ts';
import { DETECTION_FILTERS, DETECTION_RULES } from '../../controllers/api-resources.ts';
import {
  ConnectionError,
  KubeClient,
  KubeConfigError,
  type KubeObject,
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

/** The texts of all DetectionRules and DetectionFilters of a cluster, as they stand in their specs. Throws a CommandFailure. */
export async function readClusterRules({
  kubeconfig,
  context,
}: Pick<RuleSelection, 'kubeconfig' | 'context'>): Promise<RuleTexts> {
  const file = kubeconfigFile(kubeconfig);
  try {
    const client = new KubeClient(loadKubeConfig({ kubeconfig: file, context }), {
      userAgent: `sigma-operator-cli/${VERSION}`,
    });
    const rules = await listed(new Resource<DetectionRule>(client, DETECTION_RULES));
    const filters = await listed(new Resource<DetectionFilter>(client, DETECTION_FILTERS));
    return { texts: [...rules.map(ruleText), ...filters.map(filterText)], problems: [] };
  } catch (error) {
    if (error instanceof KubeConfigError) throw new CommandFailure('UnusableKubeconfig', file, error.message);
    if (error instanceof StatusError || error instanceof ConnectionError)
      throw new CommandFailure('ClusterNotRead', context ?? file, error.message);
    throw error;
  }
}

async function listed<T extends KubeObject>(resource: Resource<T>): Promise<readonly T[]> {
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
}

function filterText({ metadata: { name }, spec }: DetectionFilter): RuleText {
  const effect = spec.effect === 'KeepOnly' ? 'KeepOnly' : 'Removes';
  const expiresAt = spec.expiresAt === undefined ? undefined : Date.parse(spec.expiresAt);
  return {
    file: `detectionfilter/${name}`,
    text: wholeText(spec.sigma),
    manifest: { kind: 'DetectionFilter', name, choices: {}, off: false, filter: { effect, expiresAt } },
  };
}

function ruleText({ metadata: { name }, spec }: DetectionRule): RuleText {
  const { severity, outcome, dryRun, mode } = spec;
  return {
    file: `detectionrule/${name}`,
    text: wholeText(spec.sigma),
    manifest: { kind: 'DetectionRule', name, choices: { severity, outcome, dryRun }, off: mode === 'Off' },
  };
}

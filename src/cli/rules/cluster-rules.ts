import type { DetectionRule } from '../../api/detection-rule.generated.ts';
import { DETECTION_RULES } from '../../controllers/api-resources.ts';
import { type ClusterChoice, readObjects } from '../cluster/read-cluster.ts';
import { wholeText } from './embedded-text.ts';
import type { RuleText, RuleTexts } from './rule-texts.ts';

/** The texts of all DetectionRules of a cluster, as they stand in their specs. Throws a CommandFailure. */
export async function readClusterRules(cluster: ClusterChoice): Promise<RuleTexts> {
  const rules = await readObjects<DetectionRule>(cluster, DETECTION_RULES);
  return { texts: rules.map(textOf), problems: [] };
}

function textOf({ metadata: { name }, spec }: DetectionRule): RuleText {
  const { severity, outcome, dryRun, mode } = spec;
  return {
    file: `detectionrule/${name}`,
    text: wholeText(spec.sigma),
    manifest: { kind: 'DetectionRule', name, choices: { severity, outcome, dryRun }, off: mode === 'Off' },
  };
}

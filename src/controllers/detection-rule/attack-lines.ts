import { attackCoverage, type Technique } from '../../catalog/index.ts';

/**
 * The tactics and techniques of ATT&CK that a rule's tags name, one a line and with their ids: `Persistence (TA0003)`,
 * `Execution (TA0002): Container Administration Command (T1609)`.
 */
export function attackLines(tags: readonly string[]): readonly string[] {
  const { tactics, techniquesWithoutTactic, others } = attackCoverage(tags);
  return [
    ...tactics.map(({ tactic: { name, id }, techniques }) => {
      const under = techniques.map(inWords).join(', ');
      return under === '' ? `${name} (${id})` : `${name} (${id}): ${under}`;
    }),
    ...techniquesWithoutTactic.map(inWords),
    ...others,
  ];
}

function inWords({ name, id }: Technique): string {
  return `${name} (${id})`;
}

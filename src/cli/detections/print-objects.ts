import { dump } from 'js-yaml';
import { displayText } from '../../alerts/index.ts';
import type { Alert } from '../../api/alert.generated.ts';
import { safeJsonIndented } from '../output/json.ts';

/** Objects as they are, for other programs: one, or a List of several. Who wrote which field when is left out. */
export function objectsText(alerts: readonly Alert[], format: 'json' | 'yaml', single: boolean): string {
  const items = alerts.map(withoutManagedFields);
  const object = single && items.length === 1 ? items[0] : { apiVersion: 'v1', kind: 'List', items };
  return format === 'json' ? `${safeJsonIndented(object)}\n` : dump(printable(object), { lineWidth: -1, noRefs: true });
}

function withoutManagedFields({ metadata, ...rest }: Alert): object {
  return { ...rest, metadata: { ...metadata, managedFields: undefined } };
}

const LONGEST = 1_000_000;

/** YAML leaves characters as they are that a terminal acts on. */
function printable(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, each: unknown) =>
    typeof each === 'string' ? displayText(each.replaceAll('\n', ' '), LONGEST) : each,
  );
}

import { allows, literalsOn } from './branches.ts';
import type { Lint } from './finding.ts';
import { addValue, ownsValue } from './yaml-edits.ts';

const CONNECTIONS = ['exec', 'attach', 'portforward'];

/** kubernetes/kubernetes#78741 and the WebSocket protocols that kubectl speaks since 1.30. */
export const execByCreateOnly: Lint = {
  code: 'ExecByCreateOnly',
  severity: 'warning',
  meaning:
    'The rule sees connections to a pod (exec, attach, portforward) by the verb "create" only. Over WebSockets, which kubectl uses by default, they are a "get".',
  remedy: 'Add "get" to the verbs.',
  example:
    '  selection:\n    verb: create\n    objectRef.resource: pods\n    objectRef.subresource: exec\n  condition: selection',
  find(subject) {
    if (!subject.concernsKubernetesAudit) return [];
    const seen = new Set<number>();
    return subject.branches.flatMap((branch) => {
      const connects = CONNECTIONS.filter((name) => allows(branch, 'objectRef.subresource', name));
      const aimed = connects.length > 0 && !allows(branch, 'objectRef.subresource', undefined);
      const literal = literalsOn(branch, 'verb').find(({ negated }) => !negated);
      if (!aimed || !allows(branch, 'verb', 'create') || allows(branch, 'verb', 'get') || literal === undefined)
        return [];
      const { place, item: origin, matcher } = literal.node;
      if (seen.has(place.offset)) return [];
      seen.add(place.offset);
      const item = subject.itemAt(place);
      const plain = item !== undefined && item.modifiers.length === 0 && matcher.kind === 'String';
      const safe = plain && ownsValue(item) && subject.isPositive(item);
      const edit = safe ? addValue(item.value, 'get', subject.source) : undefined;
      return [
        {
          message: `${connects.join(', ')} over WebSockets has the verb get, which the rule does not see.`,
          place,
          path: `detection.${origin.selection}.${origin.key}`,
          fix: edit && [edit],
        },
      ];
    });
  },
};

import { asString, describeKind, type ItemValue, type ItemValueKind, type StringTest } from '../values/item-value.ts';
import type { RegexPattern } from '../values/regex.ts';
import { joinParts, MANY } from '../values/sigma-string.ts';
import { type Refusal, refuseKind, type ValueModifier } from './modifier.ts';

const ACCEPTS: readonly ItemValueKind[] = ['String', 'Number', 'Boolean', 'Regex', 'FieldName'];
const TAKES = 'a string, a regular expression or a field reference';

/** `contains`, `startswith`, `endswith`: open the value at its edges. Wildcards are added after escapes are read, and never doubled. */
export function stringTestModifier(name: Exclude<StringTest, 'equals'>): ValueModifier {
  const openStart = name !== 'startswith';
  const openEnd = name !== 'endswith';
  return {
    kind: 'value',
    name,
    aliases: [],
    takes: TAKES,
    accepts: ACCEPTS,
    apply(value: ItemValue): ItemValue | Refusal {
      switch (value.kind) {
        case 'String':
        case 'Number':
        case 'Boolean': {
          const string = asString(value);
          const parts = [...(openStart ? [MANY] : []), ...string.parts, ...(openEnd ? [MANY] : [])];
          return { ...string, parts: joinParts(parts) };
        }
        case 'Regex':
          return { kind: 'Regex', pattern: anchor(value.pattern, !openStart, !openEnd) };
        case 'FieldName':
          return { ...value, test: name };
        default:
          return refuseKind(name, TAKES, describeKind(value.kind));
      }
    },
  };
}

/** A regular expression is found anywhere; `startswith` and `endswith` tie it to the edges of the value. */
function anchor(pattern: RegexPattern, start: boolean, end: boolean): RegexPattern {
  if (!start && !end) return pattern;
  return { ...pattern, source: `${start ? '\\A' : ''}(?:${pattern.source})${end ? '\\z' : ''}` };
}

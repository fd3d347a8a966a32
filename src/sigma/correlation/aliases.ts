import type { DiagnosticSink } from '../diagnostics.ts';
import type { RuleDocument } from '../document/rule-document.ts';
import type { Place } from '../source-text.ts';
import type { CorrelationDocument, FieldAlias, RuleReference } from './correlation.ts';

/** A reference of a correlation and the rule that it stands for. */
interface ReferredRule {
  readonly reference: RuleReference;
  readonly document: RuleDocument;
}

/** Alias → field, in the matches of one rule. */
export function aliasesOf(aliases: readonly FieldAlias[], rule: ReferredRule): Readonly<Record<string, string>> {
  return Object.fromEntries(
    aliases.flatMap(({ name, fields }) =>
      fields.filter(({ rule: { text } }) => goesBy(rule, text)).map(({ field }) => [name, field]),
    ),
  );
}

/** Reports what aliases name that is none of the rules, and which rules an alias of group-by says nothing about. False where there was an error. */
export function checkAliases(
  { aliases, groupBy }: CorrelationDocument,
  rules: readonly ReferredRule[],
  sink: DiagnosticSink,
): boolean {
  let sound = true;
  for (const { name, place, fields } of aliases) {
    const path = `correlation.aliases.${name}`;
    for (const { rule } of fields) {
      if (rules.some((referred) => goesBy(referred, rule.text))) continue;
      sink.report('UnlistedRule', rule.place, `${JSON.stringify(rule.text)} is none of the rules.`, path);
      sound = false;
    }
    const without = rules.find((referred) => !fields.some(({ rule }) => goesBy(referred, rule.text)));
    if (sound && without !== undefined && groupBy.includes(name)) reportIncomplete(place, without, path, sink);
  }
  return sound;
}

function reportIncomplete(place: Place, { reference }: ReferredRule, path: string, sink: DiagnosticSink): void {
  const message = `The alias names no field of ${JSON.stringify(reference.text)}.`;
  sink.report('IncompleteAlias', place, message, path);
}

/** Aliases name a rule by its `name` (specification), however the list refers to it; or as the list does; or by its id. */
function goesBy({ reference, document }: ReferredRule, text: string): boolean {
  return text === reference.text || text === document.name || text.toLowerCase() === document.id?.toLowerCase();
}

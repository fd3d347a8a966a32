import type { CompiledRulePage, CorrelationPage } from '../../../catalog/index.ts';
import { address, code, fact, facts, muted, ruleLink, type Section, severity, type Text } from '../../pages/page.ts';
import { logsourceText } from './logsource-text.ts';

/** What the rule says of itself. */
export function aboutSection(page: CompiledRulePage | CorrelationPage): Section {
  const { metadata, name, file, choices } = page;
  const { id, status, level, author, license, date, modified, description, logsource } = metadata;
  const own = choices?.severity !== undefined && choices.severity !== level;
  const all = facts(
    fact('Status', status ?? muted('not stated')),
    fact(
      'Severity',
      severity(metadata.severity),
      ...(own ? [muted(` (the rule's own level: ${level ?? 'none'})`)] : []),
    ),
    page.kind === 'correlation' ? undefined : fact('Log source', logsourceText(logsource)),
    logsource.definition === undefined ? undefined : fact('Log source needs', logsource.definition.trim()),
    fact('Author', author ?? muted('not stated')),
    license === undefined ? undefined : fact('Licence', license),
    name === undefined ? undefined : fact('DetectionRule', code(name)),
    file === undefined ? undefined : fact('Source', code(file)),
    id === undefined ? undefined : fact('ID', code(id)),
    date === undefined ? undefined : fact('Date', date),
    modified === undefined ? undefined : fact('Modified', modified),
    choices?.mode === 'Off' ? fact('Mode', 'Off: the operator does not run it') : undefined,
    choices?.outcome === undefined ? undefined : fact('Outcomes', choices.outcome.join(', ')),
    choices?.dryRun === undefined ? undefined : fact('Dry runs', choices.dryRun),
    { label: 'Related rules', values: [...metadata.related, ...metadata.relatedFrom].map(relatedText) },
    { label: 'References', values: metadata.references.map((reference) => [address(reference)]) },
    { label: 'False positives', values: metadata.falsepositives.map((text) => [text]) },
    metadata.tags.length === 0 ? undefined : fact('Tags', metadata.tags.join(', ')),
  );
  return {
    id: 'about',
    title: 'About',
    blocks: [
      ...(description === undefined || description.trim() === ''
        ? []
        : [{ kind: 'prose' as const, text: description }]),
      all,
    ],
  };
}

function relatedText({ id, type, key, title }: CompiledRulePage['metadata']['related'][number]): Text {
  if (key !== undefined && title !== undefined) return [ruleLink(key, title), ' ', muted(`(${type}, ${id})`)];
  return [code(id), ' ', muted(`(${type}; not in this catalog)`)];
}

import type { CompiledRulePage, CorrelationPage, RulePage } from '../../../catalog/index.ts';
import { type Block, code, mark, muted, type Page, type Section, severity, type Text } from '../../pages/page.ts';
import { aboutSection } from './about.ts';
import { attackSection } from './attack.ts';
import { correlatedEventsSection, correlationSection } from './correlation.ts';
import { indicatorsSection, stagesSection } from './detection.ts';
import { eventsSection } from './events.ts';
import { logsourceText } from './logsource-text.ts';
import { sameActionSection } from './same-action.ts';

type BrokenPage = Extract<RulePage, { kind: 'broken' }>;
type Diagnostic = BrokenPage['errors'][number];

/** The page of a rule, broken or not. */
export function rulePage(page: RulePage): Page {
  switch (page.kind) {
    case 'rule':
      return compiledPage(page);
    case 'correlation':
      return correlationPage(page);
    case 'broken':
      return brokenPage(page);
    default:
      return page satisfies never;
  }
}

function compiledPage(page: CompiledRulePage): Page {
  const { findings } = page;
  return {
    title: page.title,
    subtitle: subtitleOf(page, logsourceText(page.metadata.logsource)),
    sections: [
      aboutSection(page),
      attackSection(page),
      eventsSection(page),
      sameActionSection(page),
      bodySection(page),
      stagesSection(page),
      indicatorsSection(page),
      ...(findings.length === 0 ? [] : [remarksSection(findings)]),
    ],
  };
}

function correlationPage(page: CorrelationPage): Page {
  const { findings } = page;
  return {
    title: page.title,
    subtitle: subtitleOf(page, 'correlation'),
    sections: [
      aboutSection(page),
      attackSection(page),
      correlationSection(page),
      correlatedEventsSection(page),
      bodySection(page),
      ...(findings.length === 0 ? [] : [remarksSection(findings)]),
    ],
  };
}

function subtitleOf({ metadata }: CompiledRulePage | CorrelationPage, what: string): Text {
  const parts = [what, ...(metadata.status === undefined ? [] : [metadata.status])];
  return [severity(metadata.severity), ...parts.flatMap((part) => [' · ', part])];
}

function brokenPage(page: BrokenPage): Page {
  return {
    title: page.title,
    subtitle: [mark('bad', 'The rule is refused'), ' · ', code(page.name ?? page.file ?? page.key)],
    sections: [{ id: 'errors', title: 'Errors', blocks: page.errors.flatMap(diagnosticBlocks) }, bodySection(page)],
  };
}

/** The rule as its author published it. */
function bodySection({ source }: RulePage): Section {
  return { id: 'body', title: 'Rule body', blocks: [{ kind: 'code', language: 'yaml', text: source }] };
}

/** What the lints say. */
function remarksSection(findings: readonly Diagnostic[]): Section {
  return { id: 'remarks', title: 'Remarks', blocks: findings.flatMap(diagnosticBlocks) };
}

function diagnosticBlocks({
  severity: level,
  code: name,
  message,
  remedy,
  line,
  excerpt,
}: Diagnostic): readonly Block[] {
  const tone = level === 'error' ? 'bad' : level;
  return [
    {
      kind: 'paragraph',
      text: [mark(tone, level), ' ', code(name), ` in line ${line}: `, message, ' ', muted(remedy)],
    },
    ...(excerpt === '' ? [] : [{ kind: 'code' as const, language: 'text', text: excerpt }]),
  ];
}

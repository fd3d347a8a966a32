import { type CompiledRulePage, formatNameSet } from '../../../catalog/index.ts';
import {
  type Block,
  type Cell,
  type Column,
  code,
  fact,
  joined,
  mark,
  muted,
  type Section,
  type TableBlock,
  type Text,
  type Tone,
} from '../../pages/page.ts';
import { resourceName } from './resource-name.ts';

type Events = NonNullable<CompiledRulePage['events']>;
type Logged = NonNullable<CompiledRulePage['logged']>;

/** More operations are not listed one by one: the rule watches almost everything, and the patterns say so. */
const MOST_OPERATIONS = 200;

/** What a rule watches, what has to be logged for that, and, where the audit policy is known, whether it is. */
export function eventsSection(page: Watching): Section {
  return { id: 'events', title: 'Event coverage', blocks: watchedBlocks(page) };
}

type Watching = Pick<CompiledRulePage, 'events' | 'observability' | 'logged'>;

/** The same, for a rule among others. */
export function watchedBlocks({ events, observability, logged }: Watching): readonly Block[] {
  return [
    { kind: 'note', tone: toneOf(observability), text: [verdictText(observability), ' ', observability.message] },
    ...(events === undefined ? [] : eventBlocks(events, logged)),
  ];
}

function toneOf({ status, reason }: CompiledRulePage['observability']): Tone {
  if (reason === 'OtherProduct') return 'information';
  if (status === 'False') return 'bad';
  if (reason === 'PartlyObservable' || reason === 'ExclusionIneffective') return 'warning';
  return status === 'True' ? 'good' : 'information';
}

function verdictText({ status, reason }: CompiledRulePage['observability']): string {
  if (reason === 'OtherProduct') return 'Not for Kubernetes.';
  if (status === 'False') return 'Cannot fire.';
  return status === 'True' ? 'Can fire.' : 'May fire.';
}

function eventBlocks(events: Events, logged: Logged | undefined): readonly Block[] {
  const { patterns, operations, pathVerbs, impossibleVerbs, stages, levels } = events;
  const listed = operations.length > 0 && operations.length <= MOST_OPERATIONS;
  return [
    ...impossibleVerbs.map(
      ({ verb, hint }): Block => ({
        kind: 'note',
        tone: 'warning',
        text: ['The verb ', code(verb), ' is no verb of any request', hint === undefined ? '.' : `: ${hint}.`],
      }),
    ),
    ...(patterns.length === 0 ? [] : [patternTable(patterns)]),
    ...(listed ? [operationTable(events, logged)] : []),
    ...(!listed && logged !== undefined ? [loggedTable(logged)] : []),
    {
      kind: 'facts',
      facts: [
        fact(
          'Operations',
          operations.length === 0
            ? 'none on the resources that Kubernetes serves by itself'
            : `${operations.length} on the resources that Kubernetes serves by itself`,
        ),
        ...(pathVerbs.length === 0 ? [] : [fact('Other paths', ...joined(pathVerbs.map(code)))]),
        fact('Stages', ...(stages.length === 0 ? [muted('none')] : joined(stages.map((stage) => stage)))),
        fact('Needed audit level', ...levelsText(levels)),
      ],
    },
  ];
}

function levelsText(levels: Events['levels']): Text {
  if (levels === undefined) return [muted('none: no request satisfies the condition')];
  const { some, all, whole } = levels;
  const parts = [some === all ? all : `${some} for some operations, ${all} for all`];
  if (whole !== all) parts.push(`; ${whole} to see every body that it tests`);
  return parts;
}

function patternTable(patterns: Events['patterns']): TableBlock {
  return {
    kind: 'table',
    caption: 'Watched requests',
    columns: ['API group', 'Resources', 'Subresources', 'Verbs', 'Namespaces', 'Level'].map((title) => ({ title })),
    rows: patterns.map(({ apiGroups, resources, subresources, verbs, namespaces, level }) => [
      [[formatNameSet(apiGroups, 'core')]],
      [[formatNameSet(resources, '')]],
      [[formatNameSet(subresources, 'none')]],
      [[formatNameSet(verbs, '')]],
      [[formatNameSet(namespaces, 'none')]],
      [[level]],
    ]),
  };
}

/** A resource and the operations on it that are treated alike. */
function operationTable({ operations }: Events, logged: Logged | undefined): TableBlock {
  const decisions = new Map(logged?.map((one) => [one.operation, one]));
  const rows = Map.groupBy(operations, ({ verb, apiGroup, resource, subresource, level, wholeLevel }) => {
    const decision = decisions.get(operationName(verb, apiGroup, resource, subresource));
    return JSON.stringify([apiGroup, resource, subresource, level, wholeLevel, decision?.levels, decision?.matches]);
  });
  const columns: readonly Column[] = [
    { title: 'Resource' },
    { title: 'Verbs' },
    { title: 'Needs level' },
    ...(logged === undefined ? [] : [{ title: 'Logged at' }]),
  ];
  return {
    kind: 'table',
    caption: 'Watched operations on the resources that Kubernetes serves by itself',
    columns,
    rows: [...rows.values()].map((group) => {
      const [{ verb, apiGroup, resource, subresource, level, wholeLevel } = NOTHING] = group;
      const decision = decisions.get(operationName(verb, apiGroup, resource, subresource));
      return [
        [[code(resourceName(apiGroup, resource, subresource))]],
        [[group.map((operation) => operation.verb).join(', ')]],
        [[wholeLevel === level ? level : `${level} (${wholeLevel} for every body)`]],
        ...(decision === undefined ? [] : [decisionCell(decision)]),
      ];
    }),
  };
}

const NOTHING = {
  verb: '',
  apiGroup: '',
  resource: '',
  subresource: '',
  level: 'None',
  wholeLevel: 'None',
} as const satisfies Events['operations'][number];

/** What a policy makes of very many operations: how many share each decision. */
function loggedTable(logged: Logged): TableBlock {
  const groups = Map.groupBy(logged, ({ matches, levels }) => JSON.stringify([matches, levels]));
  return {
    kind: 'table',
    caption: 'What the audit policy logs of the watched operations',
    columns: [{ title: 'Operations', align: 'right' }, { title: 'For example' }, { title: 'Logged at' }],
    rows: [...groups.values()].map((group) => [
      [[String(group.length)]],
      [[code(group[0]?.operation ?? '')]],
      group[0] === undefined ? [[]] : decisionCell(group[0]),
    ]),
  };
}

const MATCHES: Readonly<Record<Logged[number]['matches'], readonly [Tone, string]>> = {
  Always: ['good', 'can match'],
  Sometimes: ['warning', 'can match for some senders or names'],
  OnlyFailures: ['warning', 'only where authentication fails'],
  Never: ['bad', 'cannot match'],
};

function decisionCell({ levels, matches }: Logged[number]): Cell {
  const [tone, text] = MATCHES[matches];
  return [[levels.join(' or ') || 'None', ' ', mark(tone, text)]];
}

function operationName(verb: string, apiGroup: string, resource: string, subresource: string): string {
  return `${verb} ${[apiGroup, resource, subresource].filter((part) => part !== '').join('/')}`;
}

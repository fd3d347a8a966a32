import type { DIAGNOSTICS } from '../../src/sigma/diagnostics.ts';

/**
 * For each diagnostic lines that have it: of a detection where they are indented, of a whole document where they begin with an attribute. `undefined` where an
 * example would be too long to print.
 */
export const DIAGNOSTIC_EXAMPLES: Readonly<Record<keyof typeof DIAGNOSTICS, string | undefined>> = {
  SourceTooLarge: undefined,
  EmptySource: '# nothing but comments',
  InvalidYaml: 'title: Reads: of secrets',
  DuplicateKey: '  selection:\n    verb: get\n    verb: list\n  condition: selection',
  InvalidKey: '? [verb, resource]\n: get',
  UnknownTag: 'title: !!binary aGVsbG8=',
  UnknownAlias: 'title: *name',
  TooComplex: undefined,
  TooManyDocuments: undefined,
  NotAMapping: '- title: Reads of secrets',
  MissingField: 'title: A rule without a detection\nlogsource:\n  product: kubernetes\n  service: audit',
  InvalidField: 'title: A rule\nlogsource: kubernetes\ndetection: {}',
  UnknownLevel: 'level: hihg',
  UnusualField: 'status: finished',
  InvalidAction: 'action: merge\ntitle: A rule',
  MultipleRoots: 'title: One rule\n---\ntitle: Another rule',
  UnsupportedDocument: 'title: A filter\nfilter:\n  rules: any',
  InvalidSelection: '  selection:\n    - verb: get\n    - [list, watch]\n  condition: selection',
  EmptySelection: '  selection: {}\n  condition: selection',
  InvalidItem: '  selection:\n    verb:\n      - [get, list]\n  condition: selection',
  NestedMap: '  selection:\n    objectRef:\n      resource: secrets\n  condition: selection',
  InvalidSelector:
    'sigma-version: 3\ndetection:\n  selection:\n    user.groups[some]: system:masters\n  condition: selection',
  NullInList: '  selection:\n    objectRef.subresource: [status, null]\n  condition: selection',
  EmptyValueList: '  selection:\n    verb: []\n  condition: selection',
  UnusedSelection: '  selection:\n    verb: get\n  filter:\n    user.username: alice\n  condition: selection',
  UnknownModifier: '  selection:\n    userAgent|contain: curl\n  condition: selection',
  ModifierNotApplicable: '  selection:\n    responseStatus.code|gte: many\n  condition: selection',
  InvalidRegex: "  selection:\n    userAgent|re: '(?=curl)'\n  condition: selection",
  InvalidNetwork: '  selection:\n    sourceIPs|cidr: 10.0.0.1/8\n  condition: selection',
  UnresolvedPlaceholder: "  selection:\n    user.username|expand: '%admins%'\n  condition: selection",
  FieldNameTooLong: undefined,
  TooManyModifiers: undefined,
  TooManyValues: undefined,
  TooManyVariants: "  selection:\n    requestURI|windash: '-a -b -c -d -e'\n  condition: selection",
  AllWithSingleValue: '  selection:\n    requestURI|contains|all: exec\n  condition: selection',
  InvalidCondition: '  selection:\n    verb: get\n  condition: { any: selection }',
  EmptyCondition: "  selection:\n    verb: get\n  condition: ''",
  ConditionTooLong: undefined,
  ConditionTooDeep: undefined,
  ConditionTooComplex: undefined,
  UnexpectedToken: '  selection:\n    verb: get\n  condition: selection and )',
  UppercaseOperator:
    '  selection:\n    verb: get\n  filter:\n    user.username: alice\n  condition: selection AND NOT filter',
  UnsupportedQuantifier: '  selection_a:\n    verb: get\n  selection_b:\n    verb: list\n  condition: 2 of selection_*',
  AggregationNotSupported: '  selection:\n    verb: get\n  condition: selection | count() > 5',
  UnknownIdentifier: '  selection:\n    verb: get\n  condition: selektion',
  NoMatchingSelection: '  selection:\n    verb: get\n  condition: 1 of filter_*',
  UnknownCorrelationType: correlation('type: event_cuont', 'condition: { gte: 20 }'),
  InvalidTimespan: correlation('type: event_count', 'condition: { gte: 20 }').replace('10m', '10M'),
  InvalidCorrelationCondition: correlation('type: event_count', 'condition: { ge: 20 }'),
  ConditionNotApplicable: correlation('type: event_count', 'condition: reads and not lists'),
  ConditionCannotHold: correlation('type: event_count', 'condition: { gt: 20, lt: 10 }'),
  AbsenceAlone: correlation('type: temporal', 'condition: reads or not lists'),
  CorrelationTooLarge: undefined,
  UnlistedRule: correlation('type: temporal', 'condition: reads and lists and writes'),
  DuplicateReference: correlation('type: temporal').replace('[reads, lists]', '[reads, lists, reads]'),
  UnresolvedReference: correlation('type: temporal').replace('[reads, lists]', '[reads, lists, writes]'),
  AmbiguousReference: `${correlation('type: temporal')}\n---\n${baseRule('reads', 'watch')}`,
  CyclicReference:
    'title: A circle\nname: circle\ncorrelation:\n  type: temporal\n  rules: [circle]\n  group-by: [user.username]\n  timespan: 10m',
  UngroupedCorrelation: correlation('type: temporal').replace('  group-by: [user.username]\n', ''),
  IncompleteAlias: correlation('type: temporal', 'aliases:\n    user.username:\n      reads: user.uid'),
  ThresholdAboveLimit: correlation('type: event_count', 'condition: { gte: 100000 }'),
  InvalidFilterRules: filter('rules: []', 'condition: not selection'),
  UndeclaredEffect: filter('rules: any', 'condition: selection'),
  FilterKeeps: filter('rules: any', 'condition: selection'),
};

function correlation(type: string, ...more: readonly string[]): string {
  const lines = [type, 'rules: [reads, lists]', 'group-by: [user.username]', 'timespan: 10m', ...more];
  const body = lines.map((line) => `  ${line}\n`).join('');
  return `title: Many reads\ncorrelation:\n${body}---\n${baseRule('reads', 'get')}\n---\n${baseRule('lists', 'list')}`;
}

function baseRule(name: string, verb: string): string {
  return `title: Secret ${name}\nname: ${name}\nlogsource: { product: kubernetes, service: audit }\ndetection:\n  selection: { verb: ${verb} }\n  condition: selection`;
}

function filter(rules: string, condition: string): string {
  return `title: The night watch\nlogsource: { product: kubernetes, service: audit }\nfilter:\n  ${rules}\n  selection:\n    objectRef.namespace: night\n  ${condition}`;
}

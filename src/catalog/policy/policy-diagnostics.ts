/** Everything that can be wrong with an audit policy. What kube-apiserver refuses is an error, what it ignores a warning. */
export const POLICY_DIAGNOSTICS = Object.freeze({
  NotAPolicy: error(
    'The text is no Policy of audit.k8s.io/v1.',
    'Begin with "apiVersion: audit.k8s.io/v1" and "kind: Policy".',
  ),
  NoRules: error(
    'The policy has no rules; kube-apiserver does not start with it.',
    'Add a rule, e.g. "- level: Metadata".',
  ),
  InvalidField: error('A field has a value of the wrong type.', 'Write the value as audit.k8s.io/v1 says.'),
  UnknownField: warning(
    'kube-apiserver ignores a field that it does not know.',
    'Correct the name, or remove the field.',
  ),
  MissingLevel: error('A rule has no level.', 'Write None, Metadata, Request or RequestResponse.'),
  UnknownLevel: error('The level is none of audit.k8s.io/v1.', 'Use None, Metadata, Request or RequestResponse.'),
  UnknownStage: error(
    'The stage is none of audit.k8s.io/v1.',
    'Use RequestReceived, ResponseStarted, ResponseComplete or Panic.',
  ),
  InvalidGroup: error(
    'The group is no DNS name.',
    'Write the group without its version; "" is the core group, "*" every group.',
  ),
  ResourceNamesAlone: error('resourceNames stand without resources.', 'Name the resources, too.'),
  InvalidURL: error(
    'A URL does not begin with "/", or has a "*" before its end.',
    'Write a path, with "*" at its end at most.',
  ),
  MixedRule: error('A rule is about resources and about other paths.', 'Make two rules of it.'),
  UnreachableRule: warning(
    'An earlier rule matches every request; this one is never asked.',
    'Move it before that rule, or remove it.',
  ),
});

export type PolicyDiagnosticCode = keyof typeof POLICY_DIAGNOSTICS;

interface PolicyDiagnosticEntry {
  readonly severity: 'error' | 'warning';
  readonly meaning: string;
  readonly remedy: string;
}

function error(meaning: string, remedy: string): PolicyDiagnosticEntry {
  return Object.freeze({ severity: 'error', meaning, remedy });
}

function warning(meaning: string, remedy: string): PolicyDiagnosticEntry {
  return Object.freeze({ severity: 'warning', meaning, remedy });
}

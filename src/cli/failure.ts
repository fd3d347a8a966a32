/** Why a command cannot do what it was asked to: bad input of the user's, with a code, a place and a remedy. */
export class CommandFailure extends Error {
  readonly code: FailureCode;
  /** A path or an argument, as the user gave it; empty where there is none. */
  readonly place: string;
  readonly remedy: string;

  constructor(code: FailureCode, place: string, detail?: string) {
    super(detail ?? FAILURES[code].meaning);
    this.code = code;
    this.place = place;
    this.remedy = FAILURES[code].remedy;
  }
}

interface FailureEntry {
  readonly meaning: string;
  readonly remedy: string;
  /** For the documentation. */
  readonly example: string;
}

/** Every failure of the offline commands. */
export const FAILURES = Object.freeze({
  PathNotFound: {
    meaning: 'There is no such file or folder.',
    remedy: 'Check the path; relative paths start at the current folder.',
    example: 'sigma-operator scan --rules rules/ no-such.log',
  },
  UnreadablePath: {
    meaning: 'A file or folder cannot be read.',
    remedy: 'Check its permissions; audit logs of a control-plane node are readable for root only.',
    example: 'sigma-operator scan --rules rules/ /var/log/kubernetes/audit/audit.log',
  },
  DamagedFile: {
    meaning: 'A compressed file is damaged or breaks off. What was read before that place was used.',
    remedy: 'Copy the file again; a log that is being compressed right now is complete a moment later.',
    example: 'sigma-operator scan --rules rules/ broken-off.log.gz',
  },
  NoRules: {
    meaning: 'No Sigma rule and no DetectionRule was found that can be run.',
    remedy: 'Give files or folders with Sigma rules (*.yml) or DetectionRule manifests.',
    example: 'sigma-operator scan --rules docs/ audit.log',
  },
  NoEvents: {
    meaning: 'The input holds no audit event.',
    remedy:
      'Give logs in the JSON format of kube-apiserver (--audit-log-format=json): one event a line, an EventList, or a JSON array.',
    example: 'sigma-operator scan --rules rules/ /var/log/syslog',
  },
  BrokenRules: {
    meaning: 'Some rules could not be compiled, and --strict asks for all of them.',
    remedy: 'Correct them (sigma-operator lint shows how), or leave out --strict to go on without them.',
    example: 'sigma-operator scan --strict --rules rules/ audit.log',
  },
  BrokenLines: {
    meaning: 'Some lines are no audit events, and --strict asks for all of them.',
    remedy: 'Look at the lines that are named, or leave out --strict to go on without them.',
    example: 'sigma-operator scan --strict --rules rules/ audit.log',
  },
  InvalidPlaceholders: {
    meaning: 'The file with placeholders is neither a ConfigMap nor a map from names to values.',
    remedy: 'Write "name: [value, value]", or give the ConfigMap that the operator reads.',
    example: 'sigma-operator scan --placeholders rules/ --rules rules/ audit.log',
  },
  UnknownRule: {
    meaning: 'No rule has that id, title, name or file.',
    remedy: 'Give a file, or an id, title or name of a rule under --rules.',
    example: "sigma-operator explain --rules rules/ 'No such rule' event.json",
  },
  AmbiguousRule: {
    meaning: 'Several rules have that id, title or name.',
    remedy: 'Give the file, or the id.',
    example: "sigma-operator explain --rules rules/ 'Kubernetes Secrets' event.json",
  },
  BrokenRule: {
    meaning: 'The rule cannot be compiled.',
    remedy: 'Correct it; sigma-operator lint shows every finding.',
    example: 'sigma-operator explain broken.yml event.json',
  },
  StandardInputTwice: {
    meaning: 'Standard input can be read only once.',
    remedy: 'Give - once.',
    example: 'sigma-operator scan --rules rules/ - -',
  },
  UnknownTactic: {
    meaning: 'ATT&CK has no tactic and no technique of that name.',
    remedy:
      'Give a tactic (persistence, TA0003) or the id of a technique (T1053.003); sigma-operator catalog attack shows them.',
    example: 'sigma-operator catalog list --tactic persistance --rules rules/',
  },
  UnusableKubeconfig: {
    meaning: 'The kubeconfig file cannot be used.',
    remedy: 'Name one with --kubeconfig, and a context of it with --context.',
    example: 'sigma-operator catalog list --cluster --kubeconfig no-such-file',
  },
  ClusterNotRead: {
    meaning: 'The DetectionRules of the cluster cannot be read.',
    remedy:
      'Check that the API server can be reached, that the CRDs are installed (kubectl apply -k crds), and your rights.',
    example: 'sigma-operator catalog list --cluster --context staging',
  },
  AlertsNotReached: {
    meaning: 'The Alerts of the cluster cannot be read, or may not be changed.',
    remedy:
      'Check that the API server can be reached, that the CRDs are installed, and your rights: detections-triager is enough.',
    example: 'sigma-operator detections list --context staging',
  },
  AlertNotFound: {
    meaning: 'No Alert has that name, or that in its name.',
    remedy: 'kubectl detections list --all shows the names of all of them.',
    example: 'sigma-operator detections show no-such-alert',
  },
  AmbiguousAlert: {
    meaning: 'Several Alerts have that in their names.',
    remedy: 'Give more of the name.',
    example: 'sigma-operator detections ack kubernetes-audit',
  },
  NoAlertsChosen: {
    meaning: 'Nothing says which Alerts are meant.',
    remedy: 'Give names of Alerts, or filters such as --rule and --namespace together with --yes.',
    example: 'sigma-operator detections resolve',
  },
  InvalidPolicy: {
    meaning: 'The file is no audit policy that kube-apiserver would take.',
    remedy: 'Correct it: kube-apiserver does not start with it either.',
    example: 'sigma-operator policy check --policy deployment.yaml --rules rules/',
  },
  UnwritableOutput: {
    meaning: 'A file or folder cannot be written.',
    remedy: 'Check that the folder is there, its permissions, and the space on the disk.',
    example: 'sigma-operator coverage --rules rules/ --navigator /no/such/folder/layer.json',
  },
  NoTests: {
    meaning: 'No tests of rules were found.',
    remedy: 'Write them beside a rule, in NAME.test.yml, or into an annotation of its manifest: docs/test-rules.md.',
    example: 'sigma-operator test deployments/',
  },
  InvalidWebhook: {
    meaning: 'The configuration of the audit webhook cannot be made of that.',
    remedy:
      'Give the receiver as https://<host>[:<port>] without a path, the AuditSource and the node by their names, and an absolute path.',
    example: 'sigma-operator webhook-config --server https://10.96.0.50:8443/audit --source webhook',
  },
  OccupiedFolder: {
    meaning: 'The output folder holds files that are not of this command.',
    remedy: 'Give a new or an empty folder, or one that this command wrote before.',
    example: 'sigma-operator catalog build --rules rules/ --out .',
  },
}) satisfies Readonly<Record<string, FailureEntry>>;

export type FailureCode = keyof typeof FAILURES;

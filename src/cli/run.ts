import { hostname } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
// Single files: a room's index would load the whole room for every command and every help.
import { EVENT_SUBJECTS, type EventSubject } from '../alerts/alert-choices.ts';
import { parseDuration } from '../alerts/duration.ts';
import { GROUP_DIMENSIONS, type GroupDimension } from '../alerts/group-by.ts';
import { LOG_FORMATS, LOG_LEVELS } from '../operator/log-options.ts';
import type { OperatorOptions } from '../operator/options.ts';
import { VERSION } from './version.ts';

/** `sigma-operator run`: every option can also be given in the environment. */
export function runCommand(): Command {
  return new Command('run')
    .description('Run the operator: follow audit logs, run DetectionRules on them, write Alerts and Events.')
    .addOption(
      new Option('--kubeconfig <file>', "kubeconfig file; by default the pod's own ServiceAccount").env(
        'KUBECONFIG_FILE',
      ),
    )
    .addOption(new Option('--context <name>', 'context in the kubeconfig file').env('KUBECONTEXT'))
    .addOption(
      new Option('--namespace <name>', "namespace of the operator's Leases")
        .env('POD_NAMESPACE')
        .default('sigma-operator'),
    )
    .addOption(
      new Option('--node-name <name>', 'node whose audit logs this replica follows; part of stored positions')
        .env('NODE_NAME')
        .default(hostname(), "the host's name"),
    )
    .addOption(
      new Option('--replica-name <name>', "this replica's name, unique among all replicas")
        .env('POD_NAME')
        .default(`${hostname()}-${process.pid}`, "the host's name and the process id"),
    )
    .addOption(
      new Option(
        '--pod-uid <uid>',
        'uid of the pod: a container that is started again in it goes on with the Leases of the one before at once',
      ).env('POD_UID'),
    )
    .addOption(
      new Option('--state-dir <directory>', 'where positions are stored; should outlive the process')
        .env('STATE_DIR')
        .default('/var/lib/sigma-operator'),
    )
    .addOption(
      new Option('--listen <address>', 'host:port of /healthz, /readyz and /metrics')
        .env('LISTEN')
        .default({ host: '127.0.0.1', port: 8080 }, '127.0.0.1:8080')
        .argParser(listenAddress),
    )
    .addOption(
      new Option(
        '--webhook-listen <address>',
        'host:port on which audit webhooks are received; such a replica follows no files',
      )
        .env('WEBHOOK_LISTEN')
        .argParser(listenAddress),
    )
    .addOption(
      new Option('--webhook-tls-cert <file>', "the receiver's certificate (PEM)")
        .env('WEBHOOK_TLS_CERT')
        .default('/etc/sigma-operator/webhook/tls.crt'),
    )
    .addOption(
      new Option('--webhook-tls-key <file>', 'the key of the certificate (PEM)')
        .env('WEBHOOK_TLS_KEY')
        .default('/etc/sigma-operator/webhook/tls.key'),
    )
    .addOption(
      new Option(
        '--webhook-client-ca <file>',
        'who signs the certificates of those who may deliver (PEM); without it, tokens alone let in',
      ).env('WEBHOOK_CLIENT_CA'),
    )
    .addOption(
      new Option('--webhook-tokens <directory>', 'a file of bearer tokens for each AuditSource, called as it is')
        .env('WEBHOOK_TOKENS')
        .default('/etc/sigma-operator/webhook-tokens'),
    )
    .addOption(
      new Option('--look-up <resources...>', 'resources, as plural.group, whose uid is looked up for Events').default([
        'cronjobs.batch',
        'jobs.batch',
      ]),
    )
    .addOption(
      new Option(
        '--placeholders <configmap>',
        "ConfigMap, in the operator's namespace, with the placeholders of rules (modifier `expand`)",
      )
        .env('PLACEHOLDERS')
        .default('sigma-placeholders'),
    )
    .addOption(
      new Option(
        '--max-alerts <number>',
        'Alerts that there may be in the cluster; what finds no room is counted by rule',
      )
        .env('MAX_ALERTS')
        .default(5000)
        .argParser(positiveInteger),
    )
    .addOption(
      new Option('--max-alerts-per-rule <number>', 'Alerts that there may be of one rule')
        .env('MAX_ALERTS_PER_RULE')
        .default(500)
        .argParser(positiveInteger),
    )
    .addOption(
      new Option(
        '--alert-writes-per-second <number>',
        'writes of Alerts, by this replica; more wait, and are put together',
      )
        .env('ALERT_WRITES_PER_SECOND')
        .default(20)
        .argParser(positiveInteger),
    )
    .addOption(
      new Option('--alert-ttl <duration>', 'how long an Alert is kept after it last counted a request, e.g. 12h or 30d')
        .env('ALERT_TTL')
        .default(parseDuration('30d'), '30d')
        .argParser(duration),
    )
    .addOption(
      new Option('--resolved-alert-ttl <duration>', 'the same for Alerts that people have resolved')
        .env('RESOLVED_ALERT_TTL')
        .default(parseDuration('7d'), '7d')
        .argParser(duration),
    )
    .addOption(
      new Option(
        '--alert-group-by <dimensions>',
        `what requests must agree in to become one Alert, of rules that do not say: some of ${GROUP_DIMENSIONS.join(', ')}, with commas between them`,
      )
        .env('ALERT_GROUP_BY')
        .argParser(groupDimensions),
    )
    .addOption(
      new Option('--alert-events <subject>', 'what Kubernetes Events are about, of rules that do not say')
        .env('ALERT_EVENTS')
        .choices(EVENT_SUBJECTS)
        .default('Object'),
    )
    .addOption(
      new Option('--log-level <level>', 'least severe log level').env('LOG_LEVEL').choices(LOG_LEVELS).default('info'),
    )
    .addOption(new Option('--log-format <format>', 'log format').env('LOG_FORMAT').choices(LOG_FORMATS).default('json'))
    .addHelpText('after', EXAMPLES)
    .action(async (options: RunFlags) => {
      const { runOperator } = await import('../operator/run-operator.ts');
      process.exitCode = await runOperator(operatorOptions(options));
    });
}

interface RunFlags
  extends Omit<OperatorOptions, 'kube' | 'version' | 'alertBudget' | 'alertRetention' | 'alertDefaults' | 'webhook'> {
  readonly webhookListen?: OperatorOptions['listen'];
  readonly webhookTlsCert: string;
  readonly webhookTlsKey: string;
  readonly webhookClientCa?: string;
  readonly webhookTokens: string;
  readonly maxAlerts: number;
  readonly maxAlertsPerRule: number;
  readonly alertTtl: number;
  readonly resolvedAlertTtl: number;
  readonly alertGroupBy?: readonly GroupDimension[];
  readonly alertEvents: EventSubject;
  readonly kubeconfig?: string;
  readonly context?: string;
}

function operatorOptions(flags: RunFlags): OperatorOptions {
  const { kubeconfig, context, maxAlerts, maxAlertsPerRule, alertTtl, resolvedAlertTtl, ...others } = flags;
  const { alertGroupBy, alertEvents, ...further } = others;
  const { webhookListen, webhookTlsCert, webhookTlsKey, webhookClientCa, webhookTokens, ...rest } = further;
  return {
    ...rest,
    webhook: webhookListen && {
      listen: webhookListen,
      certFile: webhookTlsCert,
      keyFile: webhookTlsKey,
      clientCaFile: webhookClientCa,
      tokensDir: webhookTokens,
    },
    alertBudget: { alerts: maxAlerts, alertsPerRule: maxAlertsPerRule },
    alertRetention: { ttl: alertTtl, resolvedTtl: resolvedAlertTtl },
    alertDefaults: { groupBy: alertGroupBy, events: alertEvents },
    kube: kubeconfig === undefined ? { inCluster: true } : { kubeconfig, context },
    version: VERSION,
  };
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1 to 9999999.');
  return Number(text);
}

function duration(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined || milliseconds < 60_000)
    throw new InvalidArgumentError('Give a duration of at least a minute, e.g. 90m, 12h or 30d.');
  return milliseconds;
}

function groupDimensions(text: string): readonly GroupDimension[] {
  const names = text.split(',').map((name) => name.trim());
  return names
    .filter((name) => name !== '')
    .map((name) => {
      const dimension = GROUP_DIMENSIONS.find((each) => each.toLowerCase() === name.toLowerCase());
      if (dimension !== undefined) return dimension;
      throw new InvalidArgumentError(`Give some of ${GROUP_DIMENSIONS.join(', ')}, e.g. Actor,Operation,Object.`);
    });
}

function listenAddress(text: string): OperatorOptions['listen'] {
  const match = /^(?:\[([0-9a-f:]+)\]|([^:[\]]*)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535)
    throw new InvalidArgumentError('Give host:port, e.g. 127.0.0.1:8080 or [::1]:8080.');
  return { host: match[1] ?? match[2] ?? '', port };
}

const EXAMPLES = `
Examples:
  sigma-operator run                                       in a pod (see manifests/)
  sigma-operator run --kubeconfig ~/.kube/config --context dev --state-dir ./state --log-format pretty
  sigma-operator run --webhook-listen 0.0.0.0:8443         take what API servers deliver (docs/receive-by-webhook.md)

Exit status: 0 after SIGTERM or SIGINT, 1 after an error, 2 for wrong arguments.`;

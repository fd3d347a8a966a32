import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** What one Alert of the CronJob/Job rule should say, counted without any code of the operator. */
export interface ExpectedAlert {
  readonly actor: string;
  readonly impersonated: string | undefined;
  readonly operation: string;
  readonly outcome: string;
  readonly resource: string;
  readonly namespace: string;
  /** Undefined where the Alert is about all objects of the resource in the namespace. */
  readonly name: string | undefined;
  count: number;
}

interface LoggedEvent {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user?: { readonly username?: string };
  readonly impersonatedUser?: { readonly username?: string };
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly requestObject?: { readonly metadata?: { readonly name?: string; readonly generateName?: string } };
  readonly responseObject?: { readonly metadata?: { readonly name?: string } };
  readonly responseStatus?: { readonly code?: number };
}

const OPERATIONS: Readonly<Record<string, string>> = {
  create: 'create',
  update: 'change',
  patch: 'change',
  delete: 'delete',
};

/**
 * Recounts the CronJob/Job rule over the whole audit log in a directory, backups included: a second opinion for the demo and
 * the tests. It knows the rule and the grouping, and shares nothing with the operator.
 */
export async function recount(directory: string): Promise<readonly ExpectedAlert[]> {
  const alerts = new Map<string, ExpectedAlert>();
  for (const file of readdirSync(directory).filter((name) => /\.log(\.gz)?$/.test(name))) {
    const stream = createReadStream(join(directory, file));
    const lines = createInterface({ input: file.endsWith('.gz') ? stream.pipe(createGunzip()) : stream });
    for await (const line of lines) {
      const alert = line === '' ? undefined : expected(JSON.parse(line) as LoggedEvent);
      if (alert === undefined) continue;
      const { count: _, ...key } = alert;
      const known = alerts.get(JSON.stringify(key));
      if (known === undefined) alerts.set(JSON.stringify(key), alert);
      else known.count += 1;
    }
  }
  return [...alerts.values()];
}

function expected(event: LoggedEvent): ExpectedAlert | undefined {
  const operation = OPERATIONS[event.verb];
  const code = event.responseStatus?.code ?? 0;
  const on = event.objectRef;
  if (event.stage !== 'ResponseComplete' || on?.apiGroup !== 'batch' || operation === undefined) return undefined;
  if (on.resource !== 'cronjobs' && on.resource !== 'jobs') return undefined;
  const outcome = code < 400 ? 'Allowed' : code === 401 || code === 403 ? 'Denied' : 'Failed';
  if (outcome === 'Failed' || /[?&]dryRun=All(&|$)/.test(event.requestURI)) return undefined;
  const actor = event.user?.username ?? '';
  const name = on.name ?? event.responseObject?.metadata?.name ?? event.requestObject?.metadata?.name;
  return {
    actor,
    impersonated: event.impersonatedUser?.username,
    operation,
    outcome,
    resource: on.resource,
    namespace: on.namespace ?? '',
    name: actor.startsWith('system:') ? undefined : name,
    count: 1,
  };
}

import type { Actor, AuditEvent, ObjectTarget } from '../audit/index.ts';

/** The two ways in which kube-controller-manager's CronJob controller authenticates; the second one it shares with others. */
const CRONJOB_CONTROLLERS: ReadonlySet<string> = new Set([
  'system:serviceaccount:kube-system:cronjob-controller',
  'system:kube-controller-manager',
]);

/** What this controller does to Jobs as such. Their status is the Job controller's. */
const ITS_VERBS: ReadonlySet<string> = new Set(['create', 'delete']);

/** The controller names its Jobs by the CronJob and the scheduled time in minutes since the epoch. */
const ITS_NAMES = /^(.+)-\d{8,10}$/;

/**
 * The name of the CronJob that a Job belongs to, where the CronJob controller itself makes or removes the Job: by the owner
 * that the Job's body names, or where no body is logged by the name that the controller gives its Jobs. Of anybody else
 * neither is believed: whoever may create Jobs may write into them what they like.
 */
export function cronJobOf(event: AuditEvent, { username, impersonated }: Actor, on: ObjectTarget): string | undefined {
  if (on.resource !== 'jobs' || on.apiGroup !== 'batch' || on.subresource !== '') return undefined;
  if (!CRONJOB_CONTROLLERS.has(username) || impersonated !== undefined || !ITS_VERBS.has(event.verb)) return undefined;
  const job = [event.responseObject, event.requestObject].find(isJob);
  return job === undefined ? ITS_NAMES.exec(on.name)?.[1] : controllingCronJob(job);
}

function controllingCronJob(job: Readonly<Record<string, unknown>>): string | undefined {
  const metadata = isObject(job['metadata']) ? job['metadata'] : {};
  const owners: unknown = metadata['ownerReferences'];
  const owner = (Array.isArray(owners) ? (owners as readonly unknown[]) : []).find(
    (each) => isObject(each) && each['controller'] === true,
  );
  if (!isObject(owner) || owner['kind'] !== 'CronJob' || owner['apiVersion'] !== 'batch/v1') return undefined;
  return typeof owner['name'] === 'string' && owner['name'] !== '' ? owner['name'] : undefined;
}

function isJob(body: unknown): body is Readonly<Record<string, unknown>> {
  return isObject(body) && body['kind'] === 'Job';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

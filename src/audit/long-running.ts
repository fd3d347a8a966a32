import type { AuditEvent } from './event.ts';

const LONG_RUNNING_VERBS: ReadonlySet<string> = new Set(['watch', 'proxy']);
const LONG_RUNNING_SUBRESOURCES: ReadonlySet<string> = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);

/**
 * Whether kube-apiserver treats the request as long-running: it logs such a request when the response starts, and
 * again when it ends, which may be days later. The sets are kube-apiserver's own (its profiling paths included).
 */
export function isLongRunning(event: Pick<AuditEvent, 'verb' | 'objectRef' | 'requestURI'>): boolean {
  if (LONG_RUNNING_VERBS.has(event.verb)) return true;
  if (event.objectRef !== undefined) return LONG_RUNNING_SUBRESOURCES.has(event.objectRef.subresource ?? '');
  return event.requestURI?.startsWith('/debug/pprof/') ?? false;
}

import type { Alert } from '../../api/alert.generated.ts';
import { type Change, Reflector, Store } from '../../kube/index.ts';
import { EXIT, type ExitStatus } from '../output/exit-status.ts';
import { safeJson } from '../output/json.ts';
import type { Style } from '../output/style.ts';
import type { Output, Terminal } from '../output/terminal.ts';
import { joined, muted, severity, type Text } from '../pages/page.ts';
import { styledText } from '../pages/terminal-text.ts';
import { type ClusterChoice, withAlerts } from './connection.ts';
import { type AlertFilters, matchesFilters, stateOf } from './filters.ts';
import { stateMark } from './state-mark.ts';

export interface TailOptions extends ClusterChoice, AlertFilters {
  readonly output?: 'json' | undefined;
}

/** Prints what Alerts count and become, until the signal aborts; with `since` first what there is so far back. Throws a CommandFailure. */
export async function runTail(options: TailOptions, { out }: Terminal, signal: AbortSignal): Promise<ExitStatus> {
  return await withAlerts(options, async ({ alerts }) => {
    // A first look, so that a cluster that cannot be reached is a failure and not silence.
    await alerts.list({ limit: 1 });
    const store = new Store<Alert>();
    const running = new Reflector({ resource: alerts, store }).run(signal);
    await store.whenSynced(signal).catch(() => undefined);
    let live = false;
    const unsubscribe = store.subscribe((change) => {
      if (live || (options.since !== undefined && matchesFilters(change.object, options, Date.now())))
        print(change, options, out);
    });
    live = true;
    await running;
    unsubscribe();
    return EXIT.clean;
  });
}

function print(change: Change<Alert>, options: TailOptions, out: Output): void {
  const { type, object } = change;
  if (type === 'delete' || !matchesFilters(object, { ...options, since: undefined }, 0)) return;
  const before = type === 'update' ? change.old : undefined;
  const more = (object.status?.count ?? 0) - (before?.status?.count ?? 0);
  if (more <= 0 && (before === undefined || stateOf(before) === stateOf(object))) return;
  out.write(options.output === 'json' ? `${safeJson(object)}\n` : line(object, more, out.style));
}

function line(alert: Alert, more: number, style: Style): string {
  const { finding, status, metadata } = alert;
  const time = muted(more > 0 ? (status?.lastSeen ?? '') : (status?.triagedAt ?? ''));
  const what: Text = more > 0 ? [`${finding.summary} (+${more}, ${status?.count} in all)`] : [finding.summary];
  const by = more > 0 || alert.triage === undefined ? [] : [`by ${alert.triage.by}`];
  const parts = [time, severity(finding.severity), stateMark(stateOf(alert)), ...by, ...what, muted(metadata.name)];
  return `${styledText(joined(parts, '  '), style)}\n`;
}

import { type AuditRecord, LevelObserver, type ObserverSnapshot } from '../audit/index.ts';
import type { ScreenedLine } from './log-screen.ts';

/** Of the lines of a run that are not parsed, the first so many are looked at, and then each of so many. */
const FIRST_LINES = 32;
const THEN_EACH = 64;

/**
 * Notes at which audit levels requests are logged: of all events that are parsed, and of some of the lines that no rule
 * needs. A log that is read as it is written comes in small runs, and nearly all of it is seen; one that is caught up with, in part.
 */
export class LevelObservation {
  readonly #observer: LevelObserver;
  #passedOver = 0;

  constructor(restore?: unknown) {
    this.#observer = new LevelObserver(restore);
  }

  passedOver(line: ScreenedLine): void {
    const index = this.#passedOver++;
    if (index >= FIRST_LINES && index % THEN_EACH !== 0) return;
    const { code } = line;
    const resource = line.get('objectRef.resource');
    if (code === undefined || (resource === undefined && line.isAboutObject)) return;
    this.#observer.note({
      level: line.get('level'),
      verb: line.get('verb'),
      apiGroup: line.get('objectRef.apiGroup'),
      resource,
      subresource: line.get('objectRef.subresource'),
      code,
      bodies: line.skipped || line.truncated,
    });
  }

  /** A run of records was read. @param time of the last event up to there, RFC 3339 */
  run(records: readonly AuditRecord[], time: string | undefined): void {
    for (const { event, bodiesUnknown } of records) {
      const { level, verb, objectRef, responseStatus, requestObject, responseObject } = event;
      this.#observer.note({
        level,
        verb,
        apiGroup: objectRef?.apiGroup,
        resource: objectRef?.resource,
        subresource: objectRef?.subresource,
        code: responseStatus?.code,
        bodies: bodiesUnknown || requestObject !== undefined || responseObject !== undefined,
      });
    }
    if (time !== undefined) this.#observer.readTo(time);
    this.#passedOver = 0;
  }

  snapshot(periods?: 'apart' | 'joined'): ObserverSnapshot | undefined {
    return this.#observer.snapshot(periods);
  }
}

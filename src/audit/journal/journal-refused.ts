/** Why a journal takes nothing at the moment. */
export type RefusalReason =
  /** What was not consumed yet takes all the room that it may take. */
  | 'full'
  /** The file system refused to write or to sync. It is tried again. */
  | 'failed'
  /** It is being closed. */
  | 'closed';

/**
 * A journal did not take something: nothing that was appended since the last commit may be acknowledged. Trying again
 * later is the remedy.
 */
export class JournalRefused extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, options?: ErrorOptions) {
    super(MESSAGES[reason], options);
    this.name = 'JournalRefused';
    this.reason = reason;
  }
}

const MESSAGES: Readonly<Record<RefusalReason, string>> = Object.freeze({
  full: 'the journal is full of records that were not consumed yet',
  failed: 'the journal cannot be written',
  closed: 'the journal is closed',
});

/** A file as a listing shows it. */
export interface ListedFile {
  readonly name: string;
  readonly size: number;
  /** Wall clock, milliseconds. */
  readonly modified: number;
}

/** A file that is being written. It has one writer. */
export interface WritableFile {
  /** Writes all bytes at this offset, or rejects; then any part of them may have been written. */
  write(bytes: Buffer, offset: number): Promise<void>;
  /** Resolves once everything that was written survives a loss of power. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** A file that is being read. It stays readable when it is removed. */
export interface ReadableFile {
  /** Reads into the whole buffer, less only at the end of the file; returns how many bytes. */
  read(into: Buffer, offset: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * What a journal needs of a file system: one flat directory. Errors carry a system error code (`ENOSPC`, `ENOENT`).
 * Behind an interface so that tests can pull the plug, fill the disk and flip bits.
 */
export interface JournalFiles {
  /** For people, in statuses. */
  readonly path: string;
  /** Makes the directory where it is missing. */
  list(): Promise<readonly ListedFile[]>;
  /** Fails where the file exists. */
  create(name: string): Promise<WritableFile>;
  open(name: string): Promise<ReadableFile>;
  /** Cuts off what is behind this length. */
  truncate(name: string, length: number): Promise<void>;
  /** Resolves once what is in the file survives a loss of power. */
  sync(name: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Resolves once names that were created and removed survive a loss of power. */
  syncDirectory(): Promise<void>;
}

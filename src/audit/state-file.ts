import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isSourceCheckpoint, type SourceCheckpoint } from './checkpoint.ts';
import type { StageGateSnapshot } from './stage-gate.ts';
import { syncPath } from './sync-path.ts';
import { sourceError } from './system-error.ts';

/** What a replica remembers of one partition, all as of the same position. */
export interface PartitionState {
  readonly checkpoint: SourceCheckpoint;
  readonly stages: StageGateSnapshot;
  /** The caller's own. Plain JSON. */
  readonly extra?: unknown;
}

/** What a replica remembers: by the name of the partition. */
export type ReplicaState = Readonly<Record<string, PartitionState>>;

/** What came of reading a state file. */
export type LoadedState =
  /** Partitions that are damaged are named and left out. */
  | { readonly kind: 'loaded'; readonly partitions: ReplicaState; readonly damaged: readonly string[] }
  /** There is no state file: a first start, or the volume was lost. */
  | { readonly kind: 'missing' }
  /** It is damaged, or a newer version wrote it. It was moved aside, and nothing is remembered. */
  | { readonly kind: 'unusable'; readonly reason: string; readonly movedTo: string };

const VERSION = 1;

/**
 * The state file of one replica. It has one writer. A save is complete or did not happen, also when the power fails:
 * it is written beside the file, synced, renamed over it, and the directory synced.
 */
export class StateFile {
  readonly #path: string;
  #saving: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Rejects only where the file cannot be read or moved aside at all. */
  async load(): Promise<LoadedState> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (sourceError(error).code === 'ENOENT') return { kind: 'missing' };
      throw error;
    }
    const content = parseState(text);
    if (typeof content !== 'string') return { kind: 'loaded', ...content };
    const movedTo = `${this.#path}.unusable`;
    await rename(this.#path, movedTo);
    return { kind: 'unusable', reason: content, movedTo };
  }

  /** Resolves once the state is safe. Saves that overlap happen one after the other. */
  async save(partitions: ReplicaState): Promise<void> {
    const text = `${JSON.stringify({ version: VERSION, partitions })}\n`;
    const saved = this.#saving.then(async () => await this.#replace(text));
    this.#saving = saved.catch(() => {});
    await saved;
  }

  async #replace(text: string): Promise<void> {
    const directory = dirname(this.#path);
    await mkdir(directory, { recursive: true });
    const temporary = join(directory, `.${process.pid}.state.tmp`);
    await writeSynced(temporary, text);
    await rename(temporary, this.#path);
    await syncPath(directory);
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The partitions, or why there are none. */
function parseState(text: string): { partitions: ReplicaState; damaged: readonly string[] } | string {
  const content = parseJson(text);
  if (!isObject(content) || !isObject(content.partitions)) return 'it is no state file';
  if (content.version !== VERSION)
    return `it has version ${String(content.version)}, and this release reads version ${VERSION}`;
  const partitions = new Map<string, PartitionState>();
  const damaged: string[] = [];
  for (const [name, partition] of Object.entries(content.partitions)) {
    if (isPartitionState(partition)) partitions.set(name, partition);
    else damaged.push(name);
  }
  return { partitions: Object.fromEntries(partitions), damaged };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The stages check themselves when they are restored. */
function isPartitionState(value: unknown): value is PartitionState {
  return isObject(value) && isSourceCheckpoint(value.checkpoint) && isObject(value.stages);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { open } from 'node:fs/promises';

/** Resolves once what is at this path, the content of a file or the names in a directory, survives a loss of power. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

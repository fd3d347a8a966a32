import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CommandFailure } from '../failure.ts';

/** As kubectl finds it; a list of files would have to be merged, and is refused. */
export function kubeconfigFile(given: string | undefined): string {
  if (given === undefined || given === '') return join(homedir(), '.kube/config');
  const files = given.split(delimiter).filter((file) => file !== '');
  if (files.length > 1) throw new CommandFailure('UnusableKubeconfig', given, 'KUBECONFIG names several files.');
  return files[0] ?? given;
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a run of kubectl by hand needs to talk to this control plane and leave the person's ~/.kube alone. */
export interface KubectlEnvironment {
  readonly KUBECONFIG: string;
  readonly KUBECACHEDIR: string;
  readonly KUBERC: 'off';
}

export function kubectlEnvironment(kubeconfig: string, cacheDirectory: string): KubectlEnvironment {
  return { KUBECONFIG: kubeconfig, KUBECACHEDIR: cacheDirectory, KUBERC: 'off' };
}

/** Writes an executable `kubectl` into `directory` that needs neither flags nor variables. Returns its path. */
export function writeKubectlScript(directory: string, binary: string, environment: KubectlEnvironment): string {
  const path = join(directory, 'kubectl');
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}\n`);
  writeFileSync(path, `#!/bin/sh\n${exports.join('')}exec ${quote(binary)} "$@"\n`, { mode: 0o755 });
  return path;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

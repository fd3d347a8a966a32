import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOrBuild, type GoTools, isExecutable, type OnBuildProgress } from '../go-tools/index.ts';

/** Paths of the programs of a control plane. */
export interface Binaries {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly kubectl: string;
}

const moduleDirectory = fileURLToPath(new URL('.', import.meta.url));

/** The Go module in this folder pins the versions; see its `tool` lines. */
function controlPlaneTools(): GoTools {
  return {
    name: 'control-plane',
    moduleDirectory,
    programs: [
      { name: 'etcd', package: 'go.etcd.io/etcd/server/v3' },
      { name: 'kube-apiserver', package: 'k8s.io/kubernetes/cmd/kube-apiserver' },
      { name: 'kube-controller-manager', package: 'k8s.io/kubernetes/cmd/kube-controller-manager' },
      { name: 'kubectl', package: 'k8s.io/kubernetes/cmd/kubectl' },
    ],
    linkerFlags: versionFlags(readFileSync(join(moduleDirectory, 'go.mod'), 'utf8')),
    estimate: '7 to 11 minutes on two cores and 3 GiB of disk the first time; seconds when Go’s cache is warm',
  };
}

/** Kubernetes built as a module does not know its version; these linker flags tell it, and its clients' user agents. */
export function versionFlags(goMod: string): readonly string[] {
  const match = /^\s*k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\S+)/m.exec(goMod);
  if (match === null) {
    throw new Error('dev/control-plane/go.mod does not require k8s.io/kubernetes');
  }
  const [, version, major, minor] = match;
  const variables = {
    gitVersion: version,
    gitMajor: major,
    gitMinor: minor,
    gitCommit: 'unknown',
    gitTreeState: 'clean',
  };
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((versionPackage) =>
    Object.entries(variables).map(([name, value]) => `-X=${versionPackage}.${name}=${value}`),
  );
}

/**
 * Finds the programs of a control plane, or builds them (see {@link findOrBuild}).
 *
 * Where `KUBEBUILDER_ASSETS` names a folder with etcd and kube-apiserver, these are used, with its kube-controller-manager and kubectl if
 * it has them; of these two, only what is missing is built, and a kubectl on the PATH will do, of whatever version. Else all four
 * come from our cache, of one version.
 */
export async function findOrBuildBinaries(
  onProgress: OnBuildProgress,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Binaries> {
  const found = findInstalled(env);
  const tools = controlPlaneTools();
  const missing = tools.programs.map(({ name }) => name).filter((name) => !found.has(name));
  const built = await findOrBuild(tools, onProgress, { names: missing, env });
  const path = (name: string): string => found.get(name) ?? built.get(name) ?? '';
  return {
    etcd: path('etcd'),
    apiServer: path('kube-apiserver'),
    controllerManager: path('kube-controller-manager'),
    kubectl: path('kubectl'),
  };
}

/** What the machine has by `KUBEBUILDER_ASSETS`; empty where that lacks etcd or kube-apiserver. */
export function findInstalled(env: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  const assets = env['KUBEBUILDER_ASSETS'];
  if (!assets || !['etcd', 'kube-apiserver'].every((name) => isExecutable(join(assets, name)))) {
    return new Map();
  }
  const found = new Map<string, string>();
  for (const name of ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl']) {
    const path = join(assets, name);
    if (isExecutable(path)) {
      found.set(name, path);
    }
  }
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, 'kubectl'))
    .find(isExecutable);
  if (!found.has('kubectl') && onPath !== undefined) {
    found.set('kubectl', onPath);
  }
  return found;
}

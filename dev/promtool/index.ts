import { fileURLToPath } from 'node:url';
import { findOrBuild, type GoTools, type OnBuildProgress } from '../go-tools/index.ts';

/**
 * The Go module in this folder pins the version. Its Kubernetes modules are those of dev/control-plane, so that Go compiles them once for
 * both. Service discovery is left out: checking metrics and rules needs none.
 */
const PROMTOOL: GoTools = {
  name: 'promtool',
  moduleDirectory: fileURLToPath(new URL('.', import.meta.url)),
  programs: [{ name: 'promtool', package: 'github.com/prometheus/prometheus/cmd/promtool' }],
  buildTags: ['remove_all_sd'],
  estimate:
    '1 to 2 minutes on two cores after the control plane, 3 to 5 minutes without; seconds when Go’s cache is warm',
};

/** The path of Prometheus' promtool, from our cache or built (see {@link findOrBuild}). */
export async function findOrBuildPromtool(onProgress: OnBuildProgress): Promise<string> {
  const paths = await findOrBuild(PROMTOOL, onProgress);
  return paths.get('promtool') ?? '';
}

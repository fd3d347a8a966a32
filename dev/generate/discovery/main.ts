// Writes dev/generate/data/built-in-resources.json from the discovery documents of a real kube-apiserver, which it starts. `npm run generate` does not run
// it: run it when the control plane gets a new version of Kubernetes, then `npm run generate` and `npm run format`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { progressPrinter, startControlPlane } from '../../control-plane/index.ts';
import { type BuiltInResources, joinVersions, type ResourceList } from './discovered.ts';

const FILE = join(import.meta.dirname, '../data/built-in-resources.json');

await using plane = await startControlPlane({
  controllerManager: false,
  onBuildProgress: progressPrinter(process.stderr),
});

async function get<T extends object>(path: string): Promise<T> {
  const { stdout } = await plane.kubectl(['get', '--raw', path]);
  const answer: T = JSON.parse(stdout);
  return answer;
}

const { gitVersion } = await get<{ gitVersion: string }>('/version');
const { groups } = await get<{ groups: { versions: { groupVersion: string }[] }[] }>('/apis');
const paths = ['/api/v1', ...groups.flatMap(({ versions }) => versions.map((v) => `/apis/${v.groupVersion}`))];
const lists = await Promise.all(paths.map((path) => get<ResourceList>(path)));
const data: BuiltInResources = { kubernetes: gitVersion.replace(/^v/, ''), resources: joinVersions(lists) };
const rows = data.resources.map((resource) => `    ${JSON.stringify(resource)}`);
writeFileSync(FILE, `{\n  "kubernetes": "${data.kubernetes}",\n  "resources": [\n${rows.join(',\n')}\n  ]\n}\n`);
console.log(`wrote ${FILE}: ${data.resources.length} resources of Kubernetes ${data.kubernetes}`);

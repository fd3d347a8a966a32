// Starts a control plane for a developer to try things on, until Ctrl-C.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { progressPrinter, startControlPlane, stopOnSignals } from './index.ts';

const USAGE = `Usage: node dev/control-plane/main.ts [--keep-audit DIR]

Starts a real etcd, kube-apiserver and kube-controller-manager on free loopback ports, and stops them at Ctrl-C.

  --keep-audit DIR   write the audit log to DIR, and leave it there
`;

const { values } = parseArgs({ options: { 'keep-audit': { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
if (values.help === true) {
  process.stdout.write(USAGE);
} else {
  await main(values['keep-audit']);
}

async function main(auditDirectory: string | undefined): Promise<void> {
  const controlPlane = await startControlPlane({
    onBuildProgress: progressPrinter(process.stderr),
    onStep: (text) => console.error(text),
    onUnexpectedExit: ({ message }) => console.error(message),
    ...(auditDirectory === undefined ? {} : { audit: { directory: resolve(auditDirectory) } }),
  });
  stopOnSignals(async () => {
    console.error('\nStopping …');
    await controlPlane.stop();
  });
  console.log(`
API server   ${controlPlane.server}
Directory    ${controlPlane.directory}
Audit log    ${controlPlane.auditLog}
Kubeconfig   ${controlPlane.kubeconfig()}

  ${controlPlane.kubectlPath} get namespaces

Ctrl-C stops it and removes everything.`);
}

// A program that the tests start and end in various ways: it supervises a shell that has a child of its own, and prints
// what it made as one JSON line.
import { spawn } from 'node:child_process';
import { startSupervisor, stopOnSignals } from '../../../dev/supervisor/index.ts';

const supervisor = await startSupervisor({ directoryPrefix: 'sigma-operator-test-' });
const shell = await supervisor.start({ name: 'shell', command: 'sh', args: ['-c', 'sleep 60 & echo $!; wait'] });
const adopted = spawn('sleep', ['60'], { stdio: 'ignore' });
supervisor.adopt(adopted);
while (shell.logTail() === '') {
  await new Promise((resolve) => setTimeout(resolve, 10));
}

const how = process.argv[2];
if (how === 'stop-on-signals') {
  stopOnSignals(() => supervisor.stop());
}
process.stdout.write(
  `${JSON.stringify({ directory: supervisor.directory, pids: [shell.pid, Number(shell.logTail()), adopted.pid] })}\n`,
);
if (how === 'exit') {
  process.exit(3);
}
if (how === 'throw') {
  setImmediate(() => {
    throw new Error('on purpose');
  });
}

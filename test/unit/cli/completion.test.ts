import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { commandTree } from '../../../src/cli/completion/command-tree.ts';
import { completionScript } from '../../../src/cli/completion/completion-script.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { testFolder } from './files.ts';

const TREE = commandTree(createProgram());
/** How each shell reads a script without running it, and prints what it would offer for a line, one word a line. */
const SHELLS = {
  bash: {
    check: ['-n'],
    // As readline calls the function.
    ask: (script: string, words: readonly string[]) =>
      `. ${script}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _sigma_operator; printf '%s\\n' "\${COMPREPLY[@]}"`,
  },
  fish: {
    check: ['--no-execute'],
    ask: (script: string, words: readonly string[]) =>
      `source ${script}; complete -C '${words.join(' ')}' | string replace -r '\\t.*' ''`,
  },
  zsh: { check: ['-n'], ask: undefined },
} as const;
/** bash is everywhere where this is developed; the others are asked where they are installed. */
const INSTALLED = (['bash', 'fish', 'zsh'] as const).filter(
  (shell) => shell === 'bash' || spawnSync(shell, ['-c', 'true']).status === 0,
);

describe('completion', function () {
  this.timeout(20_000);
  const folder = testFolder();

  function scriptFor(shell: keyof typeof SHELLS): string {
    folder.write({ script: completionScript(shell, TREE) });
    return join(folder.path, 'script');
  }

  const lines: readonly { readonly line: string; readonly offers: readonly string[] }[] = [
    { line: 'sigma-operator c', offers: ['catalog', 'completion', 'coverage'] },
    { line: 'sigma-operator catalog ', offers: ['actions', 'attack', 'build', 'indicators', 'list', 'show'] },
    { line: 'sigma-operator catalog list --so', offers: ['--sort'] },
    { line: 'sigma-operator catalog list --sort ', offers: ['level', 'source', 'status', 'title'] },
    { line: 'sigma-operator policy check --fail-on ', offers: ['cannot-fire', 'limited', 'never'] },
    { line: 'sigma-operator policy check --po', offers: ['--policy'] },
    { line: 'sigma-operator completion ', offers: ['bash', 'fish', 'zsh'] },
  ];

  for (const shell of INSTALLED) {
    const { check, ask } = SHELLS[shell];

    it(`is a script that ${shell} reads`, () => {
      const { status, stderr } = spawnSync(shell, [...check, scriptFor(shell)], { encoding: 'utf8' });
      assert.deepEqual([status, stderr], [0, '']);
    });

    if (ask === undefined) continue;
    for (const { line, offers } of lines) {
      it(`offers in ${shell} ${offers.join(', ')} for "${line}"`, () => {
        const command = ask(scriptFor(shell), line.split(' '));
        const { stdout, stderr } = spawnSync(shell, ['-c', command], { encoding: 'utf8', cwd: folder.path });
        const words = stdout.split('\n').filter((word) => word !== '' && word !== '--help' && word !== '-h');
        assert.deepEqual([words.toSorted(), stderr], [offers, '']);
      });
    }
  }

  it('knows every command, option and choice in every shell', () => {
    for (const shell of ['bash', 'zsh', 'fish'] as const) {
      const script = completionScript(shell, TREE);
      for (const word of ['catalog', 'indicators', 'at-least', 'require-tests', 'cannot-fire', 'ndjson', 'tail'])
        assert.ok(script.includes(word), `${shell}: ${word}`);
    }
  });
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandNode, commandTree } from '../../../src/cli/completion/command-tree.ts';
import { createProgram } from '../../../src/cli/program.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DOCS = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.md'),
);
const FILES = ['README.md', 'CONTRIBUTING.md', ...DOCS.map((file) => `docs/${file}`)];

/** A line of `sigma-operator` or of the plugin, and where it is written. */
interface Line {
  readonly file: string;
  readonly text: string;
}

/** Every command in code of the documentation, which includes the examples of the help texts: they are in the reference. */
function documentedCommands(): readonly Line[] {
  return FILES.flatMap((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const blocks = [...text.matchAll(/^```\w*\n(.*?)^```$/gms)].flatMap(([, block = '']) => block.split('\n'));
    const spans = [...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) =>
      span.replaceAll('\n', ' '),
    );
    const starts = /^(?:\$ |- run: | *)?(?:\w+ <\()?(?:npx )?(sigma-operator (?!\[)\w.*|kubectl detections .*)$/;
    return [...blocks, ...spans].flatMap((line) => {
      const [, command] = starts.exec(line) ?? [];
      return command === undefined ? [] : [{ file, text: command }];
    });
  });
}

/** What of a line there is no such command or option for. */
function unknownIn(text: string, program: CommandNode): readonly string[] {
  const [line = ''] = text.split(/ (?:[|>]|&&|2>) ?| {3}|\)$/);
  const words = line
    .replaceAll(/'[^']*'/g, 'quoted')
    .split(' ')
    .slice(1);
  let node = program;
  const unknown: string[] = [];
  for (const word of words) {
    const command = node.commands.find(({ name }) => name === word);
    const [option = ''] = word.split('=');
    if (command !== undefined) node = command;
    else if (node.commands.length > 0 && node.options.length <= 2 && /^[a-z-]+$/.test(word) && !word.startsWith('-'))
      unknown.push(word);
    else if (/^--?[a-z]/.test(word) && !known(node, option)) unknown.push(word);
  }
  return unknown;
}

function known({ options }: CommandNode, flag: string): boolean {
  return flag === '--version' || options.some(({ long, short }) => long === flag || short === flag);
}

describe('the documentation', () => {
  const program = commandTree(createProgram());
  const detections = program.commands.find(({ name }) => name === 'detections') ?? program;

  it('shows only commands and options that there are', () => {
    const lines = documentedCommands();
    assert.ok(lines.length > 100, String(lines.length));
    const wrong = lines.flatMap(({ file, text }) => {
      const isPlugin = text.startsWith('kubectl ');
      const unknown = unknownIn(isPlugin ? text.replace('kubectl ', '') : text, isPlugin ? detections : program);
      return unknown.map((word) => `${file}: ${text}: ${word}`);
    });
    assert.deepEqual(wrong, []);
  });
});

import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Tells the story on the terminal: a heading a step, the commands as one would type them, and what they print. */
export class Narrator {
  #step = 0;

  step(title: string): void {
    this.#step += 1;
    console.log(`\n${paint('bold', `${this.#step}. ${title}`)}`);
  }

  say(text: string): void {
    console.log(`   ${text}`);
  }

  command(line: string, by?: string): void {
    const who = by === undefined ? '' : paint('dim', `   # as ${by}`);
    console.log(`   ${paint('cyan', `$ ${line}`)}${who}`);
  }

  output(text: string): void {
    const trimmed = text.trimEnd();
    if (trimmed !== '') console.log(trimmed.replace(/^/gm, '   '));
  }

  good(text: string): void {
    console.log(`   ${paint('green', '✔')} ${text}`);
  }

  bad(text: string): void {
    console.log(`   ${paint('red', '✘')} ${text}`);
  }
}

/** Colours on a terminal only. */
function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BlockPrinter } from '../../../src/cli/catalog/site/html-blocks.ts';
import { createStyle } from '../../../src/cli/output/style.ts';
import { markdownPage } from '../../../src/cli/pages/markdown-page.ts';
import {
  address,
  code,
  fact,
  facts,
  mark,
  type Page,
  plainText,
  ruleLink,
  strong,
} from '../../../src/cli/pages/page.ts';
import { terminalPage } from '../../../src/cli/pages/terminal-page.ts';

const HOSTILE = '\u001b[31m<script>alert(1)</script>\u202e`|`*[x](javascript:alert(1))&amp;"\'';

function pageWith(text: string): Page {
  return {
    title: text,
    subtitle: [text],
    sections: [
      {
        id: 'all',
        title: 'All',
        blocks: [
          facts(fact(text, text, code(text), strong(text)), fact('Address', address(text))),
          { kind: 'paragraph', text: [text, mark('bad', text), ruleLink(text, text)] },
          { kind: 'prose', text: `${text}\n${text}` },
          { kind: 'list', items: [[text], [code(text)]] },
          { kind: 'tree', root: { text: [text], children: [{ text: [code(text)], children: [] }] } },
          { kind: 'code', language: 'yaml', text: `key: ${text}\n# ${text}` },
          { kind: 'note', tone: 'warning', text: [text] },
          { kind: 'heading', text: [text] },
          {
            kind: 'table',
            caption: text,
            columns: [{ title: text }, { title: 'Number', align: 'right' }],
            rows: [[[[text], [code(text)]], [['1']]]],
          },
        ],
      },
    ],
  };
}

function htmlOf(page: Page): string {
  const printer = new BlockPrinter('rules/x.html', {
    rule: () => 'rules/y.html',
    attack: () => undefined,
    field: () => undefined,
  });
  return page.sections.map(({ blocks }) => printer.blocks(blocks).text).join('');
}

describe('pages', () => {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]/;

  it('let nothing through that a terminal, Markdown or HTML would act on', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constant(HOSTILE)), (text) => {
        const page = pageWith(text);
        assert.doesNotMatch(terminalPage(page, createStyle(false), 60), hidden);
        assert.doesNotMatch(markdownPage(page), hidden);
        assert.doesNotMatch(htmlOf(page), hidden);
      }),
    );
    const html = htmlOf(pageWith(HOSTILE));
    assert(!html.includes('<script'));
    assert(!html.includes('href="javascript:'));
    assert(html.includes('&lt;script&gt;'));
    assert.match(html, /\\u\{1b\}/);
  });

  it('keep what could be a tag or a link out of Markdown', () => {
    const outside = markdownPage(pageWith(HOSTILE)).replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/gs, '');
    assert.doesNotMatch(outside, /(?<!\\)<script|(?<!\\)\[x\]/);
  });

  it('make links only of addresses of the web', () => {
    const link = (text: string): boolean => htmlOf(pageWith(text)).includes(' rel="noreferrer noopener"');
    assert(link('https://example.org/a?b=c#d'));
    for (const text of ['javascript:alert(1)', 'data:text/html,x', 'https://a b', 'https://a"b', '//example.org'])
      assert(!link(text), text);
  });

  it('fit the terminal: words wrap, columns give way, addresses stay whole', () => {
    const long = 'word '.repeat(40).trim();
    const url = `https://example.org/${'x'.repeat(100)}`;
    const page: Page = {
      title: 'Title',
      subtitle: [],
      sections: [
        {
          id: 's',
          title: 'Section',
          blocks: [
            { kind: 'paragraph', text: [long] },
            {
              kind: 'table',
              caption: '',
              columns: [{ title: 'Short' }, { title: 'Long' }, { title: 'Count', align: 'right' }],
              rows: [[[['a']], [[long]], [['12']]]],
            },
            { kind: 'paragraph', text: [address(url)] },
          ],
        },
      ],
    };
    const lines = terminalPage(page, createStyle(false), 60).split('\n');
    assert.deepEqual(
      lines.filter((line) => line.length > 60).map((line) => line.trim()),
      [url],
    );
    const heading = lines.findIndex((line) => line.startsWith('  SHORT'));
    assert.match(lines[heading] ?? '', /^ {2}SHORT {2}LONG +COUNT$/);
    assert.match(lines[heading + 1] ?? '', /^ {2}a +word.* 12$/);
  });

  it('have a plain text', () => {
    assert.equal(plainText(['a', code('b'), strong('c')]), 'abc');
  });
});

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RuleCatalog } from '../../../src/catalog/index.ts';
import { type BuildOptions, runBuild } from '../../../src/cli/catalog/run-build.ts';
import { type SiteFile, siteFiles } from '../../../src/cli/catalog/site/site.ts';
import { compileRule } from '../../../src/sigma/index.ts';
import { kubernetesRules } from '../catalog/support/rules.ts';
import { readCorpus } from '../sigma/support/corpus.ts';
import { SECRETS_RULE } from './events.ts';
import { testFolder } from './files.ts';
import { brokenLinks } from './site-links.ts';
import { testTerminal } from './terminal.ts';

function catalogOf(rules: readonly { readonly file: string; readonly source: string }[]): RuleCatalog {
  const catalog = new RuleCatalog();
  for (const rule of rules) catalog.add(rule);
  return catalog;
}

function siteOf(catalog: RuleCatalog): ReadonlyMap<string, string> {
  return new Map([...siteFiles(catalog, { title: 'Catalog' })].map(({ path, text }: SiteFile) => [path, text]));
}

const RULES = kubernetesRules().map(({ path, text }) => ({ file: `/some/where/${path}`, source: text }));

const HOSTILE = `title: "<img src=x onerror=alert(1)> \\u202e"
id: 0d9f6d6e-5b3b-4f5c-8c28-5e1b6d0a9f11
author: "</script><script>alert(1)</script>"
references: ["javascript:alert(1)", "https://example.org/\\"onmouseover=\\"alert(1)"]
logsource: { product: kubernetes, service: audit }
detection:
  selection:
    "<i>": "\\u202e<svg onload=alert(1)>"
  condition: selection
`;
/** It is refused: conditions have no such names. */
const HOSTILE_AND_REFUSED = HOSTILE.replaceAll('selection', '"<b>"').replace('0d9f', '0d90');

describe('the site of a catalog', () => {
  const site = siteOf(catalogOf(RULES));

  it('has a page for each rule, the lists, the matrix and the search', () => {
    const paths = [...site.keys()];
    assert.equal(paths.filter((path) => path.startsWith('rules/')).length, RULES.length);
    for (const path of ['index.html', 'attack.html', 'actions.html', 'indicators.html', 'search-index.js', 'style.css'])
      assert(site.has(path), path);
    for (const path of paths) assert.match(path, /^(?:[a-z]+\/)?[a-z0-9.-]+$/);
  });

  it('has only links that lead somewhere', () => {
    assert.deepEqual(brokenLinks(site), []);
  });

  it('loads nothing from elsewhere, and can be read without scripts', () => {
    for (const [path, text] of site) {
      if (!path.endsWith('.html')) continue;
      const loaded = [...text.matchAll(/<(?:script|link|img|iframe)[^>]*?(?:src|href)="([^"]*)"/g)].map(([, to]) => to);
      for (const to of loaded)
        assert.match(to ?? '', /^(?:\.\.\/)?(?:style\.css|search\.js|search-index\.js)$|^data:,$/);
      assert.match(text, /default-src &#39;none&#39;/);
    }
    assert.doesNotMatch(site.get('style.css') ?? '', /url\(|@import/);
    const index = site.get('index.html') ?? '';
    for (const { source } of RULES) assert(index.includes(/^title: (.*)$/m.exec(source)?.[1]?.trim() ?? '?'));
  });

  it('says nothing of where the files are on the disk', () => {
    for (const [path, text] of site) assert(!text.includes('/some/where'), path);
    assert(site.get('rules/kubernetes-audit-cronjob-modification.html')?.includes('kubernetes_audit_<wbr>') !== true);
    assert(
      site
        .get('rules/kubernetes-audit-cronjob-modification.html')
        ?.includes('kubernetes_audit_cronjob_modification.<wbr>yml'),
    );
  });

  it('is the same whenever it is made of the same rules', () => {
    assert.deepEqual([...siteOf(catalogOf(RULES))], [...site]);
  });

  it('escapes everything that a rule says, in pages and in the search, also of one that is refused', () => {
    const catalog = catalogOf([
      { file: '<x>.yml', source: HOSTILE },
      { file: '<y>.yml', source: HOSTILE_AND_REFUSED },
    ]);
    assert.deepEqual(
      catalog.entries().map(({ result }) => result.ok),
      [true, false],
    );
    const hostile = siteOf(catalog);
    for (const [path, text] of hostile) {
      if (!path.endsWith('.html')) continue;
      const own = text.replaceAll(/<script src="[a-z-]+\.js" defer><\/script>/g, '');
      assert.doesNotMatch(own, /<(?:script|img|svg|b|i)\b/, path);
      assert.doesNotMatch(own, /href="javascript:|\u202e/, path);
    }
    const index = hostile.get('search-index.js') ?? '';
    assert.doesNotMatch(index, /<|\u202e/);
    assert.ok(index.includes(String.raw`\u003cimg src=x onerror=alert(1)> \\u{202e}`));
    assert.deepEqual(brokenLinks(hostile), []);
  });

  it('tells rules with the same file name apart, without regard to the others', () => {
    const twins = [
      { file: 'a/rule.yml', source: SECRETS_RULE },
      { file: 'b/rule.yml', source: SECRETS_RULE.replace('5f1e', '5f1f') },
    ];
    const names = (catalog: RuleCatalog): readonly string[] =>
      [...siteOf(catalog).keys()].filter((path) => path.startsWith('rules/'));
    const two = names(catalogOf(twins));
    assert.equal(new Set(two).size, 2);
    assert.deepEqual(names(catalogOf([...twins, { file: 'c/other.yml', source: SECRETS_RULE }])).slice(0, 2), two);
  });
});

describe('the site of all public rules that are active', function () {
  this.timeout(120_000);

  it('has a page for each of the 3,780, and only links that lead somewhere', () => {
    const catalog = new RuleCatalog();
    // Placeholders stand for themselves, as in the command.
    const options = { placeholders: (name: string) => [`%${name}%`], limits: { maxSourceBytes: 1024 * 1024 } };
    const active = readCorpus().filter(({ path }) => path.startsWith('rules'));
    for (const { path, text } of active) catalog.add({ file: path, source: text, result: compileRule(text, options) });
    assert.equal(catalog.entries().filter(({ result }) => result.ok).length, 3780);
    const site = siteOf(catalog);
    assert.equal([...site.keys()].filter((path) => path.startsWith('rules/')).length, 3780);
    assert.deepEqual(brokenLinks(site), []);
  });
});

describe('catalog build', () => {
  const folder = testFolder();

  async function build(options: Partial<BuildOptions> = {}): Promise<string> {
    const terminal = testTerminal();
    const out = join(folder.path, 'site');
    const rules = [join(folder.path, 'rules')];
    await runBuild({ rules, cluster: false, out, title: 'Catalog', ...options }, terminal);
    return terminal.stderr();
  }

  it('writes what changed, and removes pages of rules that are gone', async () => {
    folder.write({ 'rules/one.yml': SECRETS_RULE, 'rules/two.yml': SECRETS_RULE.replace('Secret read', 'Another') });
    assert.match(await build(), /files for 2 rules in .*site: (\d+) written, 0 as they were, 0 removed\./);
    const page = join(folder.path, 'site/rules/one.html');
    const before = statSync(page).mtimeMs;
    assert.match(await build(), /: 0 written, \d+ as they were, 0 removed\./);
    rmSync(join(folder.path, 'rules/two.yml'));
    assert.match(await build(), /files for 1 rule in .*, 1 removed\./);
    assert.equal(statSync(page).mtimeMs, before);
    assert(!existsSync(join(folder.path, 'site/rules/two.html')));
  });

  it('refuses a folder with files that are not its own, and leaves them alone', async () => {
    folder.write({ 'rules/one.yml': SECRETS_RULE, 'site/notes.txt': 'mine' });
    await assert.rejects(build(), { code: 'OccupiedFolder' });
    assert.deepEqual(readdirSync(join(folder.path, 'site')), ['notes.txt']);
    folder.write({ file: '' });
    await assert.rejects(build({ out: join(folder.path, 'file') }), { code: 'UnwritableOutput' });
  });

  it('removes nothing outside of its folder, whatever its list says', async () => {
    folder.write({
      'rules/one.yml': SECRETS_RULE,
      'site/.sigma-operator-catalog': '../precious\nrules/../../precious\n',
      precious: 'x',
    });
    await build();
    assert.equal(readFileSync(join(folder.path, 'precious'), 'utf8'), 'x');
  });

  it('shows broken rules, and says so', async () => {
    folder.write({
      'rules/one.yml': SECRETS_RULE,
      'rules/broken.yml': SECRETS_RULE.replace('condition: selection', 'condition: x'),
    });
    assert.match(await build(), /^warning 1 of 2 rules are refused/);
    assert.match(readFileSync(join(folder.path, 'site/rules/broken.html'), 'utf8'), /UnknownIdentifier/);
  });
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { readCorpus } from '../unit/sigma/support/corpus.ts';
import { openWindow, overflowOf, startBrowser, unfold, violationsOf } from './support/browser.ts';
import { ROOT } from './support/bundle.ts';
import { type SiteServer, serveFolder } from './support/site-server.ts';

/** The rules for Kubernetes; one that is related to one of them; one of hundreds of values; one with seven exclusions. */
const RULES =
  /\/kubernetes\/audit\/|gcp_kubernetes_cronjob|posh_ps_malicious_commandlets\.yml|proc_creation_win_csc_susp_parent/;
const LONG = 'X'.repeat(300);
const MORE: Readonly<Record<string, string>> = {
  'broken.yml':
    'title: Broken\nlogsource: {product: kubernetes, service: audit}\ndetection: {a: {verb|is: x}, condition: a}\n',
  'many.yml': `title: Many Secrets Listed
correlation:
  type: event_count
  rules: [eeb3e9e1-b685-44e4-9232-6bb701f925b5]
  group-by: [user.username]
  timespan: 5m
  condition: {gte: 10}
`,
  'hostile.yml': `title: <script>alert(1)</script> ${LONG}
author: "\\u202e${LONG}"
references: ["https://example.org/${LONG}"]
tags: [attack.${LONG.toLowerCase()}, attack.t9999]
logsource: {product: kubernetes, service: audit}
detection: {a: {"${LONG}|contains|all": ["${LONG}", "<img src=x onerror=alert(1)>"]}, condition: not a}
`,
};
const POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
rules: [{level: None, resources: [{group: batch}]}, {level: Metadata}]
`;

const CRON_JOBS = 'rules/kubernetes-audit-cronjob-modification.html';
const PAGES: Readonly<Record<string, string>> = {
  'the index': 'index.html',
  'the ATT&CK matrix': 'attack.html',
  'the actions': 'actions.html',
  'the indicators': 'indicators.html',
  'a field': 'indicators/verb.html',
  'the CronJob/Job rule': CRON_JOBS,
  'a rule with many exclusions': 'rules/proc-creation-win-csc-susp-parent.html',
  'a rule with very many values': 'rules/posh-ps-malicious-commandlets.html',
  'a rule with long and hostile texts': 'rules/hostile.html',
  'a refused rule': 'rules/broken.html',
  'a correlation': 'rules/many.html',
};
const WIDTHS = [400, 1400];
const SCHEMES = ['light', 'dark'] as const;
/** Where to put a picture of every page, for people to look at. */
const SCREENSHOTS = process.env['SITE_SCREENSHOTS'];

describe('the site that `catalog build` writes, in a real browser', () => {
  let folder = '';
  let browser: Browser;
  let server: SiteServer;
  before(async () => {
    browser = await startBrowser();
    folder = mkdtempSync(join(tmpdir(), 'sigma-operator-site-'));
    await buildSite(folder);
    server = await serveFolder(join(folder, 'site'));
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  const addresses: Readonly<Record<string, () => string>> = {
    'from files': () => pathToFileURL(join(folder, 'site')).href,
    'from a server': () => server.url,
  };

  for (const [title, path] of Object.entries(PAGES)) {
    for (const colorScheme of SCHEMES) {
      for (const width of WIDTHS) {
        it(`shows ${title} at ${width} pixels, ${colorScheme}: all of it fits, and axe has nothing against it`, async () => {
          const { context, complaints, requests } = await openWindow(browser, {
            colorScheme,
            viewport: { width, height: 900 },
          });
          const page = await context.newPage();
          const root = addresses['from files']?.() ?? '';
          await page.goto(`${root}/${path}`);
          if (SCREENSHOTS !== undefined) {
            const name = `${path.replace('.html', '').replace('/', '-')}-${width}-${colorScheme}.png`;
            await page.screenshot({ path: join(SCREENSHOTS, name), fullPage: true });
          }
          assert.equal(await overflowOf(page), 0);
          await unfold(page);
          assert.equal(await overflowOf(page), 0);
          assert.deepEqual(await violationsOf(page), []);
          assert.deepEqual(complaints, []);
          assert.deepEqual(
            requests.filter((url) => !url.startsWith(`${root}/`) && url !== 'data:,'),
            [],
          );
          await context.close();
        });
      }
    }
  }

  for (const [from, address] of Object.entries(addresses)) {
    it(`finds rules, ${from}`, async () => {
      const { context, complaints, requests } = await openWindow(browser, {});
      const page = await context.newPage();
      await page.goto(`${address()}/index.html`);
      const found = async (words: string): Promise<readonly string[]> => {
        await page.getByRole('searchbox').fill(words);
        return await page.locator('#search-results a').allTextContents();
      };
      assert.deepEqual(await found('CronJob'), [
        'Google Cloud Kubernetes CronJob',
        'Kubernetes CronJob/Job Modification',
      ]);
      assert.equal(await page.locator('#search-status').textContent(), '2 rules');
      assert.deepEqual(await found('0c9b3bda-41a6'), ['Kubernetes CronJob/Job Modification']);
      assert.deepEqual(await found('t1552.007 product:kubernetes status:test'), [
        'Kubernetes Admission Controller Modification',
        'Kubernetes Secrets Enumeration',
      ]);
      assert.deepEqual(await found('level:high'), [
        'Csc.EXE Execution Form Potentially Suspicious Parent',
        'Malicious PowerShell Commandlets - ScriptBlock',
      ]);
      assert.deepEqual(await found('no such rule'), []);
      assert.equal(await page.locator('#search-status').textContent(), '0 rules');
      assert.equal(await page.locator('#all-rules').isVisible(), false);
      assert.deepEqual(await found('<script>'), [`<script>alert(1)</script> ${LONG}`]);
      assert.equal(await overflowOf(page), 0);
      assert.deepEqual(await violationsOf(page), []);
      await found('');
      assert.equal(await page.locator('#all-rules').isVisible(), true);
      await found('cronjob/job');
      await page.locator('#search-results a').click();
      assert.equal(await page.locator('h1').textContent(), 'Kubernetes CronJob/Job Modification');
      assert.deepEqual(complaints, []);
      assert.deepEqual(
        requests.filter((url) => !url.startsWith(address()) && url !== 'data:,'),
        [],
      );
      await context.close();
    });

    it(`can be read without scripts, ${from}`, async () => {
      const { context, complaints } = await openWindow(browser, { javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(`${address()}/index.html`);
      assert.equal(await page.getByRole('searchbox').isVisible(), false);
      await page.getByRole('link', { name: 'Kubernetes CronJob/Job Modification' }).click();
      assert.deepEqual(await page.locator('h2').allInnerTexts(), [
        'About',
        'MITRE ATT&CK coverage',
        'Event coverage',
        'Rules detecting the same action',
        'Rule body',
        'Stages and predicates',
        'Indicators',
        'Remarks',
      ]);
      const texts = await page.locator('main').innerText();
      for (const text of [
        'Cannot fire.',
        'Google Cloud Kubernetes CronJob',
        'no specific technique',
        'objectRef.apiGroup',
      ])
        assert(texts.includes(text), text);
      await page.getByRole('link', { name: 'verb', exact: true }).first().click();
      assert.equal(await page.locator('h1').textContent(), 'verb');
      await page.getByRole('link', { name: 'ATT&CK' }).click();
      await page.getByText('Container Administration Command').click();
      assert.equal(await page.getByRole('link', { name: 'Potential Remote Command Execution' }).isVisible(), true);
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }
});

/** Builds the site of the chosen rules in a folder, by the command. */
async function buildSite(folder: string): Promise<void> {
  mkdirSync(join(folder, 'rules'));
  for (const { path, text } of readCorpus().filter((rule) => rule.path.startsWith('rules/') && RULES.test(rule.path)))
    writeFileSync(join(folder, 'rules', basename(path)), text);
  for (const [name, text] of Object.entries(MORE)) writeFileSync(join(folder, 'rules', name), text);
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
  const main = join(ROOT, 'src/cli/main.ts');
  const options = ['--rules', 'rules', '--policy', 'policy.yaml', '--out', 'site'];
  await promisify(execFile)(process.execPath, [main, 'catalog', 'build', ...options], { cwd: folder });
}

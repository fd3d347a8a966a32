/** The one style sheet of the site. Colours have a contrast of at least 4.5 to 1 on their backgrounds, light and dark. */
export const STYLESHEET = `:root {
  color-scheme: light dark;
  --page: #ffffff; --raised: #f6f7f9; --line: #dde1e6; --text: #1b2128; --muted: #57606a; --link: #0a58b0;
  --accent: #0a58b0; --key: #7a2e8f; --comment: #57606a;
  --good: #1a6b35; --good-back: #e3f4e8; --info: #0a4f9e; --info-back: #e6f0fb;
  --warning: #805300; --warning-back: #fdf2d8; --bad: #a5161f; --bad-back: #fdeaea;
  --critical-back: #8a1020; --critical: #ffffff; --high-back: #fbdcd8; --high: #93180f;
  --medium-back: #fcebc4; --medium: #704900; --low-back: #dcebfb; --low: #0b4a8f; --none-back: #e9ecef; --none: #49515a;
  --heat-1: #e4eefa; --heat-2: #c5dcf5; --heat-3: #9dc4ee; --heat-4: #74aae4; --heat-text: #10233a; --heat-muted: #2b3d52;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161b; --raised: #1a2027; --line: #323b45; --text: #e3e8ed; --muted: #a0abb6; --link: #7db8f5;
    --accent: #7db8f5; --key: #d3a4e6; --comment: #98a3ae;
    --good: #7fd69a; --good-back: #16301f; --info: #8fc1f7; --info-back: #14283d;
    --warning: #ecc26b; --warning-back: #33290f; --bad: #ff9d98; --bad-back: #3c1a1b;
    --critical-back: #f2b8b5; --critical: #4a0a10; --high-back: #55211d; --high: #ffc2bb;
    --medium-back: #463511; --medium: #f5d68b; --low-back: #1c3a59; --low: #b3d6fa; --none-back: #2c343d; --none: #c3ccd5;
    --heat-1: #1b2f45; --heat-2: #224264; --heat-3: #2b5685; --heat-4: #3569a3; --heat-text: #eef5fd; --heat-muted: #d3e2f3;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: break-word; }
code, pre, .id { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: .06em; }
a:hover { text-decoration-thickness: .12em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[hidden] { display: none !important; }
.wide { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: .5rem 1rem; z-index: 1; }

header.site { border-bottom: 1px solid var(--line); background: var(--raised); }
header.site > div { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 2rem; padding-block: .75rem; }
header.site .name { font-weight: 650; color: inherit; text-decoration: none; }
header.site ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: 0; padding: 0; }
header.site nav a { color: var(--muted); text-decoration: none; padding-block: .2rem; display: inline-block; }
header.site nav a:hover { color: var(--text); }
header.site nav a[aria-current] { color: var(--text); font-weight: 600; box-shadow: inset 0 -2px var(--accent); }
footer.site { border-top: 1px solid var(--line); margin-top: 4rem; color: var(--muted); font-size: .8125rem; }
footer.site p { max-width: 60rem; }

h1 { font-size: clamp(1.5rem, 1.2rem + 1.4vw, 2.125rem); line-height: 1.2; letter-spacing: -.01em; margin: 2rem 0 .5rem; text-wrap: balance; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.75rem 0 .9rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
.subtitle { color: var(--muted); margin: 0 0 1.75rem; }
.prose { white-space: pre-line; max-width: 46rem; }
.muted { color: var(--muted); }
p { margin: .75rem 0; }

.with-contents > nav p { font-weight: 600; margin: 0 0 .4rem; }
.contents ul { list-style: none; margin: 0; padding: 0; }
.contents a { color: var(--muted); text-decoration: none; display: block; padding-block: .15rem; }
.contents a:hover { color: var(--text); text-decoration: underline; }
@media (max-width: 67.99rem) {
  .contents { display: none; }
}
@media (min-width: 68rem) {
  .with-contents { display: grid; grid-template-columns: minmax(0, 1fr) 13rem; gap: 3.5rem; }
  .contents { position: sticky; top: 1.5rem; align-self: start; margin-top: 2.25rem; font-size: .875rem; border-left: 1px solid var(--line); padding-left: 1.25rem; }
}

.facts { margin: 1.25rem 0; display: grid; gap: .45rem; }
.facts > div { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: 0 1rem; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; grid-column: 2; overflow-wrap: anywhere; }
@media (max-width: 34rem) {
  .facts { gap: .8rem; }
  .facts > div { grid-template-columns: minmax(0, 1fr); }
  .facts dd { grid-column: 1; }
}

.table { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: .5rem .9rem .5rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; min-width: 5.5rem; }
th { color: var(--muted); font-weight: 600; font-size: .8125rem; border-bottom-width: 2px; white-space: nowrap; }
td:first-child { overflow-wrap: break-word; }
th:last-child, td:last-child { padding-right: 0; }
.right { text-align: right; font-variant-numeric: tabular-nums; min-width: 4rem; }
.lines { list-style: none; margin: 0; padding: 0; } .lines li + li { margin-top: .15rem; }
td details summary { color: var(--muted); cursor: pointer; padding-block: .2rem; }

pre { background: var(--raised); border: 1px solid var(--line); border-radius: .4rem; padding: .9rem 1.1rem; overflow-x: auto; margin: .9rem 0; line-height: 1.5; tab-size: 2; }
pre code { font-size: .8125rem; }
.key { color: var(--key); }
.comment { color: var(--comment); font-style: italic; }
td code, dd code, p code, li code, h3 code { background: var(--raised); border-radius: .25rem; padding: .1em .3em; }

.tree, .tree ul { list-style: none; margin: 0; padding: 0; }
.tree { background: var(--raised); border: 1px solid var(--line); border-radius: .4rem; padding: .7rem 1.1rem; margin: .9rem 0; }
.tree ul { padding-left: 1.1rem; border-left: 1px solid var(--line); margin-left: .25rem; }
.tree li { padding-block: .1rem; }
.tree code { background: none; padding: 0; }

.note { border-left: 3px solid; border-radius: .2rem; padding: .6rem .9rem; margin: .75rem 0; }
.note.good { color: var(--good); background: var(--good-back); } .note.information { color: var(--info); background: var(--info-back); }
.note.warning { color: var(--warning); background: var(--warning-back); } .note.bad { color: var(--bad); background: var(--bad-back); }
.note code { background: none; padding: 0; }
.mark.good { color: var(--good); } .mark.information { color: var(--info); } .mark.warning { color: var(--warning); } .mark.bad { color: var(--bad); }
.mark { font-weight: 600; }
.severity { display: inline-block; font-size: .75rem; font-weight: 650; line-height: 1; padding: .3em .55em; border-radius: .3rem; letter-spacing: .01em; vertical-align: .08em; background: var(--none-back); color: var(--none); }
.severity.critical { background: var(--critical-back); color: var(--critical); } .severity.high { background: var(--high-back); color: var(--high); }
.severity.medium { background: var(--medium-back); color: var(--medium); } .severity.low { background: var(--low-back); color: var(--low); }

.counts { display: flex; flex-wrap: wrap; gap: .4rem 1.25rem; list-style: none; padding: 0; margin: 0 0 1.5rem; font-variant-numeric: tabular-nums; }
.search { margin: 0 0 1.5rem; }
.search label { display: block; font-size: .875rem; color: var(--muted); margin-bottom: .35rem; }
.search input { width: 100%; max-width: 40rem; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--muted); border-radius: .4rem; padding: .6rem .8rem; }
.search p { color: var(--muted); margin: .6rem 0; } .search #search-hint { font-size: .8125rem; margin: .4rem 0 .6rem; } #search-status:empty { display: none; }
.rules { list-style: none; margin: 0; padding: 0; }
.rules li { display: grid; grid-template-columns: 6.75rem minmax(0, 1fr); gap: .75rem; align-items: baseline; padding: .45rem 0; border-bottom: 1px solid var(--line); }
.rules li > .severity { justify-self: start; }
.rules li > span > .muted { display: block; font-size: .8125rem; }
.group { margin-bottom: .25rem; }
.techniques summary { display: flex; justify-content: space-between; gap: .75rem; list-style: none; }
.techniques summary > span { overflow-wrap: anywhere; } .techniques .count { flex: none; }
.techniques summary::-webkit-details-marker { display: none; }
.group > summary, .tactic summary, #unknown summary { cursor: pointer; }
.group > summary { padding-block: .35rem; }
.group > summary h2 { display: inline; font-size: 1.0625rem; }
@media (max-width: 34rem) {
  table, tbody, tr, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { border-bottom: 1px solid var(--line); padding-block: .6rem; }
  td { border: 0; padding: .15rem 0; display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: 0 .75rem; }
  td::before { content: attr(data-label); color: var(--muted); font-size: .8125rem; }
  td > * { grid-column: 2; }
  td:empty { display: none; }
  .right { text-align: left; }
  .rules li { grid-template-columns: minmax(0, 1fr); gap: .2rem; }
}

.matrix { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1rem; align-items: start; }
.tactic { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem 1.1rem; }
.tactic h2 { font-size: 1.0625rem; margin: 0; }
.tactic > p { margin: .1rem 0 .75rem; font-size: .8125rem; }
.techniques, .techniques ul, .gaps ul { list-style: none; margin: 0; padding: 0; }
.techniques > li { border-radius: .3rem; padding: .3rem .6rem; margin-bottom: .25rem; font-size: .9375rem; background: var(--none-back); color: var(--text); }
.techniques > li.sub { margin-left: 1rem; } .techniques > li.parent { background: none; color: var(--muted); padding-inline: 0; margin-bottom: 0; }
.techniques > li.heat-1 { background: var(--heat-1); color: var(--heat-text); } .techniques > li.heat-2 { background: var(--heat-2); color: var(--heat-text); }
.techniques > li.heat-3 { background: var(--heat-3); color: var(--heat-text); } .techniques > li.heat-4 { background: var(--heat-4); color: var(--heat-text); }
.techniques summary:hover { text-decoration: underline; text-decoration-thickness: .06em; text-underline-offset: .15em; }
.techniques .count { font-variant-numeric: tabular-nums; font-weight: 650; }
.techniques details[open] > ul { background: var(--page); color: var(--text); border-radius: .25rem; margin: .35rem -.35rem .1rem; padding: .3rem .6rem; }
.techniques .muted { color: inherit; }
.techniques ul li { padding-block: .15rem; }
.gaps { margin-top: .75rem; font-size: .875rem; } .gaps summary, .gaps li { color: var(--muted); }
.gaps ul { padding-top: .4rem; } .gaps li { padding-block: .1rem; }

.tactics ul { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; margin: 0 0 1.75rem; padding: 0; font-variant-numeric: tabular-nums; }
.terms { color: var(--muted); font-size: .875rem; } .terms h2 { font-size: 1rem; margin-top: 3rem; } .terms p { max-width: 60rem; margin: .4rem 0; }
@media (min-width: 34.01rem) {
  .aligned table { table-layout: fixed; }
  .aligned th:first-child { width: 38%; } .aligned th:nth-child(2) { width: 22%; }
}

@media print {
  header.site, footer.site, .contents, .search, .skip { display: none; }
  pre { white-space: pre-wrap; }
}
`;

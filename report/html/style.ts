// The style sheet of the HTML report: light and dark, from a phone to a wide screen, and on paper.

export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --sunken: #f1f3f6; --line: #dde2e9; --text: #1b2430; --soft: #55606f;
  --accent: #2456c8; --focus: #2456c8; --shadow: 0 1px 2px rgba(20, 30, 50, .07), 0 4px 14px rgba(20, 30, 50, .05);
  --error: #b3261e; --error-soft: #fdecea; --warning: #8a5300; --warning-soft: #fff3dc; --note: #2456c8; --note-soft: #e8effd;
  --good: #146c3a; --good-soft: #e3f4ea; --unable: #7a2e8f; --unable-soft: #f6e9fa;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141a; --card: #181e27; --sunken: #11161d; --line: #2b3441; --text: #e7ebf1; --soft: #a3aebd;
    --accent: #8fb4ff; --focus: #8fb4ff; --shadow: 0 1px 2px rgba(0, 0, 0, .4);
    --error: #ff9a91; --error-soft: #3b1d1d; --warning: #ffc46b; --warning-soft: #382a12; --note: #8fb4ff; --note-soft: #1a2a49;
    --good: #7ddba2; --good-soft: #15321f; --unable: #e0a4f2; --unable-soft: #33203b;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 5rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main, .top > div, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
h1, h2, h3 { line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
code, .place { font-family: ui-monospace, "Cascadia Mono", "SF Mono", "DejaVu Sans Mono", Menlo, monospace; font-size: .86em; overflow-wrap: anywhere; }
code { background: var(--sunken); border-radius: .25rem; padding: .08em .3em; }
.top { background: var(--card); border-bottom: 1px solid var(--line); border-top: .35rem solid var(--tone); padding: 1.6rem 0 1.4rem; }
.accepted { --tone: var(--good); --tone-soft: var(--good-soft); }
.rejected, .error { --tone: var(--error); --tone-soft: var(--error-soft); }
.undecided, .unable { --tone: var(--unable); --tone-soft: var(--unable-soft); }
.warning { --tone: var(--warning); --tone-soft: var(--warning-soft); }
.note { --tone: var(--note); --tone-soft: var(--note-soft); }
.good { --tone: var(--good); --tone-soft: var(--good-soft); }
.brand { color: var(--soft); font-size: .85rem; letter-spacing: .02em; margin: 0 0 .35rem; }
.title { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem .9rem; }
.title h1 { font-size: 1.55rem; min-width: 0; }
.pill { display: inline-block; flex: none; border-radius: 99px; padding: .1rem .7rem; font-size: .82rem; font-weight: 650; background: var(--tone-soft); color: var(--tone); white-space: nowrap; }
.title .pill { font-size: 1rem; padding: .2rem 1rem; }
.lead { margin: .5rem 0 0; color: var(--soft); max-width: 80ch; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: .7rem; margin: 1.2rem 0 0; padding: 0; list-style: none; }
.tiles li { background: var(--sunken); border-radius: .6rem; padding: .55rem .85rem; }
.tiles b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; color: var(--soft); }
.tiles li[class] b { color: var(--tone); }
.tiles span { color: var(--soft); font-size: .85rem; }
.bar { position: sticky; top: 0; z-index: 2; background: var(--page); border-bottom: 1px solid var(--line); }
.bar form { max-width: 68rem; margin: 0 auto; padding: .7rem 1.25rem; display: flex; flex-wrap: wrap; gap: .6rem .9rem; align-items: center; }
.bar input[type="search"] { flex: 1 1 15rem; min-width: 0; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .45rem .75rem; }
.bar input::placeholder { color: var(--soft); opacity: 1; }
.chips { display: flex; flex-wrap: wrap; gap: .4rem; border: 0; margin: 0; padding: 0; }
.chips label { display: inline-flex; align-items: center; gap: .4rem; border: 1px solid var(--line); background: var(--card); border-radius: 99px; padding: .25rem .75rem; font-size: .88rem; cursor: pointer; color: var(--soft); }
.chips label:has(:checked) { background: var(--tone-soft); border-color: transparent; color: var(--tone); font-weight: 600; }
.chips label:has(:focus-visible), :focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.chips input { accent-color: currentColor; margin: 0; width: .95rem; height: .95rem; }
.shown { color: var(--soft); font-size: .88rem; margin: 0; font-variant-numeric: tabular-nums; }
.image { margin: 2rem 0 0; }
.image > header { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .8rem; margin-bottom: .9rem; }
.image h2 { font-size: 1.25rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .9rem 1.2rem; margin: 0; }
.facts div { min-width: 0; }
.facts .pill { white-space: normal; border-radius: .8rem; }
.facts dt { color: var(--soft); font-size: .82rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; font-weight: 550; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; box-shadow: var(--shadow); padding: 1rem 1.15rem; margin: 0 0 1rem; }
.card > h3 { font-size: 1rem; margin-bottom: .7rem; }
.marks { display: flex; flex-wrap: wrap; gap: .45rem; margin: .8rem 0 0; padding: 0; list-style: none; }
.marks code { display: block; padding: .2rem .55rem; }
.rule { padding: 0; overflow: clip; border-left: .3rem solid var(--tone); }
.rule > header { padding: .95rem 1.15rem .75rem; }
.rule > header > div { display: flex; flex-wrap: wrap; align-items: center; gap: .35rem .7rem; }
.rule h3 { font-size: 1.02rem; min-width: 0; }
.rule .id { color: var(--soft); }
.rule header p { margin: .35rem 0 0; max-width: 80ch; }
.rule .why { color: var(--soft); font-size: .93rem; }
.repair { background: var(--good-soft); border-radius: .5rem; padding: .5rem .75rem; font-size: .93rem; margin: .6rem 0 0; }
.repair b { color: var(--good); }
.repair code { background: none; padding: 0; font-weight: 600; }
.findings { list-style: none; margin: 0; padding: 0; }
.findings li { border-top: 1px solid var(--line); padding: .7rem 1.15rem; display: grid; grid-template-columns: 1fr auto; gap: .1rem .8rem; }
.findings p { margin: 0; grid-column: 1 / -1; overflow-wrap: anywhere; }
.findings .place { color: var(--accent); min-width: 0; }
.findings .place span { color: var(--soft); }
.findings .more { color: var(--soft); font-size: .88rem; }
.tags { display: flex; gap: .35rem; align-items: start; }
.tags .pill { font-size: .75rem; padding: 0 .55rem; }
.plain { list-style: none; margin: 0; padding: 0; }
.plain li { border-top: 1px solid var(--line); padding: .6rem 0; overflow-wrap: anywhere; }
.plain li:first-child { border-top: 0; padding-top: 0; }
.plain li:last-child { padding-bottom: 0; }
.plain p { margin: 0; color: var(--soft); font-size: .93rem; }
details > summary { cursor: pointer; font-weight: 600; }
details[open] > summary { margin-bottom: .8rem; }
.none { color: var(--soft); }
[hidden] { display: none !important; }
footer { color: var(--soft); font-size: .88rem; padding-top: 1.2rem; padding-bottom: 2.5rem; }
@media (max-width: 40rem) {
  body { font-size: 15px; }
  main, .top > div, footer, .bar form { padding-left: .9rem; padding-right: .9rem; }
  .title h1 { font-size: 1.25rem; }
  .tiles { grid-template-columns: repeat(3, 1fr); gap: .5rem; }
  .tiles li { padding: .45rem .6rem; }
  .tiles b { font-size: 1.2rem; }
  .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .findings li { grid-template-columns: 1fr; padding: .7rem .9rem; }
  .tags { order: -1; }
  .rule > header { padding: .85rem .9rem .7rem; }
  .bar { position: static; }
}
@media print { .bar { display: none; } body { background: #fff; } .card { box-shadow: none; break-inside: avoid-page; } }
`;

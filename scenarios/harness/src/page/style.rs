//! The page's style sheet and its few lines of script.

/// Light and dark follow the reader's system.
pub(super) const SHEET: &str = "
:root { color-scheme: light dark; --ink: #1c2024; --paper: #fdfdfc; --quiet: #66707a;
  --line: #d9dde1; --bad: #c02b2b; --good: #1f7a3d; --step: #2456b8; --flight: #b7791f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7ea; --paper: #16191c; --quiet: #97a1ab; --line: #363c43;
    --bad: #ff7b72; --good: #5fc37c; --step: #82aaff; --flight: #e0af68; } }
body { font: 14px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
summary { cursor: pointer; } summary h2 { display: inline-block; }
code, pre, .time, .tree { font: 12px/1.6 ui-monospace, monospace; }
pre { overflow: auto; } .story, .what { white-space: pre-line; }
.quiet { color: var(--quiet); } .time { color: var(--quiet); white-space: nowrap; }
.bad { color: var(--bad); } .mark { font-weight: 600; font-size: .8em; }
.mark.good { color: var(--good); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; } td { padding: .2rem .8rem .2rem 0; vertical-align: top; }
td { overflow-wrap: anywhere; } .verdicts tr { border-top: 1px solid var(--line); }
.tree ul { list-style: none; margin: 0; padding-left: 1.2rem;
  border-left: 1px solid var(--line); }
.tree summary { color: var(--ink); } .tree.bad { color: inherit; }
.sequence { overflow: auto; max-height: 85vh; border: 1px solid var(--line); }
.sequence .head { position: sticky; top: 0; z-index: 2; display: flex; width: max-content;
  background: var(--paper); border-bottom: 1px solid var(--line); }
.sequence .actor { width: 150px; text-align: center; font-weight: 600; font-size: 12px;
  overflow-wrap: anywhere; }
.sequence .time { width: 96px; flex: none; text-align: right; padding-right: 8px;
  box-sizing: border-box; position: sticky; left: 0; background: var(--paper); }
.sequence summary { position: sticky; left: 0; width: max-content; font-size: 12px; }
.row { display: flex; width: max-content; align-items: center; }
.row:hover { background: var(--line); } .row[hidden] { display: none; }
.lane { flex: none; background: repeating-linear-gradient(90deg, transparent 0 74.5px,
  var(--line) 74.5px 75.5px, transparent 75.5px 150px); }
.lane path { fill: none; stroke: currentColor; stroke-width: 1.2; }
.lane text { fill: currentColor; font-size: 11px; text-anchor: middle;
  paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
.step { color: var(--step); }
figure { margin: .6rem 0; } figcaption { font-size: 12px; color: var(--quiet); }
.chart { width: 100%; height: 60px; border-bottom: 1px solid var(--line); }
.chart path { fill: none; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.key::before { content: '\\2501\\00a0'; }
.key.visible { color: var(--step); } .chart .visible { stroke: var(--step); }
.key.flight { color: var(--flight); } .chart .flight { stroke: var(--flight); }
.key.delayed { color: var(--quiet); } .chart .delayed { stroke: var(--quiet); }
";

/// Folding and filtering the sequence diagram.
pub(super) const SCRIPT: &str = "
for (const tools of document.querySelectorAll('.tools')) {
  const folds = () => tools.nextElementSibling.querySelectorAll('details');
  for (const button of tools.querySelectorAll('button')) {
    button.onclick = () => {
      for (const fold of folds()) fold.open = button.dataset.fold === 'open';
    };
  }
  tools.querySelector('input').oninput = (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const fold of folds()) {
      const rows = [...fold.querySelectorAll('.row')];
      for (const row of rows) {
        row.hidden = !(row.title + row.textContent).toLowerCase().includes(wanted);
      }
      fold.hidden = rows.every((row) => row.hidden);
      if (wanted && !fold.hidden) fold.open = true;
    }
  };
}
";

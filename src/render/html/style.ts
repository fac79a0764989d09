// The style of the HTML report: two themes, one column on a phone, no motion.

export const STYLE = `
:root { color-scheme: light; --ground: #ffffff; --panel: #f6f8fa; --text: #1f2328; --dim: #59636e; --edge: #d1d9e0;
  --link: #0550ae; --good: #116329; --bad: #a40e26; --warn: #7d4e00; --add: #dafbe1; --del: #ffebe9; --focus: #0550ae; }
@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { color-scheme: dark; --ground: #0d1117; --panel: #151b23;
  --text: #f0f6fc; --dim: #9198a1; --edge: #3d444d; --link: #79b8ff; --good: #56d364; --bad: #ff8b85; --warn: #e3b341;
  --add: #12261e; --del: #301b1e; --focus: #79b8ff; } }
:root[data-theme=dark] { color-scheme: dark; --ground: #0d1117; --panel: #151b23; --text: #f0f6fc; --dim: #9198a1;
  --edge: #3d444d; --link: #79b8ff; --good: #56d364; --bad: #ff8b85; --warn: #e3b341; --add: #12261e; --del: #301b1e;
  --focus: #79b8ff; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 1rem clamp(0.75rem, 3vw, 2rem); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0.5rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2rem 0 0.5rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1rem 0 0.25rem; overflow-wrap: anywhere; }
p, ul { margin: 0.25rem 0 0.75rem; }
a { color: var(--link); }
.dim { color: var(--dim); }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--edge); padding: 0.4rem 0.75rem 0.4rem 0; text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; white-space: nowrap; }
code, pre { font: 0.875rem/1.45 ui-monospace, monospace; }
code { overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--edge); border-radius: 6px; padding: 0.75rem; overflow-x: auto; margin: 0.5rem 0; }
pre ins, pre del { display: block; text-decoration: none; }
pre ins { background: var(--add); } pre del { background: var(--del); } pre b { display: block; }
.finding { border-left: 4px solid var(--edge); padding: 0 0 0 0.75rem; margin: 1rem 0; }
.finding.error { border-color: var(--bad); } .finding.warning { border-color: var(--warn); }
.level { font-weight: 600; }
form { margin: 1rem 0; display: flex; flex-wrap: wrap; gap: 0.75rem 1.25rem; align-items: end; background: var(--panel); border: 1px solid var(--edge);
  border-radius: 6px; padding: 0.75rem; position: sticky; top: 0; z-index: 1; }
form label { display: block; font-size: 0.875rem; }
fieldset { border: 0; padding: 0; margin: 0; display: flex; gap: 0.75rem; }
legend { font-size: 0.875rem; padding: 0; }
input[type=search], select, button { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--dim); border-radius: 6px;
  padding: 0.25rem 0.5rem; max-width: 100%; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
ol.timeline { list-style: none; margin: 0; padding: 0 0 0 0.75rem; border-left: 2px solid var(--edge); }
ol.timeline > li { content-visibility: auto; contain-intrinsic-size: auto 2rem; padding: 0.1rem 0; }
summary { cursor: pointer; padding: 0.15rem 0; overflow-wrap: anywhere; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 1rem; }
.columns > div { min-width: 0; }
[hidden] { display: none !important; }
@media print { form, #theme { display: none; } pre { white-space: pre-wrap; } }
`

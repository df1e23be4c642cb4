/** The page's one style sheet. Colours have a contrast of at least 4.5 : 1 in both schemes (WCAG 2.2, AA), which axe checks. */
export const STYLE = `
:root{color-scheme:light dark;--text:#1f2328;--muted:#59636e;--ground:#fff;--border:#d1d9e0;--faint:#f6f8fa;--link:#0550ae;--good:#116329;--bad:#a40e26;--unsure:#7d4e00}
@media (prefers-color-scheme:dark){:root{--text:#f0f6fc;--muted:#b1bac4;--ground:#0d1117;--border:#3d444d;--faint:#151b23;--link:#79c0ff;--good:#56d364;--bad:#ff938a;--unsure:#e3b341}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem;max-width:70rem;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.4rem;line-height:1.3}h2{font-size:1.2rem;margin-top:2rem;border-bottom:1px solid var(--border)}h3{font-size:1rem}
.next{padding:.75rem 1rem;border-left:.3rem solid var(--link);background:var(--faint)}.next div+div{margin-top:.5rem}.next pre{margin:.5rem 0 0;background:var(--ground)}
.works{color:var(--good)}.fails{color:var(--bad)}.unknown{color:var(--unsure)}
.passed .mark{color:var(--good)}.failed .mark{color:var(--bad)}.unknown .mark{color:var(--unsure)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;margin:.5rem 0}
th,td{overflow-wrap:break-word}td code{overflow-wrap:anywhere}
th,td{padding:.35rem .75rem;border:1px solid var(--border);text-align:left;vertical-align:top}
caption{text-align:left;font-weight:600;padding:.25rem 0}
tr.cause{background:var(--faint);font-weight:600}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}
pre{padding:.75rem;background:var(--faint);border:1px solid var(--border);white-space:pre-wrap}
a{color:var(--link)}
details{margin:.75rem 0}summary{cursor:pointer;padding:.25rem 0}
footer{margin-top:2rem;color:var(--muted)}
@media print{td{overflow-wrap:anywhere}:root{color-scheme:light;--text:#000;--muted:#333;--ground:#fff;--border:#999;--faint:#fff;--link:#000}body{max-width:none;padding:0;font-size:10pt}details::details-content{content-visibility:visible;display:block}tr,li,pre{break-inside:avoid}h2,h3{break-after:avoid}}
`;

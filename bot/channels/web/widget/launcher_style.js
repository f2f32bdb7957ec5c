// The button's looks; a shop changes them with the variables on `shopclerk-chat`.
const LAUNCHER_STYLE = `
:host { --accent: var(--shopclerk-accent, #4c5e38); --on-accent: var(--shopclerk-on-accent, #fffdf8);
  --paper: var(--shopclerk-paper, #fffdf8); --ink: var(--shopclerk-ink, #1d2b3f); --soft: var(--shopclerk-soft, #56616f);
  --bubble: var(--shopclerk-bubble, #f1e7d2); --line: var(--shopclerk-line, #ddd2ba); --warn: var(--shopclerk-warn, #a5432a);
  --radius: var(--shopclerk-radius, 18px);
  position: fixed; inset-block-end: 0; inset-inline-end: 0; z-index: 2147483000; color-scheme: light dark;
  font: 16px/1.5 var(--shopclerk-font, system-ui, -apple-system, "Segoe UI", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif); }
@media (prefers-color-scheme: dark) { :host { --accent: var(--shopclerk-accent, #a9bf83); --on-accent: var(--shopclerk-on-accent, #17200f);
  --paper: var(--shopclerk-paper, #1f2733); --ink: var(--shopclerk-ink, #f3ecdc); --soft: var(--shopclerk-soft, #b9bfc6);
  --bubble: var(--shopclerk-bubble, #2c3644); --line: var(--shopclerk-line, #3d4857); --warn: var(--shopclerk-warn, #f0a184); } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea { font: inherit; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 3px solid #c98f1d; outline-offset: 2px; }
.launch { position: absolute; inset-block-end: 20px; inset-inline-end: 20px; display: flex; align-items: center; gap: 10px; border: 0;
  border-radius: 999px; padding: 13px 20px; background: var(--accent); color: var(--on-accent); font-weight: 600; white-space: nowrap; box-shadow: 0 6px 22px rgb(29 43 63 / .3); }
.launch svg, .icon svg { width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
@media (max-width: 480px) { .launch { inset-block-end: 14px; inset-inline-end: 14px; padding: 15px; }
  .launch > span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } .launch svg { width: 26px; height: 26px; } }
`;

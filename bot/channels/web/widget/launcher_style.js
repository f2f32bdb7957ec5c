// The looks of the button and of the panel until the chat is there; a shop changes them with the variables on `shopclerk-chat`.
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
.panel { position: absolute; inset-block-end: 20px; inset-inline-end: 20px; width: min(390px, calc(100vw - 24px)); height: min(640px, calc(100dvh - 40px));
  display: flex; flex-direction: column; background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-radius: var(--radius); overflow: hidden; box-shadow: 0 14px 48px rgb(29 43 63 / .32); }
.head { display: flex; align-items: center; gap: 10px; padding: 12px 14px 12px 10px; background: var(--accent); color: var(--on-accent); }
.head h2 { margin: 0; flex: 1; font-size: 17px; line-height: 1.3; }
.head small { display: block; font-weight: 400; font-size: 13px; }
.icon { border: 0; background: none; padding: 6px; border-radius: 10px; line-height: 0; color: inherit; }
.icon:hover { background: rgb(127 127 127 / .22); }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 16px; display: flex; flex-direction: column; gap: 10px; }
.line { max-width: 88%; align-self: flex-start; min-width: 0; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--bubble); padding: 9px 14px; border-radius: 4px var(--radius) var(--radius); width: fit-content; max-width: 100%; }
.mine { align-self: flex-end; }
.mine .text { background: var(--accent); color: var(--on-accent); border-radius: var(--radius) 4px var(--radius) var(--radius); margin-inline-start: auto; }
.sending .text { opacity: .65; }
.state { padding: 8px 16px; font-size: 14px; background: var(--bubble); border-block-start: 1px solid var(--line); }
form.write { display: flex; gap: 6px; align-items: flex-end; padding: 10px 12px 4px 6px; border-block-start: 1px solid var(--line); }
textarea { width: 100%; resize: none; border: 1.5px solid var(--soft); border-radius: 14px; padding: 8px 12px; background: var(--paper); max-height: 120px; }
.go { border: 0; border-radius: 999px; background: var(--accent); color: var(--on-accent); padding: 10px 16px; font-weight: 600; white-space: nowrap; flex: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 480px) { .launch { inset-block-end: 14px; inset-inline-end: 14px; padding: 15px; }
  .launch > span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } .launch svg { width: 26px; height: 26px; }
  .panel { inset: 0; position: fixed; width: 100vw; height: 100dvh; border: 0; border-radius: 0; } }
`;

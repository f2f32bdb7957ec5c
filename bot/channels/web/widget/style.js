// The chat's looks, with the variables of launcher_style.js.
const STYLE = `
.line.wide { max-width: 100%; width: 100%; }
.who { font-size: 13px; color: var(--soft); margin-bottom: 2px; }
.confirm .text { box-shadow: inset 3px 0 var(--accent); }
.done .text, .submitted .text { box-shadow: inset 3px 0 var(--soft); }
.refused .text { box-shadow: inset 3px 0 var(--warn); }
.mine .who { text-align: end; }
.note { font-size: 13.5px; color: var(--warn); margin-top: 4px; }
.note button, .foot button { border: 0; background: none; padding: 2px 4px; text-decoration: underline; color: inherit; }
.sources { list-style: none; margin: 4px 0 0; padding: 0; font-size: 14px; }
.choices { display: flex; flex-direction: column; gap: 6px; margin-top: 8px; align-items: flex-start; }
.choices button { border: 1.5px solid var(--accent); background: none; color: var(--accent); border-radius: 14px; padding: 7px 14px; text-align: start; font-weight: 600; }
.choices button:not([aria-pressed=true]):hover { background: var(--bubble); color: var(--ink); }
.choices button:disabled { opacity: .5; cursor: default; }
.cards { list-style: none; margin: 10px 0 0; padding: 0 0 6px; display: flex; gap: 10px; overflow-x: auto; scroll-snap-type: x mandatory; }
.cards li { flex: 0 0 172px; scroll-snap-align: start; display: flex; flex-direction: column; justify-content: space-between; border: 1px solid var(--line); border-radius: 14px; padding: 8px; }
.cards li:hover { border-color: var(--accent); }
.cards a { display: grid; gap: 4px; color: inherit; text-decoration: none; border-radius: 10px; }
.cards img, .cards .blank { width: 100%; height: 130px; object-fit: cover; border-radius: 10px; background: var(--bubble); }
.cards b { display: block; line-height: 1.3; }
.cards span { font-size: 14px; color: var(--soft); }
.adding { display: grid; gap: 4px; margin-top: 6px; }
.adding .add { border: 1.5px solid var(--accent); border-radius: 999px; background: none; color: var(--accent); padding: 4px 14px; font-weight: 600; font-size: 14px; }
.adding .add:hover { background: var(--bubble); }
.order { border: 1px solid var(--line); border-radius: 14px; padding: 12px 14px; display: grid; gap: 8px; font-size: 15px; }
.order .top { display: flex; justify-content: space-between; gap: 12px; color: var(--soft); }
.order b { color: var(--ink); }
.order ul { margin: 0; padding: 0; list-style: none; }
.order ol { display: flex; list-style: none; margin: 0; padding: 0; font-size: 12.5px; color: var(--soft); }
.order ol li { flex: 1; padding-top: 8px; border-block-start: 4px solid var(--line); }
.order ol .reached { border-color: var(--accent); color: var(--ink); font-weight: 600; }
.text a, .order a { color: inherit; }
.text ul, .text ol { margin: 2px 0; padding-inline-start: 22px; }
.files { list-style: none; margin: 0 0 4px; padding: 0; display: flex; flex-wrap: wrap; gap: 6px; justify-content: inherit; }
.mine .files { justify-content: flex-end; }
.files img { display: block; max-width: 200px; max-height: 160px; border-radius: 12px; border: 1px solid var(--line); }
.files a { color: inherit; }
.waiting { padding: 8px 12px 0; margin: 0; font-size: 13.5px; }
.waiting li { display: flex; align-items: center; flex-wrap: wrap; gap: 6px; width: 100%; }
.waiting img { width: 40px; height: 40px; object-fit: cover; }
.waiting .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 150px; }
.waiting progress { flex: 1; min-width: 60px; accent-color: var(--accent); }
.waiting .icon { margin-inline-start: auto; }
.waiting .icon svg { width: 16px; height: 16px; }
.refused { color: var(--warn); }
.dropping { display: none; position: absolute; inset: 0; place-items: center; background: var(--paper); opacity: .94; font-weight: 600; border: 3px dashed var(--accent); border-radius: inherit; }
.over .dropping { display: grid; }
.meta { display: flex; gap: 6px; align-items: flex-start; justify-content: space-between; font-size: 12px; color: var(--soft); padding-top: 3px; }
.mine .meta { justify-content: flex-end; gap: 0; white-space: pre; }
.menu { flex: 1; overflow-y: auto; padding: 16px; display: flex; flex-direction: column; gap: 12px; }
.menu h3, .menu ul, .menu p, .survey p { margin: 0; padding: 0; font-size: 15px; }
.menu ul { list-style: none; display: grid; gap: 6px; }
.menu li button { display: grid; width: 100%; text-align: start; border: 1px solid var(--line); border-radius: 12px; background: none; padding: 8px 12px; }
.menu li button:hover, .menu li [aria-current] { background: var(--bubble); }
.menu li span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.menu small { color: var(--soft); }
.survey .text { display: grid; gap: 8px; white-space: normal; }
details { margin-top: 6px; }
summary { cursor: pointer; text-decoration: underline; }
.mail { display: grid; gap: 6px; margin-top: 6px; font-size: 14px; }
.mail .row { display: flex; gap: 6px; }
.mail input { flex: 1; min-width: 0; font: inherit; color: inherit; border: 1.5px solid var(--soft); border-radius: 12px; padding: 6px 10px; background: var(--paper); }
.mail small { color: var(--soft); }
.choices.row { flex-direction: row; margin: 0; }
.choices [aria-pressed=true] { background: var(--accent); color: var(--on-accent); }
.badge { background: var(--warn); color: var(--paper); border-radius: 999px; min-width: 24px; padding: 1px 7px; font-size: 14px; text-align: center; }
.teaser { position: absolute; inset-block-end: 84px; inset-inline-end: 20px; width: min(300px, calc(100vw - 40px)); display: flex; align-items: flex-start; background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: 0 8px 28px rgb(29 43 63 / .28); padding: 6px; }
.peek { flex: 1; min-width: 0; display: grid; border: 0; background: none; text-align: start; padding: 6px 8px; }
.peek span { overflow: hidden; display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow-wrap: anywhere; }
.foot { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px; }
.privacy { margin: 0; padding: 0 14px 10px; font-size: 12px; line-height: 1.35; color: var(--soft); }
.privacy a { color: inherit; }
.foot small { font-size: 13px; padding-inline-start: 4px; }
.cards .view { color: var(--accent); font-weight: 600; }
.thumbs { display: flex; align-items: center; gap: 2px; color: var(--soft); font-size: 13.5px; }
.thumbs .icon { padding: 2px 5px; }
.meta time { padding-top: 3px; }
.thumbs svg { width: 17px; height: 17px; }
.thumbs [aria-pressed=true] { color: var(--accent); }
.thumbs [aria-pressed=true] svg { fill: currentColor; }
.why { display: grid; gap: 6px; margin-top: 4px; max-width: 300px; font-size: 14px; }
form.why > button, .mail button { justify-self: start; border: 0; border-radius: 999px; padding: 6px 14px; background: var(--accent); color: var(--on-accent); }
.typing { display: flex; gap: 5px; padding: 13px 16px; background: var(--bubble); border-radius: 4px var(--radius) var(--radius); width: fit-content; }
.typing i { width: 7px; height: 7px; border-radius: 50%; background: var(--soft); animation: blink 1.2s infinite; }
.typing i:nth-child(2) { animation-delay: .2s; } .typing i:nth-child(3) { animation-delay: .4s; }
@keyframes blink { 50% { opacity: .25; } }
@media (prefers-reduced-motion: reduce) { .typing i { animation: none; } }
.state > button { border: 0; background: none; text-decoration: underline; padding: 2px 6px; font-weight: 600; }
.foot { padding: 0 12px 8px; font-size: 14px; color: var(--soft); min-height: 34px; }
@media (max-width: 480px) { .badge { position: absolute; inset-block-start: -6px; inset-inline-end: -4px; } }
`;

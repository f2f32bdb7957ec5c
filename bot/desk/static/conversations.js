// Keys of the conversations page, and replies of the book while a colleague types "/".
(() => {
  'use strict';
  const lines = () => [...document.querySelectorAll('.line')];
  const own = document.querySelector('[data-canned]');
  const writes = (target) => target.closest('input, textarea, select') !== null;

  function step(by) {
    const all = lines();
    const at = all.findIndex((line) => line.hasAttribute('aria-current'));
    const next = all[Math.max(0, Math.min(all.length - 1, at + by))];
    if (next) next.click();
  }

  document.addEventListener('keydown', (event) => {
    if (writes(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = {
      j: () => step(1), k: () => step(-1), r: () => own?.focus(),
      '/': () => document.querySelector('#find')?.focus(),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });

  if (!own) return;
  const list = document.createElement('ul');
  list.className = 'canned';
  list.hidden = true;
  list.setAttribute('aria-label', 'Replies of the book');
  own.after(list);

  const use = (reply) => {
    own.value = reply.text;
    own.form.elements.reply_id.value = reply.reply_id;
    list.hidden = true;
    own.focus();
  };

  let asked = 0;
  own.addEventListener('input', async () => {
    if (!own.value.startsWith('/')) { list.hidden = true; return; }
    const mine = ++asked;
    const answer = await fetch(`${own.dataset.canned}&find=${encodeURIComponent(own.value.slice(1))}`);
    if (mine !== asked || !answer.ok) return;
    list.replaceChildren(...(await answer.json()).map((reply) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      button.lang = reply.locale;
      button.textContent = reply.text;
      button.addEventListener('click', () => use(reply));
      item.append(button);
      return item;
    }));
    list.hidden = list.children.length === 0;
  });
  own.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' && !list.hidden) { event.preventDefault(); list.querySelector('button').focus(); }
    if (event.key === 'Escape') list.hidden = true;
  });
})();

// The demo storefront's basket. It keeps variant ids and quantities; prices always come from the server.
(() => {
  'use strict';
  const KEY = 'juniper_basket';
  const CLICK = 'shopclerk_click';
  const $ = (selector, root = document) => root.querySelector(selector);

  const read = () => {
    try {
      const items = JSON.parse(localStorage.getItem(KEY) || '[]');
      return Array.isArray(items) ? items.filter((item) => item && item.variant_id) : [];
    } catch {
      return [];
    }
  };
  const write = (items) => {
    localStorage.setItem(KEY, JSON.stringify(items));
    count();
  };
  const count = () => {
    const badge = $('[data-basket-count]');
    const total = read().reduce((sum, item) => sum + item.quantity, 0);
    badge.textContent = total || '';
    badge.hidden = !total;
  };
  const put = (id, quantity) => {
    const items = read();
    const known = items.find((item) => item.variant_id === id);
    if (known) known.quantity = Math.min(20, known.quantity + quantity);
    else items.push({ variant_id: id, quantity });
    write(items);
  };
  const set = (id, quantity) => write(
    read().map((item) => (item.variant_id === id ? { ...item, quantity } : item)).filter((item) => item.quantity > 0),
  );

  const el = (tag, attributes = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), attributes);
    node.append(...children);
    return node;
  };

  async function showBasket(box) {
    const brief = 'brief' in box.dataset;
    const items = read();
    let quote = { lines: [], total_text: '' };
    const notice = $('[data-notice]', box);
    notice.textContent = '';
    if (items.length) {
      try {
        const answer = await fetch(`/demo/quote?lang=${box.dataset.lang}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ items }),
        });
        if (!answer.ok) throw new Error(String(answer.status));
        quote = await answer.json();
      } catch {
        notice.textContent = box.dataset.failed;
        return;
      }
    }
    if (quote.gone) {
      notice.textContent = box.dataset.gone;
      write(quote.lines.map(({ variant_id, quantity }) => ({ variant_id, quantity })));
    }
    $('[data-empty]', box).hidden = quote.lines.length > 0;
    $('[data-full]', box).hidden = quote.lines.length === 0;
    $('[data-total]', box).textContent = quote.total_text;
    $('[data-lines]', box).replaceChildren(...quote.lines.map((line) => lineOf(line, box, brief)));
  }

  function lineOf(line, box, brief) {
    const words = el('div', {}, el('span', { textContent: line.title }));
    if (line.label) words.append(el('span', { className: 'label', textContent: line.label }));
    if (brief) {
      words.append(el('span', { className: 'label', textContent: `× ${line.quantity}` }));
    } else {
      const number = el('input', { type: 'number', min: 1, max: 20, value: line.quantity });
      number.setAttribute('aria-label', `${box.dataset.quantity}: ${line.title}`);
      number.addEventListener('change', () => {
        set(line.variant_id, Math.max(1, Math.min(20, Number(number.value) || 1)));
        showBasket(box);
      });
      const remove = el('button', { type: 'button', textContent: box.dataset.remove });
      remove.setAttribute('aria-label', `${box.dataset.remove}: ${line.title}`);
      remove.addEventListener('click', () => {
        set(line.variant_id, 0);
        showBasket(box);
      });
      words.append(el('div', { className: 'how-many' }, number, remove));
    }
    const picture = line.image ? el('img', { src: line.image, alt: '', width: 84, height: 84 }) : el('span');
    return el('li', {}, picture, words, el('span', { className: 'line-price', textContent: line.price }));
  }

  const add = $('[data-add]');
  if (add) {
    const select = add.elements.variant;
    const choose = () => {
      const option = select.selectedOptions && select.selectedOptions[0];
      if (!option) return;
      $('[data-price]').textContent = option.dataset.price;
      $('p[data-stock]').textContent = option.dataset.stock;
    };
    if (select && select.tagName === 'SELECT') {
      select.addEventListener('change', choose);
      choose();
    }
    add.addEventListener('submit', (event) => {
      event.preventDefault();
      put(select.value, 1);
      const said = $('[data-added]');
      said.textContent = '';
      setTimeout(() => { said.textContent = said.dataset.text; }, 30);
    });
  }

  const form = $('[data-checkout]');
  if (form) {
    form.addEventListener('submit', () => {
      form.elements.items.value = JSON.stringify(read());
      form.elements.shopclerk_shopper.value = localStorage.getItem('shopclerk_shopper') || '';
      form.elements.shopclerk_click.value = localStorage.getItem(CLICK) || '';
    });
  }

  // What the chat asks the page: put this into the basket, and what lies in it.
  document.addEventListener('shopclerk:add', (event) => {
    put(event.detail.variant_id, 1);
    event.preventDefault();
    document.querySelectorAll('[data-basket]').forEach(showBasket);
  });
  document.addEventListener('shopclerk:basket', (event) => {
    event.detail.products.push(...read().map((item) => item.variant_id.split('/')[0]));
  });

  const here = new URL(location.href);
  if (here.searchParams.has(CLICK)) localStorage.setItem(CLICK, here.searchParams.get(CLICK));
  if ($('[data-bought]')) write([]);
  document.querySelectorAll('[data-basket]').forEach(showBasket);
  document.querySelectorAll('[data-open-chat]').forEach((button) => {
    button.addEventListener('click', () => document.querySelector('shopclerk-chat')?.open());
  });
  document.querySelectorAll('[data-language]').forEach((link) => {
    const wanted = new URL(link.href);
    wanted.search = here.search;
    wanted.searchParams.set('lang', new URL(link.href).searchParams.get('lang'));
    link.href = wanted.href;
  });
  count();
})();

// Draws what was said: bubbles, buttons, product cards, thumbs.
const MARKED = new Set(['confirm', 'done', 'refused', 'submitted']); // about an order: not to be overlooked
class Lines {
  constructor(log, act, base) {
    this.log = log;
    this.act = act; // {choose, rate, again}: what the buttons do
    this.base = base;
    this.byId = new Set();
    this.byClient = new Map();
    this.thumbs = keep('sessionStorage', 'shopclerk_thumbs') || {};
    this.showRatings = true;
    this.typing = h('div', { class: 'line', role: 'status', 'aria-label': SAY.typing },
      h('div', { class: 'typing' }, h('i'), h('i'), h('i')));
  }

  // One line as the server tells it; what is shown already stays as it is.
  add(line) {
    if (this.byId.has(line.message_id)) return;
    if (line.message_id) this.byId.add(line.message_id);
    if (line.speaker === 'shopper') {
      const shown = this.byClient.get(line.client_id);
      if (shown) shown.classList.remove('sending');
      else this.mine(line.text, line.client_id);
      return;
    }
    this.theirs(line);
  }

  mine(text, clientId, sending = false) {
    const node = h('div', { class: `line mine${sending ? ' sending' : ''}` },
      h('div', { class: 'unseen' }, SAY.you), h('div', { class: 'text', dir: 'auto' }, text));
    this.byClient.set(clientId, node);
    this.append(node);
    return node;
  }

  unsent() {
    return [...this.log.querySelectorAll('.sending')];
  }

  theirs({ speaker, text, author, reply }) {
    const wide = reply && reply.products.length;
    const node = h('div', { class: `line${wide ? ' wide' : ''}${reply && MARKED.has(reply.kind) ? ` ${reply.kind}` : ''}` },
      h('div', { class: speaker === 'staff' ? 'who' : 'unseen' }, speaker === 'staff' ? author || SAY.staff : SAY.clerk),
      h('div', { class: 'text', dir: 'auto' }, reply ? reply.text : text));
    if (reply && reply.sources.length) node.append(this.sources(reply));
    if (reply && reply.choices.length) node.append(this.choices(reply));
    if (wide) node.append(this.cards(reply));
    if (reply && this.showRatings && reply.kind !== 'handover') node.append(this.rating(reply.impression_id));
    this.append(node);
  }

  // Where the shop's own sentences stand.
  sources(reply) {
    return h('ul', { class: 'sources' }, ...reply.sources.map((source) => h('li', {},
      h('a', { href: webAddress(source.click_url || source.url, this.base), dir: 'auto' }, source.title))));
  }

  choices(reply) {
    const buttons = reply.choices.map((choice) => h('button', {
      type: 'button',
      onclick: () => {
        buttons.forEach((button) => { button.disabled = true; });
        this.act.choose(choice);
      },
    }, choice.title));
    return h('div', { class: 'choices', role: 'group', 'aria-label': SAY.choose }, ...buttons);
  }

  cards(reply) {
    return h('ul', { class: 'cards', 'aria-label': SAY.products }, ...reply.products.map((card) => {
      const picture = card.image && webAddress(card.image, this.base);
      const link = h('a', { href: webAddress(card.click_url || card.url, this.base) },
        picture ? h('img', { src: picture, alt: '', width: 76, height: 76 }) : h('div', { class: 'blank' }),
        h('div', {}, h('b', { dir: 'auto' }, card.title), h('span', {}, `${card.price} · ${card.in_stock ? SAY.inStock : SAY.soldOut}`)),
        h('span', { class: 'view', 'aria-hidden': 'true' }, SAY.view));
      return h('li', {}, link, card.variant_id && card.in_stock && Basket.canAdd() ? this.adding(card) : null);
    }));
  }

  // One press, one piece: the button says what became of it, and the click counts as any other.
  adding(card) {
    const said = h('span', { role: 'status' });
    const button = h('button', { type: 'button', class: 'add', 'aria-label': `${SAY.add}: ${card.title}`, onclick: async () => {
      button.disabled = true;
      try {
        await Basket.add(card);
        said.textContent = SAY.added;
        if (card.click_url) fetch(webAddress(card.click_url, this.base), { mode: 'no-cors', redirect: 'manual' }).catch(() => {});
      } catch { said.textContent = SAY.addFailed; }
      button.disabled = false;
    } }, SAY.add);
    return h('div', { class: 'adding' }, button, said);
  }

  rating(id) {
    const said = h('span', { role: 'status' });
    const asked = h('label', { for: `why-${id}` }, SAY.why);
    const why = h('form', { class: 'why', hidden: true }, asked,
      h('textarea', { id: `why-${id}`, rows: 2, maxlength: 2000 }),
      h('button', {}, SAY.tell));
    const set = (value) => {
      this.thumbs[id] = value;
      keep('sessionStorage', 'shopclerk_thumbs', this.thumbs);
      for (const [name, button] of Object.entries(buttons)) button.setAttribute('aria-pressed', String(name === value));
      why.hidden = !value;
      asked.textContent = value === 'up' ? SAY.whyUp : SAY.why;
      if (value) why.scrollIntoView({ block: 'nearest' });
    };
    const press = async (value) => {
      const before = this.thumbs[id] || null;
      const now = before === value ? null : value;
      set(now);
      said.textContent = '';
      try {
        await this.act.rate(id, now);
        if (now) said.textContent = SAY.thanks;
      } catch {
        set(before);
        said.textContent = SAY.away;
      }
    };
    const button = (value) => h('button', {
      class: 'icon', type: 'button', 'aria-label': SAY[value], title: SAY[value], 'aria-pressed': 'false', onclick: () => press(value),
    }, icon(ICONS[value]));
    const buttons = { up: button('up'), down: button('down') };
    why.addEventListener('submit', async (event) => {
      event.preventDefault();
      try {
        await this.act.rate(id, this.thumbs[id], why.querySelector('textarea').value);
        why.hidden = true;
        said.textContent = SAY.thanks;
      } catch { said.textContent = SAY.away; }
    });
    if (this.thumbs[id]) {
      set(this.thumbs[id]);
      why.hidden = true;
    }
    return h('div', {}, h('div', { class: 'thumbs' }, buttons.up, buttons.down, said), why);
  }

  failed(node, text, linkText) {
    node.querySelector('.note')?.remove();
    const again = linkText && h('button', { type: 'button', onclick: () => { node.querySelector('.note').remove(); this.act.again(node); } }, linkText);
    node.append(h('div', { class: 'note', role: 'alert' }, text, linkText ? ' ' : null, again));
    this.toEnd();
  }

  wait(on) {
    if (on) this.append(this.typing);
    else this.typing.remove();
  }

  append(node) {
    const nearEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 160 || node.classList.contains('mine');
    if (node !== this.typing && this.typing.isConnected) this.typing.before(node);
    else this.log.append(node);
    if (nearEnd) this.toEnd();
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }
}

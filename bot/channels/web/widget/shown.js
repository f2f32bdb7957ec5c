// What an answer shows besides words: sources, buttons, products, an order, files.
class Shown {
  constructor(base, choose) {
    this.base = base;
    this.choose = choose;
  }

  of(reply) {
    return [
      reply.order && this.order(reply.order),
      reply.sources.length && this.sources(reply),
      reply.choices.length && this.choices(reply.choices),
      reply.products.length && this.products(reply),
    ].filter(Boolean);
  }

  // Where the shop's own sentences stand; a file has no address.
  sources(reply) {
    return h('ul', { class: 'sources' }, ...reply.sources.map((source) => {
      const address = source.click_url || source.url;
      return h('li', {}, `${SAY.source} `, address
        ? h('a', { href: webAddress(address, this.base), dir: 'auto' }, source.title)
        : h('i', { dir: 'auto' }, source.title));
    }));
  }

  choices(choices, label = SAY.choose) {
    const buttons = choices.map((choice) => h('button', {
      type: 'button',
      onclick: () => {
        buttons.forEach((button) => { button.disabled = true; });
        this.choose(choice);
      },
    }, choice.title));
    return h('div', { class: 'choices', role: 'group', 'aria-label': label }, ...buttons);
  }

  order(order) {
    const track = order.tracking_url && webAddress(order.tracking_url);
    return h('section', { class: 'order', 'aria-label': `${SAY.order} ${order.number}` },
      h('div', { class: 'top' }, h('b', {}, `${SAY.order} ${order.number}`), h('span', {}, order.status)),
      order.steps.length ? h('ol', {}, ...order.steps.map((step) => h('li', { class: step.reached && 'reached' }, step.title,
        step.reached ? h('span', { class: 'unseen' }, ` (${SAY.reached})`) : null))) : null,
      h('ul', {}, ...order.items.map((item) => h('li', { dir: 'auto' }, item))),
      h('div', { class: 'top' }, h('span', {}, order.placed_on), h('span', {}, `${SAY.total} ${order.total}`)),
      track ? h('a', { href: track, target: '_blank', rel: 'noopener noreferrer' }, SAY.track) : order.tracking || null);
  }

  products(reply) {
    return h('ul', { class: 'cards', 'aria-label': SAY.products }, ...reply.products.map((card) => {
      const picture = card.image && webAddress(card.image, this.base);
      const link = h('a', { href: webAddress(card.click_url || card.url, this.base) },
        picture ? h('img', { src: picture, alt: '', width: 156, height: 130 }) : h('div', { class: 'blank' }),
        h('b', { dir: 'auto' }, card.title), h('span', {}, `${card.price} · ${card.in_stock ? SAY.inStock : SAY.soldOut}`),
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

  files(files) {
    return h('ul', { class: 'files' }, ...files.map((file) => {
      const small = file.thumbnail_url && webAddress(file.thumbnail_url, this.base);
      const shown = small ? h('img', { src: small, alt: file.name }) : file.name;
      return h('li', {}, file.url ? h('a', { href: webAddress(file.url, this.base), target: '_blank', rel: 'noopener' }, shown) : shown);
    }));
  }
}

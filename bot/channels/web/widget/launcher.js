// <shopclerk-chat>: the button, and a panel in which one can write at once. The chat behind them is a
// second script, loaded when it is needed; it takes over the same field, so that nothing typed is lost.
const OPEN = 'shopclerk_open';
const UNSENT = 'shopclerk_unsent';
const WAITING = 'shopclerk_waiting'; // for a person: then every page listens, chat open or not
const RETRY = 5000; // milliseconds between tries to load the chat, while its panel is open
const unsent = () => keep('sessionStorage', UNSENT) || [];
const small = () => matchMedia('(max-width: 480px)').matches; // as in launcher_style.js
const styled = (root, style) => {
  const sheet = new CSSStyleSheet(); // not held back by a page's content security policy
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
};
const iconButton = (name, label, press) => h('button', { class: 'icon', type: 'button', 'aria-label': label, title: label, onclick: press }, icon(ICONS[name]));

class ShopclerkChat extends HTMLElement {
  connectedCallback() {
    if (this.base) return;
    this.base = clerkOf(this);
    if (!this.base) return;
    Checkout.watch();
    if (Visit) Visit.askedBy(this); // there where the shop compares the chat with none
    else this.show();
  }

  show() {
    if (this.launch) return;
    this.hidden = false;
    this.draw(WORDS[LANG]);
    // On a phone it would cover the page that it led to; what was on its way is sent all the same.
    if (keep('sessionStorage', OPEN) && !small()) this.open(false);
    else if (keep('localStorage', WAITING) || unsent().length) this.load().then((chat) => chat.start(), () => {});
    Checkout.tellCart(this.base);
  }

  draw(say) {
    this.early = []; // written before the chat was there
    const ready = () => this.load().catch(() => {});
    this.launch = h('button', { class: 'launch', type: 'button', 'aria-expanded': 'false', 'aria-controls': 'panel',
      onclick: () => this.open(), onpointerenter: ready, onfocus: ready }, icon(ICONS.chat), h('span', {}, say.launch));
    this.heading = h('h2', {}, say.title);
    this.head = h('div', { class: 'head' }, this.heading, iconButton('close', say.close, () => this.close()));
    this.log = h('div', { class: 'log', role: 'log', 'aria-label': say.log, 'aria-live': 'polite', tabindex: '0' });
    this.notice = h('div', { class: 'state', role: 'status', hidden: true });
    this.input = h('textarea', { id: 'text', rows: 1, maxlength: 4000, placeholder: say.placeholder, dir: 'auto', enterkeyhint: 'send',
      onkeydown: (event) => this.pressed(event), oninput: () => this.grow() });
    this.form = h('form', { class: 'write', onsubmit: (event) => { event.preventDefault(); this.write(); } },
      h('label', { class: 'unseen', for: 'text' }, say.label), this.input, h('button', { class: 'go' }, say.send));
    this.panel = h('section', { class: 'panel', id: 'panel', role: 'dialog', 'aria-label': say.title, hidden: true,
      onkeydown: (event) => { if (event.key === 'Escape' && !this.chat?.stepBack()) this.close(); } }, this.head, this.log, this.notice, this.form);
    const root = this.attachShadow({ mode: 'open' });
    root.append(this.launch, this.panel);
    styled(root, LAUNCHER_STYLE);
  }

  load() {
    this.tries ||= 0; // in the address: some browsers never ask again for a module that failed
    this.loading ||= import(`${this.base}/widget/chat-${LANG}.js?v=${CHAT}${this.tries ? `&try=${this.tries}` : ''}`)
      .then(({ default: make }) => { this.chat = new (make(SHARED))(this); return this.chat; });
    this.loading.catch(() => { this.loading = null; this.tries += 1; });
    return this.loading;
  }

  // Also by a button of the page's own, which a shop may show to everybody.
  async open(focus = true) {
    this.show();
    this.panel.hidden = false;
    this.launch.hidden = true;
    this.launch.setAttribute('aria-expanded', 'true');
    keep('sessionStorage', OPEN, true);
    if (focus) this.input.focus();
    try {
      const chat = await this.load();
      if (!this.panel.hidden) chat.opened();
    } catch {
      this.notice.hidden = false;
      this.notice.textContent = WORDS[LANG].away;
      await sleep(RETRY);
      if (!this.panel.hidden && !this.loading) this.open(false);
    }
  }

  close() {
    this.panel.hidden = true;
    this.launch.hidden = false;
    this.launch.setAttribute('aria-expanded', 'false');
    keep('sessionStorage', OPEN, null);
    this.launch.focus();
  }

  // Enter also ends the choosing of Chinese characters: that one is not for us. Safari tells it by
  // the key code alone.
  pressed(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.write();
  }

  grow() {
    this.input.style.height = 'auto';
    this.input.style.height = `${Math.min(this.input.scrollHeight + 2, 120)}px`;
  }

  // Before the chat is there it waits among what is unsent, here and on the next page.
  write() {
    if (this.chat) { this.chat.write(); return; }
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = '';
    this.grow();
    const message = { text, client_id: newId(), page: location.href.slice(0, 2000) };
    this.early.push(message);
    keep('sessionStorage', UNSENT, [...unsent(), message]);
    this.log.append(h('div', { class: 'line mine sending early' }, h('div', { class: 'text', dir: 'auto' }, text)));
    this.open(false);
  }
}

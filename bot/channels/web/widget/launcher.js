// <shopclerk-chat>: the button. The chat behind it is a second script, loaded when it is needed.
const OPEN = 'shopclerk_open';
const UNSENT = 'shopclerk_unsent';
const WAITING = 'shopclerk_waiting'; // for a person: then every page listens, chat open or not
const small = () => matchMedia('(max-width: 480px)').matches; // as in launcher_style.js
const styled = (root, style) => {
  const sheet = new CSSStyleSheet(); // not held back by a page's content security policy
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
};

class ShopclerkChat extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.base = clerkOf(this);
    if (!this.base) return;
    this.draw();
    // On a phone it would cover the page that it led to; what was on its way is sent all the same.
    if (keep('sessionStorage', OPEN) && !small()) this.open(false);
    else if (keep('localStorage', WAITING) || (keep('sessionStorage', UNSENT) || []).length) this.load().then((chat) => chat.start(), () => {});
    Checkout.watch();
    Checkout.tellCart(this.base);
  }

  draw() {
    const root = this.attachShadow({ mode: 'open' });
    this.label = h('span', {}, WORDS[LANG].launch);
    this.launch = h('button', {
      class: 'launch', type: 'button', 'aria-expanded': 'false', 'aria-controls': 'panel',
      onclick: () => this.open(), onpointerenter: () => this.load().catch(() => {}),
    }, icon(ICONS.chat), this.label);
    root.append(this.launch);
    styled(root, LAUNCHER_STYLE);
  }

  load() {
    this.loading ||= import(`${this.base}/widget/chat-${LANG}.js?v=${CHAT}`).then(({ default: make }) => new (make(SHARED))(this));
    this.loading.catch(() => { this.loading = null; }); // pressed again, it is tried again
    return this.loading;
  }

  async open(focus = true) {
    try {
      (await this.load()).open(focus);
      this.label.textContent = WORDS[LANG].launch;
    } catch {
      this.label.textContent = WORDS[LANG].away;
    }
  }
}

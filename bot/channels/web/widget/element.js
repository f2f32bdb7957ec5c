// <shopclerk-chat>: the button, the panel, and what happens when somebody writes.
const OPEN = 'shopclerk_open';
const UNSENT = 'shopclerk_unsent';
const small = () => matchMedia('(max-width: 480px)').matches; // as in style.js

class ShopclerkChat extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.base = clerkOf(this);
    if (!this.base) return;
    this.draw();
    this.talk = new Talk(this.base, { line: (line) => this.lines.add(line), state: (state) => this.show(state) });
    this.lines = new Lines(this.log, {
      choose: (choice) => this.say(choice.title, choice.id),
      rate: (id, value, comment) => this.talk.send('/api/chat/ratings', { impression_id: id, value, ...(comment ? { comment } : {}) }),
      again: (node) => this.deliver(node, node.message),
    }, this.base);
    this.pending = 0;
    for (const event of ['online', 'offline']) window.addEventListener(event, () => this.show(this.state));
    // On a phone it would cover the page that it led to; what was on its way is sent all the same.
    if (keep('sessionStorage', OPEN) && !small()) this.open(false);
    else if ((keep('sessionStorage', UNSENT) || []).length) this.start();
    Checkout.watch();
    this.talk.tellCart();
  }

  draw() {
    const root = this.attachShadow({ mode: 'open' });
    this.log = h('div', { class: 'log', role: 'log', 'aria-label': SAY.log, 'aria-live': 'polite', tabindex: '0' });
    this.notice = h('div', { class: 'state', role: 'status', hidden: true });
    this.input = h('textarea', { id: 'text', rows: 1, maxlength: 4000, placeholder: SAY.placeholder, dir: 'auto', enterkeyhint: 'send' });
    this.person = h('button', { type: 'button', onclick: () => this.wantPerson() }, SAY.person);
    const form = h('form', { class: 'write', onsubmit: (event) => { event.preventDefault(); this.write(); } },
      h('label', { class: 'unseen', for: 'text' }, SAY.label), this.input, h('button', { class: 'go' }, SAY.send));
    this.shopName = h('small');
    this.hours = h('small');
    this.privacy = h('p', { class: 'privacy' });
    this.panel = h('section', { class: 'panel', id: 'panel', role: 'dialog', 'aria-label': SAY.title, hidden: true },
      h('div', { class: 'head' }, h('h2', {}, SAY.title, this.shopName),
        h('button', { class: 'icon', type: 'button', 'aria-label': SAY.close, onclick: () => this.close() }, icon(ICONS.close))),
      this.log, this.notice, form, h('div', { class: 'foot' }, this.person, this.hours), this.privacy);
    this.launch = h('button', { class: 'launch', type: 'button', 'aria-expanded': 'false', 'aria-controls': 'panel', onclick: () => this.open() },
      icon(ICONS.chat), h('span', {}, SAY.launch));
    root.append(this.launch, this.panel);
    const sheet = new CSSStyleSheet(); // not held back by a page's content security policy
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.panel.addEventListener('keydown', (event) => { if (event.key === 'Escape') this.close(); });
    this.input.addEventListener('keydown', (event) => {
      // Enter also ends the choosing of Chinese characters: that one is not for us. Safari tells it
      // by the key code alone.
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
        event.preventDefault();
        this.write();
      }
    });
    this.input.addEventListener('input', () => this.grow());
    this.log.addEventListener('click', (event) => { if (small() && event.target.closest('a')) this.close(); });
  }

  open(focus = true) {
    this.panel.hidden = false;
    this.launch.hidden = true;
    this.launch.setAttribute('aria-expanded', 'true');
    keep('sessionStorage', OPEN, true);
    if (focus) this.input.focus();
    this.start();
    this.lines.toEnd();
  }

  close() {
    this.panel.hidden = true;
    this.launch.hidden = false;
    this.launch.setAttribute('aria-expanded', 'false');
    keep('sessionStorage', OPEN, null);
    this.launch.focus();
  }

  // Begins the session once; a failed start can be repeated from the notice.
  start() {
    this.started ||= this.talk.begin().then((session) => {
      this.shopName.textContent = session.shop_name;
      this.lines.showRatings = session.show_ratings;
      this.lines.theirs({ speaker: 'clerk', text: session.greeting });
      session.lines.forEach((line) => this.lines.add(line));
      this.lines.unsent().forEach((node) => this.lines.append(node)); // written before all that came
      this.hours.textContent = session.office_hours || '';
      const page = session.privacy_url && webAddress(session.privacy_url);
      this.privacy.replaceChildren(session.privacy_note || SAY.privacy, ...(page ? [' ', h('a', { href: page, target: '_blank', rel: 'noopener' }, SAY.privacyMore)] : []));
      this.show(session.state);
      this.sendAgain();
      this.lines.toEnd();
    }).catch((error) => {
      this.started = null;
      this.notice.hidden = false;
      const said = error.status === 403 ? error.message : navigator.onLine ? SAY.away : SAY.offline;
      this.notice.replaceChildren(said, ' ', h('button', { type: 'button', onclick: () => { this.notice.hidden = true; this.start(); } }, SAY.retry));
      throw error;
    });
    this.started.catch(() => {});
    return this.started;
  }

  show(state) {
    this.state = state;
    const said = !navigator.onLine ? SAY.offline : { waiting: SAY.waiting, staff: SAY.withStaff }[state];
    this.notice.hidden = !said;
    this.notice.replaceChildren(said || '');
    this.person.hidden = state === 'waiting' || state === 'staff';
    this.hours.hidden = this.person.hidden;
  }

  grow() {
    this.input.style.height = 'auto';
    this.input.style.height = `${Math.min(this.input.scrollHeight + 2, 120)}px`;
  }

  write() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = '';
    this.grow();
    this.say(text);
  }

  say(text, choice) {
    const message = { text, client_id: newId(), page: location.href.slice(0, 2000), basket: Basket.products(), ...(choice ? { choice } : {}) };
    keep('sessionStorage', UNSENT, [...(keep('sessionStorage', UNSENT) || []), message]);
    this.dispatch(message);
  }

  dispatch(message) {
    const node = this.lines.mine(message.text, message.client_id, true);
    node.message = message;
    this.deliver(node, message);
  }

  // What was on its way when the page was left; the same client_id, so it counts once.
  sendAgain() {
    for (const message of keep('sessionStorage', UNSENT) || []) {
      if (this.lines.byClient.has(message.client_id)) this.settled(message);
      else this.dispatch(message);
    }
  }

  settled({ client_id }) {
    keep('sessionStorage', UNSENT, (keep('sessionStorage', UNSENT) || []).filter((one) => one.client_id !== client_id));
  }

  async deliver(node, message) {
    node.classList.add('sending');
    this.busy(1);
    try {
      await this.start();
      this.take(await this.talk.send('/api/chat/messages', message));
      node.classList.remove('sending');
      this.settled(message);
    } catch (error) {
      if (error.status >= 400 && error.status < 500 && error.status !== 429) this.settled(message);
      if (error.status === 429) this.lines.failed(node, SAY.tooMany, SAY.again);
      else if (error.status >= 400 && error.status < 500) this.lines.failed(node, `${SAY.refused} ${error.message}`);
      else this.lines.failed(node, SAY.failed, SAY.again);
    }
    this.busy(-1);
  }

  async wantPerson() {
    this.person.disabled = true;
    if (!this.wish) { // pressed again after a failure, it is the same wish
      this.wish = newId();
      this.lines.mine(SAY.person, this.wish, true);
    }
    this.busy(1);
    try {
      await this.start();
      this.take(await this.talk.send('/api/chat/handover', { client_id: this.wish }));
      this.lines.byClient.get(this.wish).classList.remove('sending');
      this.wish = null;
    } catch {
      this.notice.hidden = false;
      this.notice.replaceChildren(navigator.onLine ? SAY.away : SAY.offline);
    }
    this.person.disabled = false;
    this.busy(-1);
  }

  take(answer) {
    if (answer.reply) this.lines.add({ message_id: answer.message_id, speaker: 'clerk', reply: answer.reply });
    this.show(answer.state);
  }

  busy(change) {
    this.pending += change;
    this.lines.wait(this.pending > 0 && this.state !== 'staff');
  }
}

// Where the clerk is: as the page says, else where this script came from. A script that was bundled
// or written into the page came from nowhere; then the page has to say.
function clerkOf(element) {
  const said = element.dataset.shop || SCRIPT?.dataset.shop;
  const from = SCRIPT?.src && new URL(SCRIPT.src);
  if (said) return new URL(said, location.href).origin;
  if (from && from.pathname.endsWith('/widget.js')) return from.origin;
  console.error('shopclerk: the chat does not know where its clerk is. Write <shopclerk-chat data-shop="https://clerk.your-shop.example"></shopclerk-chat> into the page.');
  return null;
}

if (!customElements.get('shopclerk-chat')) {
  customElements.define('shopclerk-chat', ShopclerkChat);
  let chat = null;
  // First in the page, so that one Tab reaches it; but after a skip link, alone or in a block of its
  // own, which has to come before all else. Routers that swap the body take the chat out with it: the
  // same element is put into the next one.
  const SKIP = 'body > a[href^="#"]:first-child, body > :first-child > a[href^="#"]:only-child';
  const place = () => {
    chat ||= document.querySelector('shopclerk-chat') || document.createElement('shopclerk-chat');
    if (chat.isConnected || !document.body || document.querySelector('shopclerk-chat')) return;
    if (document.querySelector(SKIP)) document.body.firstElementChild.after(chat);
    else document.body.prepend(chat);
  };
  new MutationObserver(place).observe(document.documentElement, { childList: true });
  if (document.body) place();
  else document.addEventListener('DOMContentLoaded', place);
}

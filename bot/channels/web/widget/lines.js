// Draws what was said: bubbles with their time, and what an answer shows besides.
const MARKED = new Set(['confirm', 'done', 'refused', 'submitted']); // about an order: not to be overlooked
const TYPING_ENDS = 6500; // milliseconds; who goes on typing is told anew
class Lines {
  constructor(log, act, base) {
    this.log = log;
    this.act = act; // {choose, rate, again}: what the buttons do
    this.shown = new Shown(base, act.choose);
    this.rating = new Rating(act.rate);
    this.showRatings = true;
    this.typing = h('div', { class: 'line', role: 'status' }, h('div', { class: 'typing' }, h('i'), h('i'), h('i')));
    this.byId = new Set();
    this.byClient = new Map();
  }

  clear() {
    this.byId.clear();
    this.byClient.clear();
    this.log.replaceChildren();
  }

  // One line as the server tells it, and whether it is new; what is shown already stays as it is.
  add(line) {
    const known = line.speaker === 'shopper' && this.byClient.get(line.client_id);
    if (known) {
      known.classList.remove('sending');
      known.dataset.id = line.message_id;
    }
    if (this.byId.has(line.message_id)) return false;
    if (line.message_id) this.byId.add(line.message_id);
    if (known) return false;
    if (line.speaker === 'shopper') this.mine(line.text, line.client_id, line);
    else this.theirs(line);
    return true;
  }

  mine(text, clientId, { sending, files = [], at, message_id: id } = {}) {
    this.prompts?.remove();
    const node = h('div', { class: `line mine${sending ? ' sending' : ''}`, 'data-id': id },
      h('div', { class: 'unseen' }, SAY.you), files.length ? this.shown.files(files) : null,
      h('div', { class: 'text', dir: 'auto' }, text), h('div', { class: 'meta' }, clockTime(at)));
    this.byClient.set(clientId, node);
    this.append(node);
    return node;
  }

  unsent() {
    return [...this.log.querySelectorAll('.sending')];
  }

  theirs({ speaker, text, author, reply, files = [], at, greeting }) {
    const wide = reply && (reply.products.length || reply.order);
    const node = h('div', { class: `line${wide ? ' wide' : ''}${reply && MARKED.has(reply.kind) ? ` ${reply.kind}` : ''}` },
      h('div', { class: speaker === 'staff' ? 'who' : 'unseen' }, speaker === 'staff' ? author || SAY.staff : SAY.clerk),
      files.length ? this.shown.files(files) : null,
      // An order's card says what the sentence says; who listens hears the sentence.
      h('div', { class: reply?.order && reply.reply_ids.length < 2 ? 'unseen' : 'text', dir: 'auto' }, ...rich(reply ? reply.text : text)),
      ...(reply ? this.shown.of(reply) : []));
    const rated = reply && this.showRatings && reply.kind !== 'handover';
    node.append(h('div', { class: 'meta' }, rated ? this.rating.under(reply.impression_id) : null, greeting ? null : clockTime(at)));
    this.append(node);
  }

  // Questions to begin with, until something was said.
  offer(prompts) {
    this.prompts = h('div', {}, this.shown.choices(prompts, SAY.prompts));
    this.append(this.prompts);
  }

  // The staff have read up to here: said under the last of the shopper's lines that they know.
  seen(id) {
    const known = [...this.log.querySelectorAll('.mine[data-id]')].filter((node) => Number(node.dataset.id) <= id).pop();
    this.log.querySelector('.seen')?.remove();
    if (known) known.querySelector('.meta').append(h('span', { class: 'seen' }, ` · ${SAY.seen}`));
  }

  failed(node, text, linkText) {
    node.querySelector('.note')?.remove();
    const again = linkText && h('button', { type: 'button', onclick: () => this.act.again(node) }, linkText);
    node.append(h('div', { class: 'note', role: 'alert' }, text, linkText ? ' ' : null, again));
    this.toEnd();
  }

  wait(on, who = SAY.typing) {
    clearTimeout(this.typed);
    this.typing.setAttribute('aria-label', who);
    if (!on) this.typing.remove();
    else this.append(this.typing);
    if (on && who === SAY.staffTyping) this.typed = setTimeout(() => this.typing.remove(), TYPING_ENDS);
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

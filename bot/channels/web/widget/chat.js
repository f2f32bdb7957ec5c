// The chat: its panel, and what happens when somebody writes.
const SURVEYED = 'shopclerk_surveyed';

class Chat {
  constructor(shell) {
    this.shell = shell; // the launcher, with the panel and the field
    for (const part of ['base', 'panel', 'log', 'notice', 'input', 'form']) this[part] = shell[part];
    this.talk = new Talk(this.base, {
      line: (line) => this.hear(line),
      state: (state) => this.show(state),
      back: () => this.lines.unsent().filter((node) => node.gaveUp).forEach((node) => this.deliver(node, node.message)),
      attention: ({ typing, seen }) => { this.lines.seen(seen); if (this.state === 'staff' || typing) this.lines.wait(typing, SAY.staffTyping); },
    });
    this.alerts = new Alerts(() => shell.open(), (id) => this.talk.send('/api/chat/seen', { message_id: id }).catch(() => {}));
    this.attachments = new Attachments((file, progress) => this.start().then(() => this.talk.upload(file, progress)));
    this.menu = new Menu({
      list: () => this.start().then(() => this.talk.call('/api/chat/dialogues')).then((answer) => answer.json()),
      go: (id) => this.turnTo({ dialogue_id: id }),
      anew: () => this.turnTo({ new_dialogue: true }),
      transcript: () => this.takesMail && mailForm(SAY.transcript, SAY.send, SAY.transcriptDone, (email) => this.talk.send('/api/chat/email', { email, answers: false, transcript: true })),
      end: () => { this.toggleMenu(false); this.askSurvey(); },
    }, this.alerts);
    this.draw(shell);
    this.lines = new Lines(this.log, {
      choose: (choice) => this.say(choice.text || choice.title, { choice: choice.id }),
      rate: (id, value, comment) => this.talk.send('/api/chat/ratings', { impression_id: id, value, ...(comment ? { comment } : {}) }),
      again: (node) => this.deliver(node, node.message),
    }, this.base);
    this.pending = 0;
    for (const event of ['online', 'offline']) window.addEventListener(event, () => this.show(this.state));
    document.addEventListener('visibilitychange', () => { if (this.looking) this.alerts.clear(); });
  }

  // The rest of the panel, around the field that is there already.
  draw({ shadowRoot, launch, head, heading }) {
    this.person = h('button', { type: 'button', onclick: () => this.wantPerson() }, SAY.person);
    this.form.prepend(this.attachments.input, iconButton('clip', SAY.attach, () => this.attachments.input.click()));
    this.shopName = h('small');
    this.hours = h('small');
    this.privacy = h('p', { class: 'privacy' });
    this.menuButton = iconButton('menu', SAY.menu, () => this.toggleMenu(this.menu.node.hidden));
    head.prepend(this.menuButton);
    heading.append(this.shopName);
    head.after(this.menu.node);
    this.form.before(this.attachments.strip);
    this.panel.append(h('div', { class: 'foot' }, this.person, this.hours), this.privacy, h('div', { class: 'dropping', 'aria-hidden': 'true' }, SAY.drop));
    launch.append(this.alerts.badge);
    this.panel.before(this.alerts.teaser, this.alerts.live);
    styled(shadowRoot, STYLE);
    this.takeDrops();
    this.log.addEventListener('click', (event) => { if (small() && event.target.closest('a:not([target])')) this.shell.close(); });
  }

  takeDrops() {
    const over = (on) => this.panel.classList.toggle('over', on);
    this.input.addEventListener('paste', (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      this.attachments.add(event.clipboardData.files);
    });
    this.panel.addEventListener('dragover', (event) => { event.preventDefault(); over(event.dataTransfer.types.includes('Files')); });
    this.panel.addEventListener('dragleave', (event) => { if (!this.panel.contains(event.relatedTarget)) over(false); });
    this.panel.addEventListener('drop', (event) => { event.preventDefault(); over(false); this.attachments.add(event.dataTransfer.files); });
  }

  // Whether the shopper sees what arrives.
  get looking() {
    return !this.panel.hidden && !document.hidden;
  }

  opened() {
    this.stepBack();
    this.alerts.clear();
    this.start();
    this.lines.toEnd();
  }

  // From the menu to the chat, if it was open.
  stepBack() {
    const inMenu = !this.menu.node.hidden;
    if (inMenu) this.toggleMenu(false);
    return inMenu;
  }

  toggleMenu(on) {
    for (const node of [this.log, this.form, this.privacy, this.notice]) node.hidden = on;
    if (!on) this.show(this.state);
    this.menuButton.setAttribute('aria-expanded', String(on));
    this.menuButton.setAttribute('aria-label', on ? SAY.back : SAY.menu);
    this.menuButton.replaceChildren(icon(on ? ICONS.back : ICONS.menu));
    if (on) this.menu.show();
    else this.menu.hide();
  }

  // To another dialogue, or a new one.
  turnTo(wish) {
    this.toggleMenu(false);
    this.lines.clear();
    this.started = this.mailed = null;
    this.input.focus();
    return this.start(wish);
  }

  // Begins the session once; a failed start can be repeated from the notice.
  start(wish) {
    this.started ||= this.talk.begin(wish).then((session) => {
      this.shopName.textContent = [session.shop_name, { true: SAY.online, false: SAY.awayNow }[session.online]].filter(Boolean).join(' · ');
      this.online = session.online;
      this.takesMail = session.takes_mail;
      this.dialogue = session.dialogue_id;
      this.lines.showRatings = session.show_ratings;
      this.lines.theirs({ speaker: 'clerk', text: session.greeting, greeting: true });
      if (!session.lines.length) this.lines.offer(session.prompts);
      session.lines.forEach((line) => this.hear(line));
      this.log.querySelectorAll('.early').forEach((node) => node.remove()); // they are sent now
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
      this.notice.replaceChildren(said, ' ', h('button', { type: 'button', onclick: () => { this.notice.hidden = true; this.start(wish); } }, SAY.retry));
      throw error;
    });
    this.started.catch(() => {});
    return this.started;
  }

  hear(line) {
    if (!this.lines.add(line) || line.speaker !== 'staff') return;
    this.lines.wait(false);
    this.alerts.arrived(line, this.looking);
    if (!this.looking && Date.now() - new Date(line.at) < 60000) this.alerts.ringFor(line);
  }

  show(state) {
    if (state === 'done' && this.state !== 'done' && this.lines.byClient.size) this.askSurvey(true);
    this.state = state;
    if (state) keep('localStorage', WAITING, state === 'waiting' || state === 'staff' || null);
    const said = !navigator.onLine ? SAY.offline : { waiting: SAY.waiting, staff: SAY.withStaff }[state];
    this.notice.hidden = !said;
    this.notice.replaceChildren(said || '', this.mailWish(state) || '');
    this.person.hidden = state === 'waiting' || state === 'staff';
    this.hours.hidden = this.person.hidden;
  }

  // While a person is waited for: the answer by mail, too; at once where nobody is there.
  mailWish(state) {
    if (!this.takesMail || (state !== 'waiting' && state !== 'staff')) return null;
    this.mailed ||= h('details', { open: this.online === false }, h('summary', {}, SAY.mailAsk),
      mailForm(SAY.mailLabel, SAY.mailGo, SAY.mailDone, (email) => this.talk.send('/api/chat/email', { email })));
    return this.mailed;
  }

  // At the end; by itself only once for each dialogue.
  askSurvey(once) {
    if (once && keep('localStorage', SURVEYED) === this.dialogue) return;
    keep('localStorage', SURVEYED, this.dialogue);
    this.log.querySelector('.survey')?.remove();
    this.lines.append(survey((answer) => this.talk.send('/api/chat/survey', answer), () => this.turnTo({ new_dialogue: true })));
    this.lines.toEnd();
  }

  async write() {
    const text = this.input.value.trim();
    if (!text && !this.attachments.chosen.size) return;
    this.input.value = '';
    this.shell.grow();
    const files = this.attachments.chosen.size ? await this.attachments.take() : [];
    const said = text || (files.length && (files.some((file) => file.thumbnail_url) ? SAY.fileSaid : SAY.documentSaid));
    if (said) this.say(said, { files });
  }

  say(text, { choice, files = [] } = {}) {
    const message = { text, client_id: newId(), page: location.href.slice(0, 2000), basket: Basket.products(), ...(choice ? { choice } : {}),
      ...(files.length ? { files: files.map((file) => file.file_id) } : {}) };
    keep('sessionStorage', UNSENT, [...unsent(), message]);
    this.dispatch(message, files);
  }

  dispatch(message, files) {
    const node = this.lines.mine(message.text, message.client_id, { sending: true, files });
    node.message = message;
    this.deliver(node, message);
  }

  // What was on its way when the page was left; the same client_id, so it counts once.
  sendAgain() {
    for (const message of [...this.shell.early.splice(0), ...unsent()]) {
      const node = this.lines.byClient.get(message.client_id);
      if (!node) this.dispatch({ basket: Basket.products(), ...message });
      else if (!node.classList.contains('sending')) this.settled(message);
    }
  }

  settled({ client_id }) {
    keep('sessionStorage', UNSENT, unsent().filter((one) => one.client_id !== client_id));
  }

  async deliver(node, message) {
    node.classList.add('sending');
    node.querySelector('.note')?.remove();
    node.gaveUp = false;
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
      else {
        node.gaveUp = true; // until the stream is back
        this.lines.failed(node, SAY.failed, SAY.again);
      }
    }
    this.busy(-1);
  }

  async wantPerson() {
    this.person.disabled = true;
    if (!this.wish) { // pressed again after a failure, it is the same wish
      this.wish = newId();
      this.lines.mine(SAY.person, this.wish, { sending: true });
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

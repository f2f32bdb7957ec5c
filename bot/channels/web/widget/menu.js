// The page behind the menu button: a shopper's chats, a new one, the end of this one, alerts.
class Menu {
  constructor(act, alerts) {
    this.act = act; // {list, go, anew, end, transcript}
    this.alerts = alerts;
    this.node = h('div', { class: 'menu', hidden: true });
  }

  async show() {
    const note = h('p', { role: 'status' });
    const wanted = h('input', { type: 'checkbox', onchange: async () => { note.textContent = (await this.alerts.set(wanted.checked)) ? '' : SAY.noAlerts; } });
    wanted.checked = this.alerts.on;
    const list = h('ul', {});
    this.node.hidden = false;
    this.node.replaceChildren(
      h('div', { class: 'choices' }, h('button', { type: 'button', onclick: this.act.anew }, SAY.newChat),
        h('button', { type: 'button', onclick: this.act.end }, SAY.end)),
      h('h3', {}, SAY.chats), list, h('label', {}, wanted, ' ', SAY.alerts), note, this.act.transcript() || '');
    this.node.querySelector('button').focus();
    const { dialogues } = await this.act.list().catch(() => ({ dialogues: [] }));
    list.replaceChildren(...(dialogues.length ? dialogues.map((one) => h('li', {},
      h('button', { type: 'button', 'aria-current': one.here && 'true', onclick: () => this.act.go(one.dialogue_id) },
        h('span', { dir: 'auto' }, one.first_words), h('small', {}, clockTime(one.last_at), one.here ? ` · ${SAY.here}` : '')))) : [h('li', {}, SAY.noChats)]));
  }

  hide() {
    this.node.hidden = true;
  }
}

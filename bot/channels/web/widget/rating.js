// Thumbs under an answer, and the question at a dialogue's end.
class Rating {
  constructor(rate) {
    this.rate = rate;
    this.thumbs = keep('sessionStorage', 'shopclerk_thumbs') || {};
  }

  under(id) {
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
        await this.rate(id, now);
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
        await this.rate(id, this.thumbs[id], why.querySelector('textarea').value);
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
}

// Solved or not; who wants to adds a grade and a word. The first press counts already.
const survey = (send, next) => {
  const answer = {};
  const said = h('p', { role: 'status' });
  const tell = async (more) => {
    Object.assign(answer, more);
    try {
      await send(answer);
      said.textContent = SAY.surveyThanks;
    } catch { said.textContent = SAY.away; }
  };
  const press = (buttons, pressed) => buttons.forEach((one) => one.setAttribute('aria-pressed', String(one === pressed)));
  const row = (label, names, chosen) => {
    const buttons = names.map((name, index) => h('button', { type: 'button', 'aria-pressed': 'false', onclick: () => { press(buttons, buttons[index]); chosen(index); } }, name));
    return h('div', { class: 'choices row', role: 'group', 'aria-label': label }, ...buttons);
  };
  const word = h('textarea', { id: 'survey-word', rows: 2, maxlength: 2000 });
  const more = h('form', { class: 'why', hidden: true, onsubmit: (event) => { event.preventDefault(); tell({ comment: word.value }).then(() => { more.hidden = true; }); } },
    h('p', {}, SAY.gradeAsk), row(SAY.gradeAsk, ['1', '2', '3', '4', '5'], (index) => tell({ grade: index + 1 })),
    h('label', { for: 'survey-word' }, SAY.wordAsk), word, h('button', {}, SAY.tell));
  return h('div', { class: 'line survey' }, h('div', { class: 'text' }, h('p', {}, SAY.solvedAsk),
    row(SAY.solvedAsk, [SAY.yes, SAY.no], (index) => {
      more.hidden = false;
      tell({ solved: !index });
      more.scrollIntoView({ block: 'nearest' });
    }), more, said,
    h('div', { class: 'choices' }, h('button', { type: 'button', onclick: next }, SAY.newChat))));
};

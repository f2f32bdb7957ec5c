// An address for the answer, or for the whole chat: asked for, never demanded.
const mailForm = (label, button, done, send) => {
  const said = h('span', { role: 'status' });
  const field = h('input', { id: `mail-${newId()}`, type: 'email', required: true, maxlength: 254, autocomplete: 'email' });
  const form = h('form', { class: 'mail', onsubmit: async (event) => {
    event.preventDefault();
    try {
      await send(field.value.trim());
      form.replaceChildren(done);
    } catch (error) { said.textContent = error.status === 422 ? SAY.mailWrong : SAY.away; }
  } }, h('label', { for: field.id }, label), h('div', { class: 'row' }, field, h('button', {}, button)), h('small', {}, SAY.mailHint), said);
  return form;
};

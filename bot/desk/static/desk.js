// Keeps what is live fresh, tells the shopper who writes, and says in its place why a form was refused.
(() => {
  'use strict';
  const SECONDS = 5;
  const TYPING_MS = 4000;
  const lives = [...document.querySelectorAll('[data-live]')];

  // Never under the writer's hands.
  const busy = (part) => part.contains(document.activeElement)
    || [...part.querySelectorAll('textarea, select')].some((field) => field.value && field.value !== field.defaultValue);

  function swap(part, page) {
    const news = part.id ? page.getElementById(part.id) : page.querySelector('[data-live]');
    if (news && news.innerHTML !== part.innerHTML && !busy(part)) part.replaceChildren(...news.childNodes);
  }

  async function refresh() {
    const calm = lives.filter((part) => !busy(part));
    if (document.hidden || calm.length === 0) return;
    try {
      const answer = await fetch(calm[0].dataset.live, { redirect: 'error' });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      calm.forEach((part) => swap(part, page));
    } catch {
      // Offline or logged out: the next round, or the next click, will tell.
    }
  }
  if (lives.length) setInterval(refresh, SECONDS * 1000);

  let told = 0;
  document.addEventListener('input', ({ target }) => {
    const form = target.closest('form[action$="/send"]');
    if (!form || Date.now() - told < TYPING_MS) return;
    told = Date.now();
    const body = new URLSearchParams({ csrf: form.elements.csrf.value });
    fetch(form.action.replace(/send$/, 'typing'), { method: 'POST', body }).catch(() => {});
  });

  // A refused form keeps what was written: the reason stands at the field that the detail names.
  function refuse(form, detail) {
    form.querySelector('.refused')?.remove();
    const named = /^(\w+)/.exec(detail)?.[1];
    const field = form.elements.namedItem(named) ?? form.querySelector('textarea, input:not([type="hidden"])');
    const reason = document.createElement('p');
    reason.className = 'refused bad';
    reason.setAttribute('role', 'alert');
    reason.textContent = detail;
    if (field instanceof HTMLElement && field.type !== 'hidden') {
      field.setAttribute('aria-invalid', 'true');
      field.after(reason);
      field.focus();
    } else {
      form.append(reason);
    }
  }

  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) return;
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    const body = form.enctype === 'multipart/form-data' ? data : new URLSearchParams(data);
    try {
      const answer = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'application/json' } });
      if (answer.ok) {
        if (answer.url === location.href.split('#')[0]) location.reload();
        else location.assign(answer.url);
        return;
      }
      const problem = await answer.json();
      refuse(form, problem.detail ?? problem.title);
    } catch {
      refuse(form, 'The desk cannot be reached; nothing is lost, send it again in a moment.');
    }
  });
})();

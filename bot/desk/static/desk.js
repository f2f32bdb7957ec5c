// Keeps the queue fresh: fetches the page again and swaps it in, but never under the writer's hands.
(() => {
  'use strict';
  const SECONDS = 5;
  const live = document.querySelector('[data-live]');
  if (!live) return;
  const busy = () => live.contains(document.activeElement)
    || [...live.querySelectorAll('textarea, select')].some((field) => field.value && field.value !== field.defaultValue);

  async function refresh() {
    if (document.hidden || busy()) return;
    try {
      const answer = await fetch(live.dataset.live, { redirect: 'error' });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const news = page.querySelector('[data-live]');
      if (news && news.innerHTML !== live.innerHTML && !busy()) live.replaceChildren(...news.childNodes);
    } catch {
      // Offline or logged out: the next round, or the next click, will tell.
    }
  }
  // Tells the shopper that somebody writes, at most every four seconds.
  let told = 0;
  live.addEventListener('input', ({ target }) => {
    const form = target.closest('form[action$="/send"]');
    if (!form || Date.now() - told < 4000) return;
    told = Date.now();
    const body = new URLSearchParams({ csrf: form.elements.csrf.value });
    fetch(form.action.replace(/send$/, 'typing'), { method: 'POST', body }).catch(() => {});
  });
  setInterval(refresh, SECONDS * 1000);
})();

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
  setInterval(refresh, SECONDS * 1000);
})();

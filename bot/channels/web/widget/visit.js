// Whether this visitor is shown the chat, where the shop compares it with no chat at all. Asked at
// the first page; afterwards the browser's cache answers for a day. No cookie: the browser names
// itself, and who cannot keep the name is shown the chat and not counted.
const VISITOR = 'shopclerk_visitor';
const HANDS = ['pointermove', 'pointerdown', 'touchstart', 'keydown', 'scroll'];

const Visit = {
  name: () => keep('localStorage', VISITOR)?.id,

  // A page may go by the attribute: shopclerk-chat[hidden] ~ .ask-us { display: none }
  async askedBy(chat) {
    chat.hidden = true;
    if (await this.isShown(chat.base)) chat.show();
    else Checkout.tellCart(chat.base);
  },

  async isShown(base) {
    if (keep('localStorage', SESSION)) return true; // a chat that began goes on
    const visitor = this.visitor();
    if (!visitor) return true;
    try {
      const answer = await fetch(`${base}/api/chat/visit?${new URLSearchParams(visitor)}`);
      const { shown, shopper_token: token } = await answer.json();
      if (token) Checkout.keepToken(token);
      if (token) this.watchHands(base, visitor);
      return shown !== false;
    } catch {
      return true;
    }
  },

  // The same words each time, or the browser's cache would not know the question again.
  visitor() {
    const known = keep('localStorage', VISITOR);
    if (known) return known;
    keep('localStorage', VISITOR, {
      id: newId(), page: location.href.slice(0, 500), referrer: document.referrer.slice(0, 500),
      language: document.documentElement.lang || LANG, been_before: Boolean(Checkout.token()),
    });
    return keep('localStorage', VISITOR);
  },

  // Programs that draw a page do not scroll it: told once, before anything is said of the shop.
  watchHands(base, visitor) {
    const told = new AbortController();
    const tell = () => {
      told.abort();
      const key = `${VISITOR}_moved`;
      if (keep('localStorage', key)) return;
      keep('localStorage', key, true);
      navigator.sendBeacon(`${base}/api/chat/visit?id=${visitor.id}`);
    };
    for (const event of HANDS) addEventListener(event, tell, { signal: told.signal, passive: true, capture: true });
  },
};

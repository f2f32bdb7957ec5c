// Where the chat stands in a page, and where its clerk is.
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

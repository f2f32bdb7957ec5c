// Tells the shop's checkout whose order it is: by any form's field of this name, and by Shopify's
// cart, whose attributes reach its orders. It works on pages where the chat was never opened: the
// token waits in the browser since the first talk.
const SESSION = 'shopclerk_session';
const FIELD = 'shopclerk_shopper';
const CART = 'shopclerk_cart'; // the cart that was told last, and of whom

const Checkout = {
  token() {
    try { return localStorage.getItem(FIELD); } catch { return null; } // see keep()
  },

  keepToken(token) {
    try { localStorage.setItem(FIELD, token); } catch { /* see keep() */ }
    this.fill();
  },

  // `formdata` comes where a script sends the form too, which `submit` does not.
  watch() {
    document.addEventListener('submit', () => this.fill(), true);
    document.addEventListener('formdata', ({ formData }) => {
      if (formData.has(FIELD) && this.token()) formData.set(FIELD, this.token());
    }, true);
    document.addEventListener('DOMContentLoaded', () => this.fill());
    this.fill();
  },

  fill() {
    const token = this.token();
    if (token) document.querySelectorAll(`[name="${FIELD}"]`).forEach((field) => { field.value = token; });
  },

  // Once for each cart: after an order Shopify begins another one.
  tellCart(base) {
    this.telling = (this.telling || Promise.resolve()).then(() => this.tellThisCart(base)).catch(() => {});
  },

  async tellThisCart(base) {
    const token = this.token();
    if (!window.Shopify || !token) return;
    let cart = await fetch('/cart.js').then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({}));
    const told = keep('localStorage', CART) || [];
    if (cart.token && told[0] === cart.token && told[1] === token) return;
    if ((cart.attributes || {})[FIELD] !== token) {
      const answer = await post('/cart/update.js', { attributes: { [FIELD]: token } });
      if (!answer.ok) return;
      cart = await answer.json();
    }
    if (!keep('localStorage', SESSION)) return; // a visitor: the cart's attributes tell whose it is
    if (!cart.token || (told[0] === cart.token && told[1] === token)) return;
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${keep('localStorage', SESSION)}` };
    const heard = await fetch(`${base}/api/chat/cart`, { method: 'POST', headers, body: JSON.stringify({ cart_token: String(cart.token) }) });
    if (heard.ok) keep('localStorage', CART, [cart.token, token]);
  },
};

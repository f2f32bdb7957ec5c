// The basket of the page around us: what lies in it, and how to put something into it.
// A page of any other kind listens for `shopclerk:add` and `shopclerk:basket`; see docs/shop.md.
const Basket = {
  // Whether "add to basket" can work here; a button that does nothing is worse than none.
  canAdd: () => Boolean(window.Shopify || window.wc_add_to_cart_params || SCRIPT?.dataset.cart),

  // The products in the basket, by their ids, as far as the page tells.
  products() {
    const told = new CustomEvent('shopclerk:basket', { detail: { products: [] } });
    document.dispatchEvent(told);
    return told.detail.products.map(String).slice(0, 50);
  },

  async add(card) {
    const asked = new CustomEvent('shopclerk:add', { cancelable: true, detail: { product_id: card.product_id, variant_id: card.variant_id } });
    if (!document.dispatchEvent(asked)) return; // the page has taken it
    if (window.Shopify) {
      const product = await (await fetch(`/products/${encodeURIComponent(card.product_id)}.js`)).json();
      const wanted = card.variant_id.split('/').slice(1).join(' / ');
      const variant = product.variants.find((one) => one.title === wanted) || (product.variants.length === 1 && product.variants[0]);
      const answer = await post('/cart/add.js', { items: [{ id: variant.id, quantity: 1 }] });
      if (!answer.ok) throw new Error(String(answer.status));
    } else {
      const answer = await fetch(`/?add-to-cart=${encodeURIComponent(card.variant_id)}`);
      if (!answer.ok) throw new Error(String(answer.status));
    }
  },
};

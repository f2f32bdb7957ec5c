"""An order's page in the shop's admin, where a colleague looks further."""

from bot.shops.registry import shop_systems


def page(source, values):
    system = next(one for one in shop_systems() if one.name == source)
    return system.order_page(values, "12/34")


class TestOrderPage:
    def test_leads_into_the_admin_of_the_shop_that_is_set(self):
        """Whatever an id holds, it stays in its place."""
        shopify = page("shopify", {"shopify_shop": "lane.myshopify.com"})
        woo = page("woocommerce", {"woocommerce_url": "https://lane.example"})

        assert "https://lane.myshopify.com/admin/orders/12%2F34" == shopify
        assert "https://lane.example/wp-admin/post.php?post=12%2F34&action=edit" == woo

    def test_is_none_where_no_address_is_set(self):
        """Then the card names the order alone."""
        assert {""} == {system.order_page({}, "1") for system in shop_systems()}

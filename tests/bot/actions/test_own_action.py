"""An action of the shop's own, as docs/extending/action.md adds it."""

from bot.actions.order_actions import ORDER_ACTIONS, ActionPhrases, OrderAction
from bot.actions.signed_back_office import ADDRESSES
from feedback.db import Database
from tests.bot.actions.acting_shop import ActingShop

GIFT_WRAP = OrderAction(
    "wrap_as_gift",
    needs=("order",),
    fits=("pending",),
    phrases={
        "en": ActionPhrases(
            cue=r"\bwrap\b|gift.?wrap",
            title="Wrap order {order} as a gift",
            done="Order {order} will come wrapped.",
        )
    },
)


class TestOwnAction:
    def test_it_is_understood_summed_up_and_carried_out(self, one_database: Database):
        """A value and an address: no other code."""
        shop = ActingShop(
            one_database,
            actions={**ORDER_ACTIONS, GIFT_WRAP.name: GIFT_WRAP},
            addresses={**ADDRESSES, GIFT_WRAP.name: "/v1/orders/{order_id}/wrapping"},
        )
        summary = shop.say("please wrap order A1001 as a gift, ann@example.com")
        done = shop.say("yes")

        assert "Wrap order A1001 as a gift" in summary.text
        assert "will come wrapped" in done.text
        assert ["wrapping"] == [what for what, _ in shop.written]

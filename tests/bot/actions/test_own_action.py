"""An action of the shop's own, as docs/extending/action.md adds it."""

from bot.actions.order_actions import ORDER_ACTIONS, ActionPhrases, OrderAction
from bot.actions.signed_back_office import ADDRESSES
from feedback.db import Database
from tests.bot.actions.acting_shop import ActingShop

RESEND = OrderAction(
    "resend_confirmation",
    needs=("order",),
    fits=("delivered",),
    phrases={
        "en": ActionPhrases(
            cue=r"confirmation (e-?mail )?again|resend",
            title="Send the confirmation of order {order} again",
            done="The confirmation of order {order} is on its way to your e-mail.",
        )
    },
)


class TestOwnAction:
    def test_it_is_understood_summed_up_and_carried_out(self, one_database: Database):
        """A value and an address: no other code."""
        shop = ActingShop(
            one_database,
            actions={**ORDER_ACTIONS, RESEND.name: RESEND},
            addresses={**ADDRESSES, RESEND.name: "/v1/orders/{order_id}/confirmation"},
        )
        summary = shop.say("can you resend the confirmation of order A1002? ann@example.com")
        done = shop.say("yes")

        assert "Send the confirmation of order A1002 again" in summary.text
        assert "is on its way" in done.text
        assert ["confirmation"] == [what for what, _ in shop.written]

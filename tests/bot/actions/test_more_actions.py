"""Further shipped actions: the e-mail again, a claim, back in stock."""

from bot.actions.back_in_stock import StockedProduct
from tests.bot.actions.acting_shop import ActingShop


def lamp(*, in_stock: bool) -> dict[str, StockedProduct]:
    titles = {"en": "Desk Lamp", "zh": "台灯"}
    product = StockedProduct("lamp", lambda locale: titles[locale], list(titles.values()), in_stock)
    return {"lamp": product}


class TestEmailAgain:
    def test_an_orders_e_mail_is_sent_again(self, shop: ActingShop):
        """After a yes, as everything."""
        summary = shop.say("can you resend the invoice of order A1002? ann@example.com")
        done = shop.say("yes")

        assert "Send the e-mail of order A1002 again" in summary.text
        assert ("done", ["email"]) == (done.kind, [what for what, _ in shop.written])


class TestClaim:
    def test_a_claim_is_collected_and_put_before_a_colleague(self, shop: ActingShop):
        """Which order, which item, what is wrong; nothing is sent to the back office."""
        shop.say("i want to open a claim about order A1002, ann@example.com")
        asked = shop.say("the rug")
        summary = shop.say("it came torn")
        waiting = shop.say("yes")
        run = shop.decisions.waiting()[0]

        assert ("reason",) == asked.details.asks
        assert "Wool Rug" in summary.text
        assert "damaged" in summary.text
        assert ("submitted", []) == (waiting.kind, shop.written)
        assert (True, ["rug-1"], "damaged") == (
            run.by_staff,
            run.arguments["skus"],
            run.arguments["reason"],
        )

    def test_in_chinese_it_is_asked_and_shown_in_chinese(self, shop: ActingShop):
        """With its own words for what is wrong."""
        asked = shop.say("我要就订单A1002申请索赔，地毯，邮箱ann@example.com")
        summary = shop.say("漏发了")

        assert "发错货" in asked.text
        assert "缺少" in summary.text


class TestBackInStock:
    def test_who_asked_is_told_once_when_it_is_there_again(self, shop: ActingShop):
        """In the chat, whatever they do meanwhile; no account is needed for it."""
        shop.stock = lamp(in_stock=False)
        kept = shop.say("please let me know when the desk lamp is back in stock")
        shop.worker.look()
        before = len(shop.shop.store.turns(shop.dialogue_id))
        shop.stock = lamp(in_stock=True)
        for _ in range(2):
            shop.worker.look()
        turns = shop.shop.store.turns(shop.dialogue_id)

        assert ("done", before + 1) == (kept.kind, len(turns))
        assert "Desk Lamp is back in stock" in turns[-1].text
        assert [shop.dialogue_id] == shop.woken

    def test_what_is_there_needs_no_notice(self, shop: ActingShop):
        """It is said at once."""
        shop.stock = lamp(in_stock=True)
        answer = shop.say("tell me when the desk lamp is available again")

        assert "in stock right now" in answer.text

    def test_a_product_that_was_not_named_is_asked_for(self, shop: ActingShop):
        """The next message tells it, in either language."""
        shop.stock = lamp(in_stock=False)
        asked = shop.say("notify me once it is back in stock")
        kept = shop.say("the desk lamp")

        assert (("product",), "done") == (asked.details.asks, kept.kind)
        assert "到货后" in shop.say("台灯到货了请通知我").text

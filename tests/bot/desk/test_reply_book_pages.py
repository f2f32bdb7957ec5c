"""The desk's pages of the reply book, proposals and customers' wishes for their data."""

from typing import Any

import pytest

from feedback.knowledge.clustering import RepeatedReply
from feedback.knowledge.proposals import Proposals
from feedback.knowledge.supersessions import Supersessions
from feedback.sales.shop_connections import ShopConnections
from tests.bot.desk.test_pages import csrf, log_in
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop


@pytest.fixture
def desk(web: Visitor) -> Visitor:
    """Mei, logged in."""
    log_in(web)
    return web


@pytest.fixture
def proposed(shop: Shop) -> str:
    """A proposal's id; what it holds looks like markup."""
    group = RepeatedReply("We open at nine. <b>x</b>", 7, ["when do you <i>open</i>"])
    Proposals(shop.orders.db).put([group], {}, shop.clock())
    return Proposals(shop.orders.db).open()[0].proposal_id


def post(desk: Visitor, path: str, **form: str) -> Any:
    return desk.post(path, data={**form, "csrf": csrf(desk)})


class TestProposals:
    def test_nobody_gets_in_without_a_login(self, web: Visitor) -> None:
        """Nor changes anything."""
        answers = [web.get("/desk/proposals"), web.post("/desk/proposals/x/leave")]

        assert ["/desk/login"] * 2 == [answer.headers["location"] for answer in answers]

    def test_a_proposal_is_shown_as_text_and_taken(
        self, shop: Shop, desk: Visitor, proposed: str
    ) -> None:
        """With a name to begin with; then it is in the book, with its question."""
        page = desk.get("/desk/proposals").text
        taken = post(
            desk,
            f"/desk/proposals/{proposed}/take",
            text="We open at nine.\r\nBye",
            reply_id="open",
        )

        assert "Given 7 times" in page
        assert 'value="open_nine"' in page
        assert "<b>x" not in page
        assert "<i>open" not in page
        assert 303 == taken.status_code
        reply = shop.book.reply("open", "en")
        assert reply is not None
        assert "We open at nine.\nBye" == reply.text
        assert "Nothing is proposed" in desk.get("/desk/proposals").text

    def test_one_left_out_is_gone_and_an_unknown_one_is_named(
        self, desk: Visitor, proposed: str
    ) -> None:
        """The second press finds nothing."""
        answers = [post(desk, f"/desk/proposals/{proposed}/leave") for _ in range(2)]
        late = post(desk, f"/desk/proposals/{proposed}/take", text="x", reply_id="open")

        assert [303, 404, 404] == [answer.status_code for answer in [*answers, late]]

    @pytest.mark.parametrize(
        ("text", "reply_id", "named"),
        [
            ("It left on {fill.date}.", "left", "fill.date"),
            ("Fine.", "Not A Name", "Not A Name"),
            ("Fine.", "order_status", "order_status"),
            ("Within {policy.nobody_wrote_it} days.", "days", "nobody_wrote_it"),
        ],
    )
    def test_what_is_not_ready_is_refused_with_its_reason(
        self, desk: Visitor, proposed: str, text: str, reply_id: str, named: str
    ) -> None:
        """A place to write, a name, a name taken, a fact that is missing."""
        answer = post(desk, f"/desk/proposals/{proposed}/take", text=text, reply_id=reply_id)

        assert 422 == answer.status_code
        assert named in answer.text


class TestBook:
    def test_a_reply_is_written_and_changed(self, shop: Shop, desk: Visitor) -> None:
        """In either language."""
        for text in ("Nine to six.", "Ten to six."):
            written = {"reply_id": "hours", "locale": "en", "text": text}
            assert 303 == post(desk, "/desk/replies", **written).status_code

        reply = shop.book.reply("hours", "en")
        assert reply is not None
        assert "Ten to six." == reply.text
        assert "Ten to six." in desk.get("/desk/replies").text

    def test_a_reply_comes_with_the_questions_it_answers(self, shop: Shop, desk: Visitor) -> None:
        """One a line, as browsers send lines; empty ones are none."""
        asked = "do you engrave\r\n\r\n my initials on it? \r\n"
        written = {"reply_id": "engraving", "locale": "en", "text": "Ten letters for $8."}
        assert 303 == post(desk, "/desk/replies", **written, questions=asked).status_code

        found = [
            (one.question, one.locale)
            for one in shop.book.questions()
            if one.reply_id == "engraving"
        ]
        assert [("do you engrave", "en"), ("my initials on it?", "en")] == found

    @pytest.mark.parametrize(
        ("reply_id", "text"), [("Hours!", "x"), ("hours", " "), ("hours", "{order.secret}")]
    )
    def test_a_reply_nobody_could_be_given_is_refused(
        self, desk: Visitor, reply_id: str, text: str
    ) -> None:
        """A name, a text, and slots that something fills."""
        answer = post(desk, "/desk/replies", reply_id=reply_id, locale="en", text=text)

        assert 422 == answer.status_code


class TestSupersession:
    def test_a_reply_gives_way_to_another_and_comes_back(self, shop: Shop, desk: Visitor) -> None:
        """With who did it and since when; an unknown one and a second undoing are refused."""
        both = {"reply_id": "return_policy", "successor": "talk_to_human"}
        answers = [
            post(desk, "/desk/replies/supersede", **both),
            post(desk, "/desk/replies/supersede", reply_id="return_policy", successor="x"),
        ]
        page = desk.get("/desk/replies").text
        during = {reply.reply_id for reply in shop.book.replies()}
        number = Supersessions(shop.orders.db).all()[0].number
        answers += [post(desk, f"/desk/supersessions/{number}/undo") for _ in range(2)]

        assert [303, 422, 303, 404] == [answer.status_code for answer in answers]
        assert "<code>talk_to_human</code> is said in its place" in page
        assert "return_policy" not in during
        assert "undone by" in desk.get("/desk/replies").text
        assert {} == shop.book.replaced()


class TestOneReply:
    def test_its_page_tells_its_versions_its_questions_and_its_use(
        self, shop: Shop, desk: Visitor
    ) -> None:
        """Who wrote what; what was said before can be said again."""
        form = {"reply_id": "return_policy", "locale": "en"}
        post(desk, "/desk/replies", **form, text="Within <i>40</i> days.", questions="Back?")
        page = desk.get("/desk/replies/return_policy").text

        assert "Within &lt;i&gt;40&lt;/i&gt; days." in page
        assert "You can return it within {policy.return_days} days." in page
        assert "en · Mei" in page
        assert "Say this again" in page
        assert '<li lang="en">Back?</li>' in page
        assert "shown 0, thumbs 0 up / 0 down" in page
        for unknown in ("nope", "no%00pe"):
            assert 404 == desk.get(f"/desk/replies/{unknown}").status_code

    def test_it_is_retired_brought_back_and_in_the_end_deleted(
        self, shop: Shop, desk: Visitor
    ) -> None:
        """What is still said is not deleted; a name that is retired is not written over."""
        one = {"reply_id": "return_policy"}
        early = post(desk, "/desk/replies/delete", **one)
        post(desk, "/desk/replies/retire", **one)
        retired = {reply.reply_id for reply in shop.book.replies()}
        page = desk.get("/desk/replies/return_policy").text
        over = post(desk, "/desk/replies", **one, locale="en", text="Anew.")
        number = Supersessions(shop.orders.db).all()[0].number
        post(desk, f"/desk/supersessions/{number}/undo")
        back = {reply.reply_id for reply in shop.book.replies()}
        post(desk, "/desk/replies/retire", **one)
        post(desk, "/desk/replies/delete", **one)

        assert (422, 422) == (early.status_code, over.status_code)
        assert "bring it back" in over.json()["detail"]
        assert "said no more" in page
        assert "Bring it back" in page
        assert ("return_policy" in retired, "return_policy" in back) == (False, True)
        assert 404 == desk.get("/desk/replies/return_policy").status_code

    def test_a_question_is_tried_with_the_runners_up_and_why(self, desk: Visitor) -> None:
        """Nothing is recorded of it."""
        page = desk.get("/desk/replies", params={"ask": "can i return it"}).text

        assert "You can return it within 30 days." in page
        assert '<a href="/desk/replies/return_policy">' in page.partition('class="tried"')[2]
        assert "score" in page
        assert "can i return it" not in desk.get("/desk/answers").text

    def test_what_is_odd_about_the_book_is_named(self, shop: Shop, desk: Visitor) -> None:
        """With a way to each reply; a book without problems says so."""
        before = desk.get("/desk/replies/problems").text
        for name in ("wrap_one", "wrap_two"):
            text = "We wrap gifts in recycled paper, free of charge."
            post(desk, "/desk/replies", reply_id=name, locale="en", text=text)
        page = desk.get("/desk/replies/problems").text

        assert "wrap_one" not in before
        assert "wrap_one and wrap_two say the same" in page
        assert '<a href="/desk/replies/wrap_two">' in page


class TestWishes:
    def test_a_wish_for_data_is_shown_until_it_is_met(self, shop: Shop, desk: Visitor) -> None:
        """With the command that prints the data."""
        known, now = ShopConnections(shop.orders.db), shop.clock()
        known.ask_for_data("shopify", "9", shopper_ids=["s-1"], order_ids=["7"], now=now)
        page = desk.get("/desk/proposals").text
        answers = [post(desk, f"/desk/wishes/shopify/{n}/done") for n in (9, 10)]

        assert "shopclerk export s-1" in page
        assert [303, 404] == [answer.status_code for answer in answers]
        assert "shopclerk export" not in desk.get("/desk/proposals").text


class TestCart:
    def test_the_cart_is_a_bridge_of_its_own(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """Where a checkout loses the attributes, the cart's token still leads to the shopper."""
        from tests.bot.samples import order
        from tests.bot.shops.test_webhook import bought_by, shopify

        told = web.post("/api/chat/cart", json={"cart_token": "68778783ad298f1c80c3bafcddeea02f"})
        shopify(web, "orders/paid", order(payment_gateway_names=["shop_pay"]))

        assert 204 == told.status_code
        assert session["shopper_id"] == bought_by(shop, "820982911946154508")

    @pytest.mark.parametrize("body", [{}, {"cart_token": " "}, {"cart_token": "x" * 201}])
    def test_a_cart_without_a_name_is_refused(
        self, web: Visitor, session: dict[str, Any], body: Any
    ) -> None:
        """And nobody tells of one without a session."""
        assert 422 == web.post("/api/chat/cart", json=body).status_code
        assert (
            401
            == web.post(
                "/api/chat/cart", json={"cart_token": "x"}, headers={"Authorization": ""}
            ).status_code
        )

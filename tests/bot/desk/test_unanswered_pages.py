"""The desk's unanswered questions: grouped, and led to the page that should have answered."""

import pytest

from feedback.db.tables.pages import Page
from feedback.dialogues.state import AfterAnswer
from feedback.knowledge.documents.cut import Block, cut
from feedback.knowledge.passages import Passages
from feedback.knowledge.sources import Sources
from tests.bot.desk.test_pages import log_in
from tests.bot.desk.test_source_pages import post
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop
from tests.factories import answer, days, open_dialogue

ASKED = ("do you wrap gifts?", "do you wrap gifts too?", "is there a <b>car park</b>")


@pytest.fixture
def desk(web: Visitor) -> Visitor:
    """Mei, logged in."""
    log_in(web)
    return web


@pytest.fixture
def passage_id(shop: Shop) -> str:
    """Of the one passage of the one page."""
    database, now = shop.orders.db, shop.clock()
    source = Sources(database).name("site", "https://help.example/", {}, now)
    page = Page(page_id="p1", source_id=source.source_id, url="https://help.example/gifts",
                title="Gifts", state="read", version=1)  # fmt: skip
    Passages(database).put(page, cut([Block("text", "Ribbons cost 2 EUR.")]), now)
    return Passages(database).changed_since(None)[0].passage_id


@pytest.fixture
def impression_id(shop: Shop) -> str:
    """What was shown to the first of three shoppers who asked in vain."""
    shown = [
        answer(
            shop.store,
            open_dialogue(shop.store),
            question=question,
            kind="handover",
            now=shop.clock() - days(2),
            after=AfterAnswer(handover="no_fitting_reply"),
        ).impression.impression_id
        for question in ASKED
    ]
    return shown[0]


class TestUnanswered:
    def test_is_shown_once_for_each_meaning(self, desk: Visitor, impression_id: str) -> None:
        """With its other wordings; markup in it is text. Without a model, alike by spelling."""
        shown = desk.get("/desk/sources").text

        assert 'do you wrap gifts? <span class="hint">asked 2 times</span>' in shown
        assert "<summary>1 other wording</summary>" in shown
        assert "is there a &lt;b&gt;car park&lt;/b&gt;" in shown
        assert f'href="/desk/unanswered/{impression_id}"' in shown

    def test_is_led_to_the_passage_that_should_have_answered(
        self, shop: Shop, desk: Visitor, passage_id: str, impression_id: str
    ) -> None:
        """Each wording of it is taught, and none waits any more."""
        assert "/desk/pages/p1?asked=" in desk.get(f"/desk/unanswered/{impression_id}").text
        page = desk.get("/desk/pages/p1", params={"asked": impression_id}).text
        assert "This should have answered" in page

        post(desk, f"/desk/unanswered/{impression_id}", passage_id=passage_id)

        (taught,) = Passages(shop.orders.db).changed_since(None)
        assert set(ASKED[:2]) == set(taught.asked)
        assert "do you wrap gifts" not in desk.get("/desk/sources").text
        assert 404 == desk.get(f"/desk/unanswered/{impression_id}").status_code

    def test_is_unlearned_again(
        self, shop: Shop, desk: Visitor, passage_id: str, impression_id: str
    ) -> None:
        """The page says what it was said to answer, and has a button to take it back."""
        post(desk, f"/desk/unanswered/{impression_id}", passage_id=passage_id)
        assert "Your team says it answers" in desk.get("/desk/pages/p1").text

        post(desk, f"/desk/passages/{passage_id}/unlabel")

        assert "Your team says it answers" not in desk.get("/desk/pages/p1").text

    def test_needs_a_passage_that_is_there(self, desk: Visitor, impression_id: str) -> None:
        """Pages change while somebody reads."""
        refused = post(desk, f"/desk/unanswered/{impression_id}", passage_id="gone")

        assert 404 == refused.status_code
        assert "its page has changed" in refused.text
        assert 404 == post(desk, "/desk/passages/gone/unlabel").status_code

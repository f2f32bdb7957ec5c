"""The desk's pages of sources: what was read, what it answered, what no page did."""

from typing import Any

import pytest

from feedback.db.tables.pages import Contradiction, Page, Source
from feedback.knowledge.documents.cut import Block, cut
from feedback.knowledge.passages import Passages
from feedback.knowledge.sources import Sources
from tests.bot.desk.test_pages import csrf, log_in
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop
from tests.factories import answer, days, open_dialogue

ADDRESS = "https://help.example/"


@pytest.fixture
def desk(web: Visitor) -> Visitor:
    """Mei, logged in."""
    log_in(web)
    return web


@pytest.fixture
def page(shop: Shop) -> Page:
    """A page of a site, two years old by its own word; what it holds looks like markup."""
    database, now = shop.orders.db, shop.clock()
    source = Sources(database).name("site", ADDRESS, {}, now)
    read = Page(
        page_id="p1", source_id=source.source_id, url=f"{ADDRESS}returns", title="Returns",
        language="en", state="read", version=1, changed_at=now, dated_at=now - days(730),
    )  # fmt: skip
    Passages(database).put(read, cut([Block("text", "Send it <b>back</b> in 14 days.")]), now)
    return read


def post(desk: Visitor, path: str, **form: str | list[str]) -> Any:
    return desk.post(path, data={**form, "csrf": csrf(desk)})


class TestSources:
    def test_nobody_gets_in_without_a_login(self, web: Visitor) -> None:
        """Nor names one."""
        answers = [web.get("/desk/sources"), web.post("/desk/sources", data={"address": "a.b"})]

        assert ["/desk/login"] * 2 == [answer.headers["location"] for answer in answers]

    def test_are_named_and_wait_to_be_read(self, shop: Shop, desk: Visitor) -> None:
        """A site by its address; a path on this machine is none."""
        assert 303 == post(desk, "/desk/sources", address="shop.example").status_code
        assert 422 == post(desk, "/desk/sources", address="/etc/passwd").status_code

        (waiting,) = Sources(shop.orders.db).waiting()
        assert ("site", "https://shop.example/") == (waiting.kind, waiting.address)
        assert "waits to be read" in desk.get("/desk/sources").text

    def test_are_shown_with_what_they_answered(self, shop: Shop, desk: Visitor, page: Page) -> None:
        """Thumbs and answers by source and by page; an old page is worth a look."""
        (passage,) = Passages(shop.orders.db).of_page("p1")
        id_ = f"{passage.passage_id}#0-0"
        quoted = {"source": "pages", "id": id_, "title": "Returns", "url": page.url, "text": "Send"}
        answer(
            shop.store,
            open_dialogue(shop.store),
            question="I am ana@example.org, can I return it?",
            citations=[quoted],
            now=shop.clock() - days(1),
        )
        shop_page = desk.get("/desk/sources").text
        pages = desk.get(f"/desk/sources/{page.source_id}").text

        assert f'<a href="/desk/sources/{page.source_id}">{ADDRESS}</a>' in shop_page
        assert "it says it is of 2024-11-24" in shop_page
        assert '<td class="number">1</td>' in pages
        told = desk.get("/desk/pages/p1").text
        assert "answered 1, opened 0, thumbs 0 / 0" in told
        assert "can I return it?”" in told
        assert "ana@example.org" not in told

    def test_taken_away_says_nothing_any_more(self, shop: Shop, desk: Visitor, page: Page) -> None:
        """At once, for the whole source; and it is read no more."""
        assert 1 == Passages(shop.orders.db).count()

        post(desk, f"/desk/sources/{page.source_id}/remove")

        assert 0 == Passages(shop.orders.db).count()
        assert ADDRESS not in desk.get("/desk/sources").text
        assert 404 == post(desk, "/desk/sources/none/remove").status_code

    def test_wanted_again_wait_to_be_read(self, shop: Shop, desk: Visitor, page: Page) -> None:
        """The schedule looks for them every few seconds."""
        with shop.orders.db.transaction() as session:
            session.get_one(Source, page.source_id).state = "read"

        post(desk, f"/desk/sources/{page.source_id}/read")

        assert [page.source_id] == [one.source_id for one in Sources(shop.orders.db).waiting()]


class TestPage:
    def test_shows_its_passages_as_text(self, desk: Visitor, page: Page) -> None:
        """Markup in them is shown, not done."""
        shown = desk.get(f"/desk/pages/{page.page_id}").text

        assert "Send it &lt;b&gt;back&lt;/b&gt; in 14 days." in shown
        assert 404 == desk.get("/desk/pages/none").status_code

    def test_is_taken_away_and_brought_back(self, shop: Shop, desk: Visitor, page: Page) -> None:
        """By the staff, at once."""
        said = []
        for active in ("false", "true"):
            post(desk, f"/desk/pages/{page.page_id}/state", active=active)
            said.append(Passages(shop.orders.db).count())

        assert [0, 1] == said


class TestTrying:
    def test_shows_candidates_and_scores(self, shop: Shop, desk: Visitor) -> None:
        """As a shopper would be answered; nothing is recorded."""
        shown = post(desk, "/desk/sources/try", question="can i return it").text

        assert "97 % sure" in shown
        assert "You can return it within 30 days." in shown
        assert "score 0.90" in shown

    def test_of_what_nothing_answers_says_so(self, desk: Visitor) -> None:
        """No candidate, no score."""
        assert "Nothing answers." in post(desk, "/desk/sources/try", question="xyzzy").text


class TestUnanswered:
    def test_leads_to_writing_a_reply(self, desk: Visitor) -> None:
        """The form is open, with the question in it."""
        shown = desk.get("/desk/replies", params={"question": "do you <b>wrap</b>"}).text

        assert '<details class="panel" open>' in shown
        assert ">do you &lt;b&gt;wrap&lt;/b&gt;</textarea>" in shown


class TestContradictions:
    def test_are_named_with_the_page_that_holds(
        self, shop: Shop, desk: Visitor, page: Page
    ) -> None:
        """Both sentences, which of them is said, and a button to let both stand."""
        database, now = shop.orders.db, shop.clock()
        other = Page(**{**page.model_dump(), "page_id": "p2", "title": "Returns policy"})
        Passages(database).put(other, cut([Block("text", "Send it back in 30 days.")]), now)
        ids = {one.page_id: one.passage_id for one in Passages(database).changed_since(None)}
        with database.transaction() as session:
            session.add(Contradiction(
                contradiction_id="c1", passage_id=ids["p1"], said="Send it back in 14 days.",
                other_id=ids["p2"], said_by_other="Send it back in 30 days.", updated_at=now,
            ))  # fmt: skip
        shown = desk.get("/desk/sources").text

        assert "Send it back in 30 days." in shown
        assert "Returns policy</a> · <strong>this is said</strong>" in shown

        post(desk, "/desk/contradictions/c1/dismiss")

        assert "Send it back in 30 days." not in desk.get("/desk/sources").text
        assert 404 == post(desk, "/desk/contradictions/none/dismiss").status_code

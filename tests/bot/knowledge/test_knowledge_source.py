"""A knowledge source is added to a shop: a help page, beside the reply book."""

from itertools import pairwise
from math import exp

import pytest
from hypothesis import given, strategies as st
from sqlmodel import select

from bot.knowledge.weigh import weigh
from feedback.db.database import Database
from feedback.db.tables.dialogues import Impression
from feedback.db.tables.signals import Click, Rating
from feedback.signals.examples import collect
from serving.ranker import Candidate, Ranking
from tests.bot.help_page import SENTENCES, URL, HelpPage
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop, open_shop


@pytest.fixture
def shop(one_database: Database) -> Shop:
    return open_shop(one_database, sources=[HelpPage()])


@pytest.fixture
def web(shop):
    with Visitor(shop.app, "http://shop.test") as visitor:
        begun = visitor.post("/api/chat/sessions", json={}).json()
        visitor.headers["Authorization"] = f"Bearer {begun['token']}"
        yield visitor


@pytest.fixture
def say(web):
    def send(text, **more):
        message = {"text": text, "client_id": text or more["choice"], **more}
        return web.post("/api/chat/messages", json=message).json()["reply"]

    return send


def all_of(shop, table):
    with shop.store.db.reading() as session:
        return session.exec(select(table)).all()


class TestAnswers:
    def test_a_sentence_of_the_page_is_said_with_its_source(self, say):
        """Verbatim, with title and address, under no reply of the book."""
        reply = say("how long are gift cards valid")

        assert ("answer", SENTENCES[0], []) == (reply["kind"], reply["text"], reply["reply_ids"])
        (source,) = reply["sources"]
        assert ("Gift cards", URL, SENTENCES[0]) == (source["title"], source["url"], source["text"])

    def test_a_shop_of_pages_alone_answers(self, one_database):
        """The book is empty: no reply is for who asks for a person, and none is needed."""
        shop = open_shop(one_database, sources=[HelpPage()], filled=False)
        with shop.visitor() as web:
            begun = web.post("/api/chat/sessions", json={}).json()
            web.headers["Authorization"] = f"Bearer {begun['token']}"
            asked = {"text": "how long are gift cards valid", "client_id": "1"}
            reply = web.post("/api/chat/messages", json=asked).json()["reply"]

        assert ("answer", SENTENCES[0]) == (reply["kind"], reply["text"])

    def test_the_impression_names_the_source(self, say, shop):
        """By source and id, and no reply of the book."""
        shown = shop.store.impression(say("how long are gift cards valid")["impression_id"])

        assert (None, "model", 0.9) == (shown.reply_id, shown.served_by, shown.confidence)
        assert [("pages", "gift-cards#0")] == [(c["source"], c["id"]) for c in shown.citations]

    def test_candidates_of_all_sources_are_kept_in_one_ranking(self, say, shop):
        """The surest first, whatever its source; a score is the logarithm of a probability."""
        shown = shop.store.impression(say("return gift cards")["impression_id"])

        assert [("return_policy", None), (None, "gift-cards#0"), (None, "gift-cards#1")] == [
            (each.get("reply_id"), each.get("id")) for each in shown.candidates
        ]
        assert [0.97, 0.9] == [pytest.approx(exp(c["score"])) for c in shown.candidates[:2]]

    def test_the_reply_book_answers_as_before(self, say, shop):
        """What the page says nothing of."""
        reply = say("can i return it")

        assert (["return_policy"], []) == (reply["reply_ids"], reply["sources"])
        (shown,) = all_of(shop, Impression)
        assert [{"reply_id": "return_policy", "score": 0.9}] == shown.candidates

    def test_a_repeated_message_and_the_history_show_the_source_again(self, say, web):
        """As it was given."""
        first = say("how long are gift cards valid")

        assert first == say("how long are gift cards valid")
        line = web.get("/api/chat/history").json()["lines"][1]
        assert first["sources"] == line["reply"]["sources"]


class TestChoices:
    def test_an_unsure_source_offers_its_sentences(self, say, shop):
        """Pressed, the sentence is said, and the press is a click on the offer."""
        offered = say("maybe they cannot be paid")
        keys = ["pages:gift-cards#1", "pages:gift-cards#0"]
        assert ("choices", keys) == (offered["kind"], [each["id"] for each in offered["choices"]])

        said = say("", choice=keys[1])

        assert SENTENCES[0] == said["text"]
        (click,) = all_of(shop, Click)
        assert (offered["impression_id"], "choice", keys[1]) == (
            click.impression_id, click.kind, click.target,
        )  # fmt: skip


class TestSignals:
    def test_a_click_on_the_source_is_counted_and_leads_to_the_page(self, say, web, shop):
        """As a link: it is no product that could be bought."""
        (source,) = say("how long are gift cards valid")["sources"]

        answer = web.get(source["click_url"], follow_redirects=False)

        assert answer.headers["location"].startswith(URL)
        (click,) = all_of(shop, Click)
        assert ("link", "pages:gift-cards#0") == (click.kind, click.target)

    def test_a_thumb_is_kept_and_teaches_no_reply(self, say, web, shop):
        """Nor does a press: what is no reply of the book must not become "no reply fits"."""
        shown = say("how long are gift cards valid")
        web.post("/api/chat/ratings", json={"impression_id": shown["impression_id"], "value": "up"})
        offered = say("maybe they cannot be paid")
        say("", choice=offered["choices"][0]["id"])

        assert [shown["impression_id"]] == [each.impression_id for each in all_of(shop, Rating)]
        assert [] == collect(shop.store.db, now=shop.clock())


class TestHoldout:
    def test_a_source_that_needs_the_model_is_silent_there(self, one_database):
        """The query has no version to ask."""
        shop = open_shop(one_database, sources=[HelpPage()], arm="holdout")
        with Visitor(shop.app, "http://shop.test") as visitor:
            begun = visitor.post("/api/chat/sessions", json={}).json()
            visitor.headers["Authorization"] = f"Bearer {begun['token']}"
            message = {"text": "how long are gift cards valid", "client_id": "c1"}
            reply = visitor.post("/api/chat/messages", json=message).json()["reply"]

        assert ("handover", []) == (reply["kind"], reply["sources"])


def ranking(source, confidence, *scores, served_by="model"):
    found = [Candidate(f"{source}{n}", score, source) for n, score in enumerate(scores)]
    return Ranking(tuple(found), confidence, served_by)


rankings = st.builds(
    lambda confidence, scores: (confidence, sorted(scores, reverse=True)),
    st.floats(0.001, 1),
    st.lists(st.floats(-20, 20), min_size=1, max_size=4),
)


class TestWeighing:
    @given(rankings, rankings)
    def test_the_surer_source_leads_and_each_keeps_its_order(self, one, other):
        """Whatever scale a source's scores are on; the confidence is the first one's."""
        weighed = weigh([ranking("a", one[0], *one[1]), ranking("b", other[0], *other[1])])

        assert weighed.confidence == max(one[0], other[0])
        for source, (_, scores) in (("a", one), ("b", other)):
            kept = [each for each in weighed.candidates if each.source == source]
            steps = [before.score - after.score for before, after in pairwise(kept)]
            assert steps == pytest.approx(
                [before - after for before, after in pairwise(scores)], abs=1e-6
            )
            assert len(kept) == len(scores)

    def test_one_source_alone_is_left_as_it_is(self):
        """What the others do not know changes nothing."""
        alone = ranking("a", 0.4, 7.0, 5.0)

        assert alone == weigh([alone, Ranking((), 0.0, "model")])

    @pytest.mark.parametrize(("sure", "first"), [(0.49, "words0"), (0.5, "pages0")])
    def test_keyword_search_gives_way_to_what_is_likelier_right_than_wrong(self, sure, first):
        """It knows no probability of its own."""
        words = ranking("words", 0.0, 3.0, served_by="keywords")

        assert first == weigh([words, ranking("pages", sure, 1.0)]).candidates[0].id

    def test_each_source_is_sure_by_its_own_measure(self):
        """0.75 is an answer of the catalogue, and none of a version that answers from 0.8 on."""
        book = Ranking((Candidate("gift_ideas", 2.0),), 0.77, "model", 3, answer_at=0.8)
        catalogue = Ranking((Candidate("wish:", 0.0, "products"),), 0.75, "model")

        assert ("products:wish:", None) == (
            weigh([book, catalogue]).candidates[0].key,
            weigh([book, catalogue]).answer_at,
        )

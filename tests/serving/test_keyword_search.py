"""Keyword search, the breaker, and how one stands in for the model."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from serving.client.circuit_breaker import CircuitBreaker
from serving.keyword_search import BookEntry, KeywordRanker, KeywordsWithHeads, with_fallback
from serving.ranker import LabelUnknown, RankerUnavailable
from tests.serving.fakes import FakeRanker

BOOK = [
    BookEntry(
        "returns", "en", "Send it back within 30 days.", ("can i return it", "return policy")
    ),
    BookEntry("shipping", "en", "Delivery costs $6.", ("how much is shipping", "delivery price")),
    BookEntry("returns", "zh", "三十天内可以退货。", ("可以退货吗", "怎么退")),
    BookEntry("shipping", "zh", "运费六元。", ("运费多少", "邮费怎么算")),
]


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class TestKeywordSearch:
    @pytest.mark.parametrize(
        ("text", "locale", "expected"),
        [
            ("Returning shoes?", "en", "returns"),
            ("price of delivery", "en", "shipping"),
            ("我想退货", "zh", "returns"),
            ("邮费是多少", "zh", "shipping"),
            ("return policy", "fr", "returns"),
        ],
    )
    def test_finds_the_reply_that_shares_words(self, text, locale, expected):
        """Stems in English, character pairs in Chinese, any language if need be."""
        ranking = KeywordRanker(lambda: BOOK).rank(text, locale=locale)

        assert expected == ranking.candidates[0].reply_id
        assert ("keywords", 0.0, None) == (ranking.served_by, ranking.confidence, ranking.version)

    def test_nothing_shared_is_no_candidate(self):
        """It says nothing rather than anything."""
        assert () == KeywordRanker(lambda: BOOK).rank("xyzzy", locale="en").candidates

    def test_an_empty_book_has_no_candidates(self):
        """A shop on its first day."""
        assert () == KeywordRanker(list).rank("hello", locale="en").candidates

    def test_reads_the_last_shoppers_turn_of_a_dialogue(self):
        """Earlier turns and the clerk's own words would blur it."""
        dialogue = "\x11how much is shipping\x12Delivery costs $6.\x11return policy"

        assert "returns" == KeywordRanker(lambda: BOOK).rank(dialogue, locale="en").candidates[0][0]

    def test_a_changed_book_is_read_again(self):
        """The stamp tells; the same stamp reads nothing."""
        books, stamps, reads = [BOOK[:1]], ["1"], []

        def read():
            reads.append(1)
            return books[0]

        ranker = KeywordRanker(read, lambda: stamps[0])
        ranker.rank("delivery", locale="en")
        ranker.rank("delivery", locale="en")
        books[0], stamps[0] = BOOK, "2"

        assert "shipping" == ranker.rank("delivery", locale="en").candidates[0].reply_id
        assert 2 == len(reads)

    def test_while_one_reads_a_changed_book_the_others_do_not_wait(self):
        """They are answered from what was read before."""
        stamps, reading, go_on = ["1"], threading.Event(), threading.Event()

        def read():
            if stamps[0] == "2":
                reading.set()
                assert go_on.wait(30)
            return BOOK

        ranker = KeywordRanker(read, lambda: stamps[0])
        ranker.prepare()
        stamps[0] = "2"
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(ranker.rank, "delivery", locale="en")
            assert reading.wait(30)

            meanwhile = ranker.rank("delivery", locale="en")
            go_on.set()

            assert meanwhile == first.result(30)


class TestBreaker:
    def test_opens_after_failures_in_a_row_and_lets_one_try_later(self):
        """Three failures open it; after the pause one of two callers may try."""
        clock = Clock()
        breaker = CircuitBreaker(failures=3, pause=5, monotonic=clock)
        for _ in range(3):
            assert breaker.allows()
            breaker.failed()
        assert not breaker.allows()

        clock.now = 5.0

        assert [True, False] == [breaker.allows(), breaker.allows()]

    def test_a_success_closes_it(self):
        """And the count begins anew."""
        breaker = CircuitBreaker(failures=1, monotonic=Clock())
        breaker.failed()
        assert breaker.is_open

        breaker.succeeded()

        assert breaker.allows()


class TestFallback:
    def test_keyword_search_answers_while_the_model_is_away(self):
        """The impression can tell by `served_by`."""
        away = FakeRanker(error=RankerUnavailable("gone"))
        ranker = with_fallback(away, KeywordRanker(lambda: BOOK))

        ranking = ranker.rank("return policy", locale="en", label="stable")

        assert ("keywords", "returns") == (ranking.served_by, ranking.candidates[0].reply_id)

    def test_a_dead_server_is_not_asked_each_time(self):
        """After three failures the breaker spares shoppers the wait."""
        away = FakeRanker(error=RankerUnavailable("gone"))
        ranker = with_fallback(
            away, KeywordRanker(lambda: BOOK), breaker=CircuitBreaker(monotonic=Clock())
        )
        for _ in range(10):
            ranker.rank("hi", locale="en", label="stable")

        assert 3 == len(away.asked)

    def test_the_champion_answers_when_a_trial_has_just_ended(self):
        """A label that points nowhere is no outage."""

        class CanaryEnded(FakeRanker):
            def rank(self, dialogue, *, locale, label):
                if label == "canary":
                    raise LabelUnknown("no canary")
                return super().rank(dialogue, locale=locale, label=label)

        ranking = with_fallback(CanaryEnded(), KeywordRanker(lambda: BOOK)).rank(
            "hi", locale="en", label="canary"
        )

        assert "model" == ranking.served_by


class TestTheHoldout:
    def test_has_its_replies_by_keywords_and_its_acts_from_the_model(self):
        """What is measured is the choice of replies; "thanks" is understood in every arm."""
        model = FakeRanker("shipping", acts={"ask": 0.9, "thank": 0.1})
        holdout = KeywordsWithHeads(KeywordRanker(lambda: BOOK), model)

        ranking = holdout.rank("\x11hello\x12Hi!\x11return policy", locale="en")

        assert ("returns", "keywords") == (ranking.candidates[0].reply_id, ranking.served_by)
        assert {"ask": 0.9, "thank": 0.1} == ranking.acts

    def test_does_without_acts_while_the_model_is_away(self):
        """Its shoppers are answered all the same."""
        keywords = KeywordRanker(lambda: BOOK)
        away = with_fallback(FakeRanker(error=RankerUnavailable("gone")), keywords)

        ranking = KeywordsWithHeads(keywords, away).rank("return policy", locale="en")

        assert ("returns", {}) == (ranking.candidates[0].reply_id, ranking.acts)

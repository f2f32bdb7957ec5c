"""What every ranker promises, whoever answers: a fake, keyword search, the embedded server."""

import pytest

from serving import contract
from serving.client.tfserving import TFServingRanker
from serving.keyword_search import BookEntry, KeywordRanker, with_fallback
from serving.ranker import Candidate, Ranking
from tests.serving.fakes import FakeRanker

BOOK = [
    BookEntry("returns", "en", "Send it back within 30 days.", ("can i return it",)),
    BookEntry("returns", "zh", "三十天内可以退货。", ("可以退货吗",)),
    BookEntry("shipping", "en", "Delivery costs $6.", ("how much is shipping",)),
]
DIALOGUES = {
    "a question": contract.render_dialogue([contract.Turn("shopper", "can i return it")]),
    "no words": "",
    "marks alone": "\x11\x12\x11",
    "Chinese": contract.render_dialogue([contract.Turn("shopper", "可以退货吗")]),
    "a null": "a\x00b",
    "emoji": "👟" * 50,
    "markup": "<script>alert(1)</script> {order.status}",
    "as long as can be": "return " * 2_000,
}


@pytest.fixture(
    params=["fake", "keywords", "fallback", pytest.param("embedded", marks=pytest.mark.slow)]
)
def ranker(request):
    """Each ranker in turn."""
    if request.param == "fake":
        yield FakeRanker()
    elif request.param == "keywords":
        yield KeywordRanker(lambda: BOOK)
    elif request.param == "fallback":
        yield with_fallback(FakeRanker(), KeywordRanker(lambda: BOOK))
    else:
        client = TFServingRanker(request.getfixturevalue("embedded").address)
        yield client
        client.close()


class TestEveryRanker:
    @pytest.mark.parametrize("dialogue", DIALOGUES.values(), ids=DIALOGUES.keys())
    @pytest.mark.parametrize("locale", ["en", "zh", "xx"])
    def test_answers_any_dialogue_best_first(self, ranker, dialogue, locale):
        """Candidates with falling scores, a confidence between 0 and 1, and who answered."""
        ranking = ranker.rank(dialogue, locale=locale, label=contract.STABLE)

        assert isinstance(ranking, Ranking)
        assert all(isinstance(candidate, Candidate) for candidate in ranking.candidates)
        scores = [candidate.score for candidate in ranking.candidates]
        assert sorted(scores, reverse=True) == scores
        assert 0.0 <= ranking.confidence <= 1.0
        assert ranking.served_by in ("model", "keywords")
        assert (ranking.version is None) == (ranking.served_by == "keywords")

    def test_answers_alike_when_asked_twice(self, ranker):
        """Chance has no say."""
        first, second = (
            ranker.rank(DIALOGUES["a question"], locale="en", label=contract.STABLE)
            for _ in range(2)
        )

        assert first == second

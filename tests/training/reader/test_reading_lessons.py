"""Lessons of the reader: invented pages, and what is asked of them."""

import numpy as np
import pytest

from training.reader.calibrate import calibrate
from training.reader.lessons import SLOT, invent_shop, judged, pool, read_facts, read_values
from training.reader.reading_set import SENTENCES, join, lessons_of


@pytest.fixture(params=["en", "zh"])
def shop(request):
    facts, values = read_facts(request.param), read_values(request.param)
    return invent_shop(facts, values, np.random.default_rng(3))


def embed(texts):
    """Vectors that say nothing: words alone find."""
    return np.tile(np.array([1, 0], np.float32), (len(texts), 1))


class TestInventedShops:
    def test_state_what_answers_their_questions(self, shop):
        """Each answer is a sentence of a page, and both have their values filled in."""
        answered = [each for each in shop.asked if each.answers]

        assert len(answered) > 100
        for each in answered:
            for passage, sentence in each.answers:
                text = shop.passages[passage].sentences[sentence]
                assert text
                assert not SLOT.search(text + each.question)

    def test_are_asked_what_they_do_not_say(self, shop):
        """Often enough to learn silence by."""
        silent = sum(not each.answers for each in shop.asked)

        assert 0.1 < silent / len(shop.asked) < 0.4

    def test_introduce_their_lists(self, shop):
        """A bare item has what introduces it."""
        leads = {lead for passage in shop.passages for lead in passage.leads if lead}

        assert leads
        assert all(len(one.leads) == len(one.sentences) for one in shop.passages)

    def test_are_the_same_for_the_same_seed(self):
        """A build can be made again."""
        facts, values = read_facts("en"), read_values("en")

        first, second = (invent_shop(facts, values, np.random.default_rng(5)) for _ in range(2))

        assert first == second


class TestLessons:
    def test_mark_what_answers_among_what_is_found(self, shop):
        """And some of them lost their answer, so that the rest is read as no answer."""
        lessons = lessons_of(shop, embed, np.random.default_rng(1))

        marked = [lesson.answers.any() for lesson in lessons]
        assert 0.4 < sum(marked) / len(marked) < 0.9
        assert all(len(each.sentences) <= SENTENCES for each in lessons)

    def test_are_padded_alike(self):
        """What is not there is no sentence, and no answer."""
        pages = pool([("what colour is it", "It is red."), ("how heavy is it", "It weighs 3 kg.")])
        held = join(lessons_of(pages, embed, np.random.default_rng(1), taken_away=0.0))

        assert 2 == len(held.dialogues)
        assert {2} == {int(row.sum()) for row in held.there}
        assert not (held.answers & ~held.there).any()

    def test_of_judged_sentences_take_what_answers(self):
        """What only helps is no answer."""
        shop = judged("is it warm", [("It is very warm.", 2), ("It is lined.", 1), ("Red.", 0)])

        assert {(0, 0)} == shop.asked[0].answers


class TestCalibration:
    def test_makes_probabilities_hold(self):
        """Logits twice as sure as they should be are halved."""
        chance = np.random.default_rng(1)
        honest = chance.normal(size=(4_000, 4))
        shares = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
        drawn = (shares.cumsum(axis=1) > chance.random((4_000, 1))).argmax(axis=1)

        dials = calibrate(2 * honest, np.eye(4, dtype=bool)[drawn], np.zeros((4_000, 3)))

        assert dials.sharpness == pytest.approx(0.5, abs=0.05)
        assert dials.doubt == pytest.approx(0.0, abs=0.2)

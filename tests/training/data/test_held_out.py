"""Questions that no training has seen, and those that are known to fit nothing."""

import numpy as np

from training.data.held_out import FAR, FOLDS, Held, bereft, joined, left_out, with_copies_bereft


def held(*labels):
    scores = np.arange(len(labels) * 3, dtype=np.float32).reshape(-1, 3)
    return Held(
        scores,
        scores / 10,
        np.array(labels),
        np.ones(len(labels), np.bool_),
        np.ones(len(labels), np.int64),
    )


class TestLeavingOut:
    def test_never_touches_short_books_nor_no_reply(self):
        """Two replies without one of them are none to choose from."""
        assert not left_out(2 * FOLDS, 0).any()
        assert not any(left_out(100, number)[0] for number in range(FOLDS))

    def test_takes_other_replies_each_time(self):
        """Half of them once, in four fits."""
        times = np.sum([left_out(81, number) for number in range(FOLDS)], axis=0)
        assert times.max() == 1
        assert times.sum() == 40

    def test_makes_their_questions_fit_nothing(self):
        """The reply scores as if it were not there."""
        found = bereft(held(1, 2, 0), np.array([False, True, False]))

        assert [0, 2, 0] == found.label.tolist()
        assert (found.scores[:, 1] == FAR).all()
        assert (found.near[:, 2] > FAR).all()

    def test_looks_at_each_question_again_without_its_reply(self):
        """Those that nothing fits are looked at once."""
        found = with_copies_bereft(held(1, 0, 2))

        assert [1, 0, 2, 0, 0] == found.label.tolist()
        assert [FAR, FAR] == [found.scores[3, 1], found.scores[4, 2]]
        assert (found.scores[3:, 0] > FAR).all()

    def test_joins_what_several_fits_held(self):
        """In their order."""
        assert [1, 2, 0] == joined([held(1, 2), held(0)]).label.tolist()

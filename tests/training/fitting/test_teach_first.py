"""When a shop's own texts teach the encoder anew, and what judges the round."""

from pathlib import Path

import numpy as np
import pytest

from training.starter.own_texts import TaughtTexts


def taught(count):
    """So many texts, and what they are taught."""
    return TaughtTexts(["\x11hi"] * count, np.ones((count, 2), np.float32), Path())


def version(texts):
    """What is known of an earlier version that so many texts had taught; 0: none had."""
    from training.fitting.warm_start import Weights

    return Weights([], {}, None, {"texts": texts} if texts else {})


class TestWhenARoundIsDue:
    @pytest.mark.parametrize(
        ("before", "now", "knows"), [(900, 1_000, True), (600, 1_000, False), (0, 1_000, False)]
    )
    def test_a_version_that_was_taught_most_of_the_texts_is_gone_on_from(self, before, now, knows):
        """Any other is no parent: it says things in a space of its own."""
        from training.fitting.fit_version import _knows

        assert knows == _knows(version(before), taught(now))

    def test_the_first_version_has_no_parent(self):
        """So it is taught."""
        from training.fitting.fit_version import _knows

        assert not _knows(None, taught(200))


class TestJudgement:
    def test_is_by_the_nearest_other_question_with_a_reply(self):
        """Two replies that lie apart, and one question that strayed."""
        from training.fitting.teach_first import nearest_right

        vectors = np.eye(4, dtype=np.float32)[[0, 0, 1, 1, 1]]

        assert 1.0 == nearest_right(vectors, np.array([1, 1, 2, 2, 2]))
        assert 0.8 == pytest.approx(nearest_right(vectors, np.array([1, 1, 2, 2, 3])))
        assert 0.0 == nearest_right(vectors[:1], np.array([1]))

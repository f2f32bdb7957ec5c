"""The fit of a head: probabilities that hold on unread wordings, in arrays and in graph."""

import numpy as np
import pytest

from training.heads.fit import A_WISH, HeadWords, Labelled, fit_head, taught_lines
from training.heads.head import Head, HeadLookup
from training.heads.lines import HeadLine

NAMES = ("ask", "thank", "deny")


def turns(count: int = 600) -> Labelled:
    """Points around a centre for each label, twenty of a wording, the last label a rare one."""
    chance = np.random.default_rng(1)
    label = chance.choice(3, count, p=[0.6, 0.3, 0.1])
    centre = chance.normal(0.0, 1.0, (3, 8))
    points = centre[label] + chance.normal(0.0, 0.8, (count, 8))
    return Labelled(points.astype(np.float32), label, np.arange(count) // 20)


class TestAHead:
    def test_is_sure_as_often_as_it_is_right(self):
        """Its probabilities are measured on wordings that it was not fitted on."""
        _, told = fit_head(turns(), NAMES)

        assert told["right"] > 0.8
        assert told["ece"] < 0.1
        assert told["deny"] > 0.5

    def test_says_the_same_inside_the_graph(self):
        """Names and probabilities of every label, which sum to one."""
        lines = turns()
        head, _ = fit_head(lines, NAMES)

        names, shares = HeadLookup(head).probabilities(lines.turns[:4])

        logits = lines.turns[:4] @ head.weights + head.bias
        expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        assert [b"ask", b"thank", b"deny"] == names.numpy()[0].tolist()
        assert shares.numpy() == pytest.approx(expected, abs=1e-5)


class TestTaughtByTheStaff:
    def test_each_of_their_words_is_a_wording_of_its_own_behind_ours(self):
        """An action of the shop's own has no place among the head's."""
        ours = [HeadLine("none", "hello", 0), HeadLine("none", "hello there", 3)]
        words = [HeadWords("cancel_order", "zap it"), HeadWords("gift_wrap", "wrap it")]

        (line,) = taught_lines(words, after=ours)
        assert ("cancel_order", 4) == (line.label, line.wording)
        assert "zap it" in line.dialogue

    def test_said_often_enough_a_rare_wording_is_heard(self):
        """One point of another label's, as often as the staff's word counts."""
        lines = turns()
        odd = lines.turns[lines.label == 0][:1]
        taught = Labelled(
            np.concatenate([lines.turns, np.repeat(odd, A_WISH, axis=0)]),
            np.append(lines.label, [2] * A_WISH),
            np.append(lines.wording, [lines.wording.max() + 1] * A_WISH),
        )
        before, after = (fit_head(each, NAMES)[0] for each in (lines, taught))

        def shares(head: Head) -> list[float]:
            return [float(each) for each in (odd @ head.weights + head.bias)[0]]

        assert shares(after)[2] - max(shares(after)[:2]) > shares(before)[2] - shares(before)[0]

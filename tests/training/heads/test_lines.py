"""The labelled lines of the heads: every label, both languages, bare words in context."""

from collections import Counter

import pytest

from serving import contract
from training.heads.lines import AFTER_A_QUESTION, FOLDER, lines_of
from training.starter import read_lines

NAMES = {"acts": contract.ACTS, "actions": contract.ACTIONS}


@pytest.fixture(scope="module", params=["acts", "actions"])
def head(request):
    """A head's name and its lines."""
    return request.param, lines_of(request.param, seed=1)


class TestLines:
    def test_every_label_of_the_contract_has_many_wordings(self, head):
        """A hundred sentences at least, and no label that nobody reads."""
        name, lines = head

        counts = Counter(line.label for line in lines)

        assert set(NAMES[name]) == set(counts)
        assert min(counts.values()) >= 100

    def test_both_languages_stand_alone_and_behind_the_clerk(self, head):
        """So that a head learns the newest turn, whatever was said before it."""
        _, lines = head

        chinese = sum("\u4e00" <= line.dialogue[-1] <= "\u9fff" for line in lines) / len(lines)
        behind = sum(map(contract.has_history, (line.dialogue for line in lines))) / len(lines)

        assert 0.3 < chinese < 0.7
        assert 0.3 < behind < 0.7

    def test_are_the_same_for_the_same_seed(self, head):
        """A training can be repeated."""
        name, lines = head

        assert lines == lines_of(name, seed=1)

    def test_no_text_alone_has_two_labels(self, head):
        """What differs by context stands behind a question in one file and not in the other."""
        _, lines = head

        labels: dict[str, set[str]] = {}
        for line in lines:
            if not contract.has_history(line.dialogue):
                labels.setdefault(line.dialogue.casefold(), set()).add(line.label)

        assert {} == {text: found for text, found in labels.items() if len(found) > 1}


class TestBareWords:
    def test_are_learned_behind_a_question_of_the_clerk_alone(self):
        """ "ok" there is a yes; elsewhere it only says that it was read."""
        words = {
            pattern.english for pattern in read_lines(FOLDER / "acts" / f"{AFTER_A_QUESTION}.txt")
        }

        yes = [line for line in lines_of("acts", seed=1) if line.label == "affirm"]

        assert "ok" in words
        assert all(
            contract.has_history(line.dialogue)
            for line in yes
            if contract.last_turn(line.dialogue) == "ok"
        )

"""Where the replies of a book start when a training goes on from an earlier version."""

import pytest

from feedback.knowledge import BadLine, QuestionLine, read_questions, read_replies
from shopclerk.demo_shop import DEMO_DIR, REPLY_FILE

pytestmark = pytest.mark.slow  # TensorFlow

TOPICS = 16
NEW = 4  # of them, that the earlier version has not met
EACH = 20  # labelled questions of each
FEW_LOST = 0.03


@pytest.fixture(scope="module")
def topics():
    """Of each topic its labelled questions, and others of it to ask."""
    bad: list[BadLine] = []
    found: dict[str, list[QuestionLine]] = {}
    for line in read_questions([DEMO_DIR / "questions.en.jsonl"], bad):
        if line.reply_id:
            found.setdefault(line.reply_id, []).append(line)
    return [(found[name][:EACH], found[name][EACH:]) for name in sorted(found)[:TOPICS]]


def labels_of(topics):
    return [line for labelled, _ in topics for line in labelled]


def others_of(topics):
    return [line for _, others in topics for line in others]


def begun(labelled, earlier, more=()):
    """A learner that begins with the starter's encoder and the replies' vectors of `earlier`."""
    from training.data import from_questions, gather_material
    from training.fitting.learner import Learner
    from training.model import Hyperparameters
    from training.starter import unpack_starter

    bad: list[BadLine] = []
    dials = Hyperparameters()
    named = {line.reply_id for line in labelled} | set(earlier)
    book = [line for line in read_replies([REPLY_FILE], bad) if line.reply_id in named]
    material = gather_material(
        [*book, *more], from_questions(labelled), None, dials.model, share_aside=0.1, seed=1
    )
    learner = Learner(material.examples, dials.model, dials.train, seed=1)
    starter = unpack_starter(dials.model)
    assert starter is not None
    learner.begin(starter, earlier)
    learner.restart(material.everything)
    return learner


def taught(learner):
    """The same with its replies' own vectors fitted to their questions; and these by reply."""
    import numpy as np

    from training.fitting.fit_reply_vectors import Questions, fit_vectors

    its = learner.examples
    vectors = learner.encode(np.arange(len(its)))
    questions = Questions(vectors, its.label, its.weight, its.rejected)
    own = fit_vectors(questions, learner.text_vectors().numpy(), learner.model.scale)
    learner.own.assign(own)
    return learner, dict(zip(["", *its.book.reply_ids], own, strict=True))


def found_by(learner, asked):
    """The reply that each question finds."""
    from training.data import as_question
    from training.fitting.fit_product_vectors import embed_with

    embed = embed_with(learner.encoder, learner.model)
    rows = learner.scores(embed([as_question(one.question) for one in asked])).argmax(axis=1)
    return [["", *learner.examples.book.reply_ids][row] for row in rows]


def share_right(learner, asked):
    found = found_by(learner, asked)
    return sum(map(str.__eq__, found, [str(one.reply_id) for one in asked])) / len(asked)


class TestNewRepliesBesideKnownOnes:
    def test_they_are_found_and_take_no_questions_of_the_others(self, topics):
        """A bare mean of their questions would outshine replies that have learned to be modest."""
        new, known = topics[:NEW], topics[NEW:]
        before, vectors = taught(begun(labels_of(known), {}))
        learner = begun(labels_of(topics), vectors)
        was = share_right(before, others_of(known))

        assert share_right(learner, others_of(known)) >= was - FEW_LOST
        assert share_right(learner, others_of(new)) >= 0.9

    def test_a_reply_whose_questions_all_went_to_another_lets_them_go(self, topics):
        """Its vector of before, fitted to them, would go on claiming them."""
        before, vectors = taught(begun(labels_of(topics), {}))
        bad: list[BadLine] = []
        old = [labelled[0].reply_id for labelled, _ in topics[:NEW]]
        heirs = [
            line._replace(reply_id=f"{line.reply_id}_anew", text=f"From today: {line.text}")
            for line in read_replies([REPLY_FILE], bad)
            if line.reply_id in old
        ]
        moved = [
            line._replace(reply_id=f"{line.reply_id}_anew") if line.reply_id in old else line
            for line in labels_of(topics)
        ]
        learner = begun(moved, vectors, heirs)
        was = share_right(before, others_of(topics[NEW:]))

        assert [] == [each for each in found_by(learner, others_of(topics[:NEW])) if each in old]
        assert share_right(learner, others_of(topics[NEW:])) >= was - FEW_LOST

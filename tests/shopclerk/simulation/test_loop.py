"""The loop over a made-up population, in a small shop with a small model."""

import random
from datetime import UTC, datetime

import pytest

from bot.conversation.exploration import Explorer
from feedback.db.jobs import Runs
from feedback.knowledge.importers.records import QuestionLine, TurnLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.signals.decision_log import read_log
from feedback.signals.examples import gather
from serving.contract import has_history, last_turn
from serving.ranker import Candidate, Ranking
from shopclerk.simulation.rounds import heard
from shopclerk.simulation.shoppers import DealtRanking, Habits, ShopLife, askers
from tests.snapshots import ShopSnapshot, dumped
from tests.training.conftest import REPLIES, make_questions, small_config

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
NEXT = datetime(2026, 1, 12, tzinfo=UTC)


def lived(database, *, count=200, sure=0.9, right=0.7, **habits):
    """A week in which the clerk's first reply is right so often; who asked, and what."""
    chance = random.Random(1)
    lines = [QuestionLine(f"question {n}", f"reply_{n % 5}", "en") for n in range(count)]
    population = Habits(**{"reviewed": 0, "answered": 0.0, **habits})
    asked = askers(lines, population, chance, "week1")
    rankings = []
    for number, line in enumerate(lines):
        first = str(line.reply_id) if chance.random() < right else f"reply_{(number + 1) % 5}"
        second = f"reply_{(number + 2) % 5}"
        rankings.append(Ranking((Candidate(first, 9.0), Candidate(second, 8.9)), sure, "model", 1))
    life = ShopLife(database, population, chance, Explorer(0.1, chance.random))
    life.week(asked, [DealtRanking(ranking) for ranking in rankings], MONDAY)
    return {line.question: line.reply_id for line in lines}


def learned(database):
    """What people taught; forty labelled questions a reply give it a place for twenty of theirs."""
    labelled = [QuestionLine(f"labelled {n}", f"reply_{n % 5}", "en") for n in range(200)]
    ReplyBook(database).put_questions(labelled, MONDAY)
    return [one for one in gather(database, now=NEXT).examples if one.signal != "question"]


class TestPeople:
    def test_thumbs_and_sales_become_examples_most_of_them_true(self, one_database):
        """One thumb in ten is wrong, and a sale says little: still most of it is right."""
        truth = lived(one_database, rated=0.6, buys_if_right=0.2)
        found = learned(one_database)
        right = [truth[one.turns[-1][1]] == one.reply_id for one in found]

        assert {one.signal for one in found} == {"thumb", "sale"}
        assert 40 < len(found) <= 100
        assert sum(right) / len(right) > 0.85

    def test_explored_replies_are_in_the_log_with_their_probability(self, one_database):
        """One near-tie in ten is answered with the second."""
        lived(one_database)
        log = read_log(one_database, now=NEXT)

        assert len(log) == 200
        assert {round(one.propensity, 6) for one in log} == {0.9, 0.1}
        assert 8 <= sum(one.propensity < 0.5 for one in log) <= 35

    def test_a_choice_pressed_becomes_an_example(self, one_database):
        """The clerk offers three; six in ten of those whose reply is among them press it."""
        truth = lived(one_database, sure=0.5, right=1.0)
        found = learned(one_database)
        right = [truth[one.turns[-1][1]] == one.reply_id for one in found]

        assert {one.signal for one in found} == {"choice"}
        assert 60 < len(found) < 120  # a topic takes twenty, and what an order stands behind
        assert 0.85 < sum(right) / len(right) < 1.0

    def test_the_staff_answer_what_was_handed_over(self, one_database):
        """Nothing was answered, so nobody could press a thumb: the staff's word is all there is."""
        truth = lived(one_database, sure=0.1, answered=0.5)
        found = gather(one_database, now=NEXT).examples

        assert {one.signal for one in found} <= {"corrected", "sale"}
        corrected = [one for one in found if one.signal == "corrected"]
        assert 75 < len(corrected) < 125
        assert all(truth[one.turns[-1][1]] == one.reply_id for one in corrected)


class TestFollowUps:
    LINE = QuestionLine(
        "how long is that",
        "reply_1",
        "en",
        (TurnLine("shopper", "can I send it back"), TurnLine("clerk", "Yes, within a month.")),
    )

    def test_a_model_is_asked_the_whole_dialogue(self):
        """As a shopper's follow-up is ranked: the newest turn last."""
        assert has_history(heard(self.LINE))
        assert "how long is that" == last_turn(heard(self.LINE))
        assert not has_history(heard(self.LINE._replace(history=())))

    def test_what_people_make_of_it_is_learned_behind_what_was_said_before(self, one_database):
        """Its turns stand in the store like anybody's."""
        chance = random.Random(1)
        population = Habits(rated=1.0, wrongly=0.0, reviewed=0, answered=0.0)
        asked = askers([self.LINE], population, chance, "week1")
        ranking = Ranking((Candidate("reply_1", 9.0),), 0.9, "model", 1)
        life = ShopLife(one_database, population, chance, Explorer(0.0, chance.random))
        life.week(asked, [DealtRanking(ranking)], MONDAY)
        (example,) = learned(one_database)

        said = tuple((turn.speaker, turn.text) for turn in self.LINE.history)
        assert (*said, ("shopper", "how long is that")) == example.turns


def small_town():
    """The small shop's questions with four endings; sixty to measure by."""
    from shopclerk.simulation.population import Population

    ends = ("", " please", " now", " today")
    lines = [
        line._replace(question=line.question + end)
        for end in ends
        for line in make_questions()
        if line.reply_id
    ]
    random.Random(3).shuffle(lines)
    return Population(REPLIES, lines[60:], lines[:60])


@pytest.fixture(scope="module")
def beginning(tmp_path_factory):
    """The town and its first version: trained once, every course goes on from there."""
    from feedback.db.database import Database
    from shopclerk.simulation.population import LoopOptions
    from shopclerk.simulation.rounds import run_loop

    folder = tmp_path_factory.mktemp("beginning")
    database = Database(f"sqlite:///{folder / 'shop.db'}")
    database.migrate()
    course = LoopOptions(rounds=0, training=small_config())
    run_loop(small_town(), course, folder=folder / "models", database=database, tell=lambda _: None)
    rows = dumped(database)
    database.close()
    return ShopSnapshot(rows, folder / "models")


@pytest.fixture(scope="module")
def runs(beginning, tmp_path_factory):
    """The same town honest and with one shopper in twenty pushing a wrong reply."""
    from feedback.db.database import Database
    from shopclerk.simulation.population import LoopOptions
    from shopclerk.simulation.rounds import run_loop

    found = {}
    for name, share in (("honest", 0.0), ("poisoned", 0.05)):
        folder = tmp_path_factory.mktemp(name)
        database = Database(f"sqlite:///{folder / 'shop.db'}")
        beginning.restore(database, folder / "models")
        habits = Habits(poisoned=share, poison="hours", rated=0.5)
        course = LoopOptions(rounds=1, on_trial=False, habits=habits, training=small_config())
        found[name] = run_loop(
            small_town(), course, folder=folder / "models", database=database, tell=lambda _: None
        )
        database.close()
    return found


@pytest.mark.slow
class TestLoop:
    def test_learns_from_what_people_do(self, runs):
        """More examples each time, and not fewer right answers at the end than at the start."""
        rounds = runs["honest"]
        assert [each.retrainings for each in rounds] == [0, 1]
        assert rounds[-1].examples > rounds[0].examples
        assert rounds[-1].right >= rounds[0].right
        assert rounds[-1].right > 0.8

    def test_a_poisoned_reply_stays_under_twice_its_share(self, runs):
        """Five of a hundred shoppers like it whatever they asked."""
        honest, bent = runs["honest"][-1], runs["poisoned"][-1]
        assert honest.poison > 0
        assert bent.poison < 2 * honest.poison

    def test_is_drawn(self, runs):
        """A picture, with the two it is compared with."""
        from shopclerk.simulation.plot import loop_png
        from shopclerk.simulation.rounds import MeasuredShares, RoundOutcome

        told = MeasuredShares(0.97, 0.9, 0.01, 0.1)
        assert loop_png(RoundOutcome(runs["honest"], told), "a test").startswith(b"\x89PNG")


@pytest.mark.slow
class TestSmallShop:
    def test_runs_what_a_shop_runs(self, beginning, one_database, tmp_path):
        """Half of thirty a week meet the challenger, whose trial waits for a person's yes."""
        from shopclerk.simulation.population import LoopOptions
        from shopclerk.simulation.rounds import KEPT, run_loop

        beginning.restore(one_database, tmp_path)
        course = LoopOptions(rounds=1, weekly=30, training=small_config())

        def run():
            return run_loop(
                small_town(), course, folder=tmp_path, database=one_database, tell=lambda _: None
            )

        rounds = run()
        assert ["promoted", "trial"] == [each.state for each in rounds]
        assert [1, 1] == [each.version for each in rounds]

        first, _, _ = (tmp_path / KEPT).read_text(encoding="utf-8").partition("\n")
        (tmp_path / KEPT).write_text(f'{first}\n{{"retrainings": 1, "sta', encoding="utf-8")
        again = run()  # cut off while it was writing: neither the week nor its training comes twice
        assert [rounds[0], rounds[1]._replace(state="waiting")] == again
        assert 2 == len(Runs(one_database).all())


@pytest.mark.slow
class TestAttack:
    def test_forty_addresses_do_not_take_a_topic_over(self, one_database, tmp_path):
        """Learned whole, eight hundred votes would, and the gate says no to that model."""
        from shopclerk.simulation.attack import Attack, run_attack
        from shopclerk.simulation.population import LoopOptions

        found = run_attack(
            small_town(),
            LoopOptions(first=10, training=small_config()),
            Attack(addresses=40, thumbs=10, wordings=200),
            folder=tmp_path,
            database=one_database,
            tell=lambda _: None,
        )

        assert found.votes == 800
        assert found.taken_unbounded > found.questions / 2
        assert f"labelled {found.topic}" in found.gate
        assert found.learned <= 5
        assert found.taken < found.questions / 3

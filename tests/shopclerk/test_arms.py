"""Stories of the deal: nobody outside can work out an arm."""

from collections import Counter

from feedback.db import Database
from feedback.dialogues.exposure_traits import UNKNOWN
from feedback.dialogues.visits import VISITORS
from feedback.experiments.assignment import assign
from feedback.experiments.plan_log import PlanLog
from feedback.experiments.results import Arm, PlanStanding, Uplift, VisitorEffect
from shopclerk.commands.plan import note_outcome
from shopclerk.settings import Settings
from shopclerk.wiring import EXPERIMENT, utc_now
from shopclerk.wiring.arms import assigner, build_visits
from tests.feedback.report.test_text import make_report

SHOPPERS = [f"shopper-{n}" for n in range(1_000)]
SHARES = {"holdout": 0.5, "champion": 0.5}


def dealt(tmp_path, secret):
    settings = Settings(
        _env_file=None, models_dir=tmp_path / "models", secret_key=secret, holdout_share=0.5
    )
    database = Database(f"sqlite:///{tmp_path}/arms.db")
    database.migrate()
    deal = assigner(settings, database)
    return [deal(one) for one in SHOPPERS]


class TestDeal:
    def test_is_the_same_for_the_same_key_and_fair(self, tmp_path):
        """
        Whichever process deals.
        """
        arms = dealt(tmp_path, "a" * 40)

        assert arms == dealt(tmp_path, "a" * 40)
        assert 430 < Counter(arms)["holdout"] < 570

    def test_cannot_be_worked_out_from_the_shoppers_id(self, tmp_path):
        """
        A browser knows its id and our source: without the shop's key it guesses half of them.
        """
        arms, others = dealt(tmp_path, "a" * 40), dealt(tmp_path, "b" * 40)
        guessed = [assign(one, salt=EXPERIMENT, shares=SHARES) for one in SHOPPERS]

        for known in (others, guessed):
            right = sum(one == other for one, other in zip(arms, known, strict=True))
            assert 430 < right < 570


class TestVisits:
    def test_nobody_is_asked_where_nothing_is_set(self, sqlite_database):
        """
        By default the chat is shown to everybody.
        """
        assert None is build_visits(Settings(_env_file=None), sqlite_database)

    def test_the_verdict_ends_the_arm_without_a_clerk(self, tmp_path, sqlite_database):
        """
        The set share sees no chat while the plan runs, and nobody once it has decided.
        """
        settings = Settings(
            _env_file=None, models_dir=tmp_path, secret_key="a" * 40, no_clerk_share=0.5
        )
        visits = build_visits(settings, sqlite_database)
        assert visits is not None
        now = utc_now()
        shown = [visits.meet(f"browser-{n:012d}", UNKNOWN, now).shown for n in range(60)]
        log = PlanLog(sqlite_database, VISITORS)
        plan = log.newest()
        assert plan is not None
        assert (0.5, 0.0, 26) == (plan.plan.holdout, plan.plan.afterwards, plan.plan.weeks)
        assert 15 < sum(shown) < 45

        standing = PlanStanding("planned", "settings", 0.5, 0.1, ("cvr",), look=5, of=26)
        arm, uplift = Arm(500, buyers=50), Uplift()
        effect = VisitorEffect(arm, arm, "better", "decided", uplift, uplift, plan=standing)
        note_outcome(sqlite_database, make_report(visitors=effect), now)

        decided = log.newest()
        assert decided is not None
        assert ("better", 0.0) == (decided.verdict, decided.held_out(now))
        after = build_visits(settings, sqlite_database)
        assert after is not None
        assert all(after.meet(f"browser-{n:012d}", UNKNOWN, now).shown for n in range(60))

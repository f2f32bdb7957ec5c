"""Stories of the deal: nobody outside can work out an arm."""

from collections import Counter

from feedback.db import Database
from feedback.experiments.assignment import assign
from shopclerk.settings import Settings
from shopclerk.wiring import EXPERIMENT
from shopclerk.wiring.arms import assigner

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

"""A shop whose model is retrained in a test's own process, and its first turn."""

from datetime import UTC, datetime, timedelta

from feedback.db.database import Database
from feedback.db.jobs import Runs
from feedback.knowledge.catalogue import Catalogue
from feedback.knowledge.reply_book import ReplyBook
from feedback.signals.examples import Example, Gathered
from serving.versions.folder import VersionFolder
from serving.versions.rollout import Rollout
from tests.factories import make_product
from tests.training.conftest import REPLIES, make_questions, small_config
from training.data.sources import TrainingSources

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def examples_of(questions, *, signal="question", weight=1.0):
    return [
        Example(
            turns=(("shopper", line.question),),
            reply_id=line.reply_id,
            weight=weight,
            locale=line.locale,
            at=NOW + timedelta(seconds=n),
            signal=signal,
        )
        for n, line in enumerate(questions)
    ]


class Loop:
    """A store with the small shop's book, and everything a turn needs."""

    def __init__(self, database, models_dir):
        self.database = database
        self.runs = Runs(database)
        self.book = ReplyBook(database)
        self.folder = VersionFolder(models_dir)
        self.rollout = Rollout(self.folder)
        self.examples = examples_of(make_questions())
        self.turns = 0

    def turn(self, hyperparameters=None, *, sources=None, progress=lambda *_: None, **options):
        from training.jobs.outcomes import RetrainOptions
        from training.retrain import Retrainer

        self.turns += 1
        retrainer = Retrainer(
            sources or self.sources(),
            self.runs,
            self.rollout,
            RetrainOptions(hyperparameters or small_config(), **options),
            clock=lambda: NOW + timedelta(hours=self.turns),
            new_id=lambda: f"run-{self.turns}",
            progress=progress,
        )
        return retrainer.run("a test")

    def sources(self, **given):
        given = {"gather": lambda: Gathered(self.examples), **given}
        return TrainingSources(self.book, **given)


def loop_in(folder):
    return Loop(Database(f"sqlite:///{folder / 'shop.db'}"), folder / "models")


def first_turn(folder):
    """Fill a migrated store with the small shop, and train its first version."""
    loop = loop_in(folder)
    loop.book.put_replies(REPLIES, NOW)
    lamp = make_product(product_id="lamp", title="Lamp")
    Catalogue(loop.database).put_products([make_product(), lamp], NOW)
    outcome = loop.turn()
    loop.database.close()
    return outcome

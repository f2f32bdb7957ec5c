"""What was made of somebody's words before they were erased: versions, questions, folders."""

import os
import shutil
from datetime import timedelta

import numpy as np
import pytest

from feedback.db.database import Database
from feedback.db.jobs import Runs
from feedback.db.retrain_runs import Retraining
from feedback.knowledge.reply_book import ReplyBook
from feedback.privacy.erasure import Erasure
from feedback.privacy.erasure_list import ErasureList
from feedback.signals.examples import Example, Gathered
from serving.versions.folder import VersionFolder
from serving.versions.rollout import Rollout
from tests.factories import NOW, hours, make_store, open_dialogue
from tests.snapshots import ShopSnapshot, dumped
from tests.training.conftest import REPLIES, make_questions, small_config
from tests.training.data.test_vouched_words import strings_of
from tests.training.shop import examples_of
from tests.training.test_retrain import ToldTrial
from training.data.sources import TrainingSources
from training.jobs.run_folder import RunFolder
from training.model.private_words import FEWEST_VOICES

WORD = "flumph"
SAME = 0.9999
LONE = "has anything left for me at all"


class Shop:
    """A store whose shoppers said one word often enough, and the loop over it."""

    def __init__(self, database, folder):
        self.database, self.book = database, ReplyBook(database)
        self.folder = VersionFolder(folder / "models")
        self.rollout = Rollout(self.folder)
        self.trials_ended = []
        self.hours = 0
        self.gone = set()

    def fill(self):
        self.book.put_replies(REPLIES, NOW)
        store = make_store(self.database)
        for n in range(FEWEST_VOICES):
            open_dialogue(store, shopper_id=f"s{n}")

    def collect(self):
        said = [
            Example(
                (("shopper", f"has my {WORD} left, {n}"),), "order_status", 1.0,
                signal="thumb", shoppers=(f"s{n}",),
            )
            for n in range(FEWEST_VOICES)
        ]  # fmt: skip
        said.append(Example((("shopper", LONE),), "order_status", 1.0, signal="thumb",
                            shoppers=("s0",)))  # fmt: skip
        kept = [one for one in said if not self.gone & set(one.shoppers)]
        return [*examples_of(make_questions()), *kept]

    def turn(self, progress=lambda *_: None, **options):
        from training.jobs.outcomes import RetrainOptions
        from training.retrain import Retrainer

        self.hours += 1
        at = NOW + timedelta(hours=self.hours)
        return Retrainer(
            self.sources(),
            Runs(self.database),
            self.rollout,
            RetrainOptions(small_config(), **options),
            clock=lambda: at,
            new_id=lambda: f"run-{at:%H}",
            progress=progress,
        ).run("a test")

    def sources(self):
        return TrainingSources(self.book, gather=lambda: Gathered(self.collect()))

    def erase(self, shopper):
        self.gone.add(shopper)
        Erasure(self.database).erase_shopper(shopper, NOW + hours(20))

    def refresh(self):
        from training.jobs.reexport_job import Refresher

        return Refresher(
            self.sources(),
            Retraining(self.database),
            self.rollout,
            clock=lambda: NOW + hours(21),
            end_trial=self.trials_ended.append,
        ).run("an erasure")

    def nearest(self, version, *questions):
        """How near a version's remembered questions come to each of these."""
        import tensorflow as tf

        loaded = tf.saved_model.load(str(self.folder.path(version)))
        texts = tf.constant([f"\x11{question}" for question in questions])
        vectors = loaded.signatures["embed"](text=texts)["vector"].numpy()
        return (vectors @ loaded.recall.vectors.numpy().T).max(axis=1)


@pytest.fixture(scope="module")
def learned(tmp_path_factory, migrated_file):
    """The shop after its first turn: trained once, tests go on from it on either kind of store."""
    folder = tmp_path_factory.mktemp("learned")
    shutil.copyfile(migrated_file, folder / "shop.db")
    database = Database(f"sqlite:///{folder / 'shop.db'}")
    shop = Shop(database, folder)
    shop.fill()
    assert 1 == shop.turn().version
    rows = dumped(database)
    database.close()
    return ShopSnapshot(rows, folder / "models")


@pytest.fixture
def shop(learned, one_database, tmp_path):
    """A shop whose version 1 learned from what ten shoppers said."""
    learned.restore(one_database, tmp_path / "models")
    shop = Shop(one_database, tmp_path)
    shop.hours = 1
    return shop


@pytest.mark.slow
class TestErasing:
    def test_the_served_version_is_made_anew_without_a_word_and_a_question_of_theirs(
        self, shop, one_database, tmp_path
    ):
        """At once and without training; the versions before it are deleted, the folder is clean."""
        assert WORD.encode() in strings_of(shop.folder.path(1))
        others = [line.question for line in make_questions()]
        before = shop.nearest(1, *others)
        assert shop.nearest(1, LONE)[0] > SAME

        shop.erase("s0")
        came = shop.refresh()

        assert (2, 2) == (came.version, shop.rollout.stable())
        assert [2] == shop.folder.versions()
        assert WORD.encode() not in strings_of(tmp_path / "models")
        assert shop.nearest(2, LONE)[0] < SAME
        np.testing.assert_allclose(shop.nearest(2, *others), before, atol=1e-4)
        assert [] == ErasureList(one_database).waiting()
        assert shop.refresh().version is None

        shop.erase("s1")  # the version that was made anew learned from them, too
        assert 3 == shop.refresh().version
        assert [3] == shop.folder.versions()

    def test_a_challenger_that_learned_from_them_ends_its_trial(self, shop):
        """It serves some of the shoppers, so it goes; so does a champion of before."""
        assert "trial" == shop.turn(trial=ToldTrial()).state

        shop.erase("s0")
        shop.refresh()

        assert {"stable": 3} == shop.rollout.labels()
        assert [3] == shop.folder.versions()
        assert [2] == shop.trials_ended

    def test_of_somebody_nothing_was_learned_from_nothing_is_made_anew(self, shop, one_database):
        """No training had their words: rolling back stays possible."""
        open_dialogue(make_store(one_database), shopper_id="quiet")

        shop.erase("quiet")

        assert shop.refresh().version is None
        assert [1] == shop.folder.versions()

    def test_a_training_that_runs_meanwhile_leaves_nothing_of_theirs(self, one_database, tmp_path):
        """Its data is deleted, what its worker makes of it is dropped, and the run begins anew."""
        from training.jobs.outcomes import LostRun

        shop = Shop(one_database, tmp_path)
        shop.fill()
        turns = Retraining(one_database)

        def erased_meanwhile(share, text):
            if not shop.gone:
                shop.erase("s0")

        outcome = shop.turn(progress=erased_meanwhile)

        assert issubclass(LostRun, Exception)
        assert "busy" == outcome.state
        assert shop.folder.versions() == []
        place = RunFolder(shop.folder.models_dir, outcome.run_id)
        assert not place.draft.exists()
        run = turns.unfinished()
        assert run is not None
        assert ("collect", 1) == (run.stage, run.forgotten)


class TestFolders:
    def test_only_what_was_written_before_the_erasure_goes(self, tmp_path):
        """A run that began anew has its folder, and its data is clean."""
        place = RunFolder(tmp_path, "run-1")
        for name, written in (("data", NOW - hours(1)), ("draft", NOW + hours(1))):
            (place.path / name).mkdir(parents=True)
            os.utime(place.path / name, (written.timestamp(), written.timestamp()))

        place.forget_before(NOW)

        assert ["draft"] == [path.name for path in place.path.iterdir()]


class TestRemembered:
    def test_a_question_that_is_gone_gives_its_place_to_another(self):
        """And to the reply itself, where none is left."""
        from training.jobs.forgetting import remembered_still

        unit = np.eye(4, dtype=np.float32)
        remembered = np.stack([unit[[0, 1]], unit[[2, 2]]])
        itself = np.stack([unit[3], 2 * unit[3]])

        kept = remembered_still(remembered, itself, unit[[1]])

        np.testing.assert_array_equal(kept, np.stack([unit[[1, 1]], unit[[3, 3]]]))

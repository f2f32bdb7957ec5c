"""The reply book reaches the model without training, and everything else stays as before."""

import shutil
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from feedback.db.database import Database
from feedback.db.jobs import Runs
from feedback.db.retrain_runs import Retraining
from feedback.knowledge.catalogue import Catalogue
from feedback.knowledge.importers.records import QuestionLine, ReplyLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.knowledge.supersessions import Supersessions
from feedback.signals.examples import Gathered
from serving.versions.folder import VersionFolder
from serving.versions.rollout import Rollout
from tests.factories import make_product
from tests.training.conftest import REPLIES, make_questions
from tests.training.shop import examples_of
from training.data.sources import TrainingSources

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
WRAP = ReplyLine("gift_wrap", "We wrap your presents in paper for free.")


class Shop:
    """The store of a shop after its first turn, and the version that came of it."""

    def __init__(self, database, models_dir):
        self.database = database
        self.book = ReplyBook(database)
        self.catalogue = Catalogue(database)
        self.folder = VersionFolder(models_dir)
        self.rollout = Rollout(self.folder)
        self._loaded = {}

    def sources(self):
        return TrainingSources(self.book, gather=lambda: Gathered(examples_of(make_questions())))

    def refresh(self, rollout=None):
        from training.jobs.reexport_job import Refresher

        return Refresher(
            self.sources(),
            Retraining(self.database),
            rollout or self.rollout,
            clock=lambda: NOW + timedelta(minutes=5),
        ).run()

    def loaded(self, version):
        """A version as it is served; read once, which takes a second."""
        import tensorflow as tf

        if version not in self._loaded:
            self._loaded[version] = tf.saved_model.load(str(self.folder.path(version)))
        return self._loaded[version]

    def ask(self, version, question):
        import tensorflow as tf

        rank = self.loaded(version).signatures["rank"]
        found = rank(dialogue=tf.constant([f"\x11{question}"]))
        return found["reply_id"].numpy()[0][0].decode(), float(found["confidence"].numpy()[0])

    def vectors(self, version):
        from training.data.catalogue_snapshot import lineage

        names = lineage(self.folder.path(version))["reply_ids"]
        return dict(zip(names, self.loaded(version).book.vectors.numpy(), strict=True))


@pytest.fixture
def shop(first, tmp_path):
    """A copy of the trained shop: a training takes longer than all refreshes."""
    yield from copy_of(first[0], tmp_path)


@pytest.fixture(scope="module")
def with_a_new_reply(first, tmp_path_factory):
    """The trained shop's folder after a reply and its question came, and were refreshed."""
    folder = tmp_path_factory.mktemp("new") / "shop"
    shutil.copytree(first[0], folder)
    shop = shop_in(folder)
    shop.book.put_replies([WRAP], NOW)
    shop.book.put_questions([QuestionLine("do you wrap presents", "gift_wrap")], NOW)
    came = shop.refresh()
    shop.database.close()
    return folder, came


@pytest.fixture
def refreshed(with_a_new_reply, tmp_path):
    """A copy of the shop with the new reply in its version 2."""
    yield from copy_of(with_a_new_reply[0], tmp_path)


def copy_of(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "shop")
    shop = shop_in(tmp_path / "shop")
    yield shop
    shop.database.close()


def shop_in(folder):
    return Shop(Database(f"sqlite:///{folder / 'shop.db'}"), folder / "models")


class TestRefreshing:
    def test_a_new_reply_is_answered_and_nothing_else_changes(self, refreshed, with_a_new_reply):
        """By its question; the vectors of all others stay to the last bit."""
        shop, (_, came) = refreshed, with_a_new_reply

        assert 2 == came.version == shop.rollout.stable()
        assert "gift_wrap" == shop.ask(2, "do you wrap presents")[0]
        before, after = shop.vectors(1), shop.vectors(2)
        for name, vector in before.items():
            np.testing.assert_array_equal(vector, after[name], err_msg=name)
        for asked in ("where is my red order", "红色的鞋怎么退", "sing a blue song"):
            name, sure = shop.ask(1, asked)
            again, now = shop.ask(2, asked)
            assert name == again
            assert now == pytest.approx(sure, abs=0.25)

    def test_it_is_done_once_and_a_rollback_is_not_undone(self, refreshed):
        """Nothing to do the second time. Whoever goes back from it, means it."""
        assert refreshed.refresh().version is None

        refreshed.rollout.promote(1)
        came = refreshed.refresh()
        assert came.version is None
        assert "went back" in came.sentence
        assert 1 == refreshed.rollout.stable()

    def test_a_rollback_leads_to_the_weights_before(self, refreshed):
        """Not to the same weights with an older book."""
        from serving.errors import NothingToRollBack

        with pytest.raises(NothingToRollBack):
            refreshed.rollout.rollback()

    def test_an_edited_reply_is_read_anew(self, shop):
        """With the vector it has learned."""
        shop.book.put_replies([REPLIES[3]._replace(text="We are open all night.")], NOW)
        shop.refresh()

        before, after = shop.vectors(1), shop.vectors(2)
        assert not np.array_equal(before["hours"], after["hours"])
        np.testing.assert_array_equal(before["returns"], after["returns"])
        assert "hours" == shop.ask(2, "when do you open on red")[0]

    def test_a_successor_is_placed_by_the_questions_it_took_over(self, shop):
        """The superseded reply is gone from the version, and no training was waited for."""
        shop.book.put_questions(make_questions(), NOW)
        Supersessions(shop.database).supersede(
            "order_status", "hours", staff="mei", now=NOW + timedelta(minutes=1)
        )
        shop.refresh()

        assert "order_status" not in shop.vectors(2)
        assert "hours" == shop.ask(2, "where is my red order")[0]
        assert "hours" == shop.ask(2, "when do you open on red")[0]

    def test_a_new_product_is_recommended(self, shop):
        """The replies stay as they were."""
        import tensorflow as tf

        shop.catalogue.put_products([make_product(product_id="mug", title="Stoneware mug")], NOW)
        assert 2 == shop.refresh().version
        found = shop.loaded(2).signatures["recommend"](
            dialogue=tf.constant(["\x11a stoneware mug"])
        )
        assert b"mug" in found["product_id"].numpy()[0]

    def test_the_next_training_goes_on_from_it(self, refreshed):
        """Its lineage says where its weights are from, and whose book it holds."""
        from training.data.catalogue_snapshot import lineage
        from training.fitting.warm_start import read
        from training.model.config import DecoderConfig, ModelConfig

        about = lineage(refreshed.folder.path(2))

        assert (1, "gift_wrap" in about["reply_ids"]) == (about["refreshed_from"], True)
        decoder = DecoderConfig(**about["train"]["decoder"])
        weights = read(refreshed.folder.path(2), ModelConfig(**about["model"]), decoder)
        assert weights is not None
        assert weights.drafts is not None
        assert "gift_wrap" in weights.own
        card = (refreshed.folder.path(2) / "assets.extra" / "model_card.md").read_text()
        assert "the weights of version, unchanged | 1" in card
        run = Runs(refreshed.database).latest()
        assert run
        assert ("promoted", 2, 1, "reply book") == (
            run.state, run.version, run.parent_version, run.trigger,
        )  # fmt: skip

    def test_what_died_before_its_promotion_is_gone_on_with(self, shop):
        """The version that lies there is taken; no second one is made."""

        class Killed(BaseException):
            pass

        class Dying(Rollout):
            def renew(self, version, before):
                raise Killed

        shop.book.put_replies([WRAP], NOW)
        with pytest.raises(Killed):
            shop.refresh(rollout=Dying(shop.folder))
        assert 1 == shop.rollout.stable()

        assert 2 == shop.refresh().version
        assert [1, 2] == shop.folder.versions()

    def test_of_a_training_that_won_meanwhile_nothing_is_taken_back(self, shop):
        """A refresh of the former champion comes too late."""
        shop.book.put_replies([WRAP], NOW)

        class Late(Rollout):
            def renew(self, version, before):
                Rollout(self.folder).promote(self.folder.publish(copied, None))
                return super().renew(version, before)

        def copied(folder):
            source = shop.folder.path(1)
            shutil.copytree(source, folder, dirs_exist_ok=True)
            (folder / "complete.json").unlink()

        assert shop.refresh(rollout=Late(shop.folder)).version is None
        assert 3 == shop.rollout.stable()

    def test_a_version_of_an_older_program_says_that_it_takes_a_training(self, shop):
        """What it does not tell of itself can not be guessed."""
        import json

        from training.data.catalogue_snapshot import EXTRA, LINEAGE
        from training.jobs.earlier_version import CannotRefresh, read_before

        path = shop.folder.path(1) / EXTRA / LINEAGE
        about = json.loads(path.read_text())
        del about["calibration"]
        path.write_text(json.dumps(about))

        with pytest.raises(CannotRefresh, match="shopclerk retrain"):
            read_before(shop.folder.path(1))

"""Stories of tidying: what is old goes, in batches; what still tells something stays."""

from sqlmodel import select

from feedback.db.forwarders import Forwarders
from feedback.db.jobs import Runs
from feedback.db.model_requests import ModelRequests
from feedback.db.tables.runs import JobRun
from feedback.db.tables.sales import ReceivedDelivery
from feedback.privacy import prune as tidying
from feedback.privacy.prune import prune_old_rows
from tests.factories import NOW, days, hours, make_orders


class TestTidy:
    def test_old_repeats_and_jobs_go(self, database, monkeypatch):
        """
        Of each job the newest slot stays, however old: the schedule asks whether it ever ran.
        """
        monkeypatch.setattr(tidying, "BATCH", 2)
        orders, runs = make_orders(database), Runs(database)
        for day in (1, 31, 32, 33, 34, 35):
            orders.first_delivery("shopify", f"delivery-{day}", NOW - days(day))
        for job, age in (("retrain", 1), ("retrain", 200), ("yearly", 300), ("yearly", 665)):
            claim = runs.claim(job, NOW - days(age), "me", hours(1), NOW - days(age))
            assert claim
            runs.finish(claim, ok=True)
        for age in (1, 181):
            ModelRequests(database).ask(f"r{age}", "roll_back", "Mei", NOW - days(age))

        for age in (1, 8):
            Forwarders(database).note(f"10.0.0.{age}", NOW - days(age))

        gone = {"deliveries": 5, "jobs": 2, "forwarders": 1, "presence": 0, "model requests": 1}
        assert gone == prune_old_rows(database, NOW)
        assert dict.fromkeys(gone, 0) == prune_old_rows(database, NOW)

        with database.reading() as session:
            assert ["delivery-1"] == list(session.exec(select(ReceivedDelivery.delivery_id)).all())
            ages = sorted((NOW - slot).days for slot in session.exec(select(JobRun.slot)).all())
        assert [1, 300] == ages

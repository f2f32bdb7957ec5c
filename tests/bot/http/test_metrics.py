"""What Prometheus reads, and the request's name on its way to the model server."""

import pytest

from bot.http.metrics import MeteredRanker, Metrics
from feedback.db.errors import StoreUnreadable
from feedback.desk.gauges import read_gauges
from serving.client.tfserving import TFServingRanker
from serving.ranker import RankerUnavailable
from tests.bot.web_shop import open_shop
from tests.factories import NOW
from tests.serving.fakes import FakeRanker, ScriptedPrediction, serve


class TestMetrics:
    def test_the_store_is_read_when_prometheus_asks(self, one_database):
        """And not for each of two scrapes within five seconds."""
        asked = []

        def read():
            asked.append(1)
            return read_gauges(one_database, NOW)

        metrics = Metrics()
        metrics.watch_store(read)
        assert [] == asked

        text = metrics.text().decode() + metrics.text().decode()

        assert [1] == asked
        assert "shopclerk_store_up 1.0" in text
        assert "shopclerk_outbox_messages 0.0" in text

    def test_a_store_that_is_away_is_a_figure_too(self):
        """A scrape never fails: the rest of the figures is what one wants then."""

        def away():
            raise StoreUnreadable("db", "it is away", "")

        metrics = Metrics()
        metrics.watch_store(away)

        text = metrics.text().decode()

        assert "shopclerk_store_up 0.0" in text
        assert "shopclerk_outbox" not in text
        assert "process_resident_memory_bytes" in text

    def test_calls_of_the_model_are_counted_by_outcome(self):
        """Answered, or unavailable."""
        metrics = Metrics()
        well = MeteredRanker(FakeRanker(), metrics)
        away = MeteredRanker(FakeRanker(error=RankerUnavailable("away")), metrics)
        well.rank("hi", locale="en", label="stable")
        with pytest.raises(RankerUnavailable):
            away.rank("hi", locale="en", label="stable")

        text = metrics.text().decode()

        for outcome in ("answered", "unavailable"):
            line = f'shopclerk_model_calls_total{{label="stable",outcome="{outcome}"}} 1.0'
            assert line in text


class Noting(ScriptedPrediction):
    """Notes for which request it was asked."""

    asked_for: str | None = None

    def Predict(self, request, context):
        """As always."""
        self.asked_for = dict(context.invocation_metadata()).get("x-request-id")
        return super().Predict(request, context)


class TestRequestId:
    def test_it_goes_from_the_browser_to_the_model_server(self, one_database):
        """One name for one request in every log."""
        servicer = Noting()
        server, address = serve(servicer)
        model = TFServingRanker(address, timeout=10.0)
        shop = open_shop(one_database, ranker=model)
        with shop.visitor() as web:
            token = web.post("/api/chat/sessions", json={}).json()["token"]
            web.headers["Authorization"] = f"Bearer {token}"
            answer = web.post(
                "/api/chat/messages",
                json={"text": "can i return it", "client_id": "c1"},
                headers={"X-Request-ID": "from-the-widget-1"},
            )
        model.close()
        server.stop(None)

        assert 200 == answer.status_code
        assert "from-the-widget-1" == answer.headers["x-request-id"] == servicer.asked_for

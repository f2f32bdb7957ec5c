"""PostgreSQL under a shop: questions go by indexes; months of impressions are partitions."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, text
from sqlmodel import col, delete, select

from feedback.db.database import Database
from feedback.db.errors import StoreUnreadable
from feedback.db.tables.dialogues import Impression
from feedback.desk.gauges import read_gauges
from feedback.privacy.prune import prune_old_rows
from tests.bot.web_shop import open_shop
from tests.factories import (
    NOW,
    answer,
    days,
    make_store,
    open_dialogue,
    signals_of,
)
from tests.feedback.db.test_dump import digests, fill
from tests.feedback.world import report_of
from tests.scenarios.test_store_faults import send

pytestmark = pytest.mark.slow

PARTITION = Path(__file__).parents[2] / "deploy" / "postgresql" / "partition.sql"
GROWING = {
    "impression", "dialogueturn", "dialogue", "shopper", "exposure", "click", "rating", "review",
    "shop_order", "orderline", "refund", "delivery", "identity", "outboxmessage", "inboxevent",
}  # fmt: skip
# Once a night, of a table that holds thirty days: an index would cost every webhook more.
NIGHTLY = "SELECT delivery.source, delivery.delivery_id"


class Heard:
    """Every statement that a database was asked."""

    def __init__(self, database: Database) -> None:
        self.asked: dict[str, object] = {}
        event.listen(database.engine, "before_cursor_execute", self._hear)

    def _hear(self, _c, _cursor, statement, parameters, _context, many) -> None:
        if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE")) and not many:
            self.asked.setdefault(statement, parameters)


def scanned(database: Database, statement: str, parameters) -> set[str]:
    """The growing tables of which a statement reads every row though an index were free."""
    with database.engine.connect() as connection, connection.begin() as it:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar()
        it.rollback()
    found = set()

    def walk(node) -> None:
        if node["Node Type"] == "Seq Scan":
            found.add(node["Relation Name"])
        for child in node.get("Plans", ()):
            walk(child)

    assert plan is not None
    walk(plan[0]["Plan"])
    return found & GROWING


class TestIndexes:
    def test_nothing_a_shopper_or_the_staff_do_reads_a_whole_table(self, postgresql_database):
        """Each statement of a chat, its stream, webhooks, the desk and tidying is explained."""
        fill(postgresql_database)
        shop = open_shop(postgresql_database)
        heard = Heard(postgresql_database)
        with shop.visitor() as web:
            token = web.post("/api/chat/sessions", json={}).json()["token"]
            web.headers["Authorization"] = f"Bearer {token}"
            for number, said in enumerate(("return it", "where is my order 1001", "a person")):
                message = {"text": said, "client_id": f"c{number}"}
                reply = web.post("/api/chat/messages", json=message).json()["reply"]
            rating = {"impression_id": reply["impression_id"], "value": "up"}
            assert 200 == web.post("/api/chat/ratings", json=rating).status_code
            assert 200 == web.get("/api/chat/history").status_code
            assert "event: turn" in web.get("/api/chat/events").text
            send(web, "o-1")
            read_gauges(postgresql_database, NOW)
        shop.store.changed_since(NOW)
        prune_old_rows(postgresql_database, NOW)

        bad = {
            statement: tables
            for statement, parameters in heard.asked.items()
            if (tables := scanned(postgresql_database, statement, parameters))
            and not statement.startswith(NIGHTLY)
        }
        assert len(heard.asked) > 25
        assert {} == bad


class TestSearchPath:
    def test_everything_lies_in_the_schema_that_the_address_names(self, postgresql_url):
        """Tables, answers, report and restore; nothing in `public`."""
        with psycopg.connect(postgresql_url, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA shopdata")
        database = Database(f"{postgresql_url}&options=-csearch_path%3Dshopdata")
        database.migrate()
        store = make_store(database)
        answer(store, open_dialogue(store, now=NOW), now=NOW)
        report = report_of(database, shares={}, now=NOW + days(1))
        with database.reading() as session:
            limit = session.execute(text("SHOW statement_timeout")).scalar()
        database.close()

        with psycopg.connect(postgresql_url) as connection:
            found = connection.execute(
                "SELECT schemaname, count(*) FROM pg_tables"
                " WHERE schemaname IN ('public', 'shopdata') GROUP BY 1"
            ).fetchall()
        assert ["shopdata"] == [schema for schema, _ in found]
        assert 1 == report.dialogues[""].dialogues
        assert "30s" == limit

    def test_a_schema_that_is_not_there_is_named(self, postgresql_url):
        """In one line, with the remedy."""
        database = Database(f"{postgresql_url}&options=-csearch_path%3Dnowhere")
        with pytest.raises(StoreUnreadable, match="CREATE SCHEMA"):
            database.migrate()
        database.close()


class TestPartitions:
    def partition(self, database: Database) -> None:
        with database.long_transaction() as connection, connection.begin():
            connection.exec_driver_sql(PARTITION.read_text().replace("%", "%%"))

    def test_a_shop_goes_on_as_before(self, postgresql_database):
        """The same rows; answers, thumbs, clicks, verdicts and erasure work on them."""
        fill(postgresql_database)
        before = digests(postgresql_database)

        self.partition(postgresql_database)
        self.partition(postgresql_database)  # again: nothing but the months to come

        assert before == digests(postgresql_database)
        store = make_store(postgresql_database)
        shown = answer(store, open_dialogue(store)).impression
        signals_of(store).rate(impression_id=shown.impression_id, voter="anna", value="up", now=NOW)
        signals_of(store).record_click(
            click_id="k", impression_id=shown.impression_id, kind="product", target="mug", now=NOW
        )
        signals_of(store).review(
            review_id="r", impression_id=shown.impression_id, staff="Ann", verdict="approved",
            now=NOW,
        )  # fmt: skip
        assert store.impression(shown.impression_id) is not None
        with postgresql_database.transaction() as session:
            session.execute(delete(Impression).where(col(Impression.shopper_id) == "champion-0"))

    def test_a_month_is_found_and_dropped_by_itself(self, postgresql_database):
        """A question about some days reads their month alone."""
        fill(postgresql_database)
        self.partition(postgresql_database)
        asked = (
            "SELECT count(*) FROM impression WHERE shown_at >="
            f" {int(NOW.timestamp()) * 10**6} AND shown_at < {int(NOW.timestamp() + 60) * 10**6}"
        )
        with postgresql_database.long_transaction() as connection, connection.begin():
            plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {asked}").scalars())
            month = f"impression_{NOW:%Y_%m}"
            assert month in plan
            assert 1 == plan.count("Scan") - plan.count("Bitmap Index Scan")
            older = (NOW - days(28)).strftime("impression_%Y_%m")
            connection.exec_driver_sql(f"DROP TABLE {older}")
        with postgresql_database.reading() as session:
            left = session.exec(select(Impression.shown_at)).all()
        assert left
        assert all(f"impression_{shown:%Y_%m}" != older for shown in left) or older == month

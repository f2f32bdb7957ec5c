"""S9: two hundred planted values; after everything ran, only the dialogues themselves hold them."""

import json
import random
from typing import Any

import pytest
from sqlmodel import col, update

from feedback.db.period import Period
from feedback.db.tables.signals import Rating
from feedback.desk.audit import Audit
from feedback.experiments.dialogue_outcomes import outcomes_csv, read_outcomes
from feedback.report.text import report_text
from feedback.signals.examples import collect
from tests.bot.desk.test_pages import csrf, log_in
from tests.bot.shops.test_webhook import GENERIC, report
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop, open_shop
from tests.factories import days
from tests.feedback.world import report_of
from tests.hostile.openapi import OPEN

PLANTED = 200


def planted(number: int = PLANTED) -> dict[str, str]:
    """Values nobody has, each with a sentence that people say it in."""
    rng = random.Random(9)
    made: dict[str, str] = {}
    while len(made) < number:
        tag = f"{rng.randrange(10**6):06}"
        phone = f"+1 415 555 {rng.randrange(10**4):04}"
        mobile = f"139{rng.randrange(10**8):08}"
        card = with_luhn("4" + "".join(str(rng.randrange(10)) for _ in range(14)))
        ip = ".".join(str(rng.randrange(11, 250)) for _ in range(4))
        for value, sentence in (
            (f"anna{tag}@home{tag}.example", "can i return it, my mail is {}"),
            (phone, "return it please, call {}"),
            (mobile, "return 我的电话 {}"),
            (card, "return it to my card {}"),
            (ip, "i return from {}"),
            (f"8{tag}7", "return my order number {}"),
            (f"Xq{tag[:1]}anna Zw{tag}", "return it, my name is {}"),
            (f"{tag[:4]} Quillmere{tag} Street", "return it to {}"),
        ):
            made[value] = sentence.format(value)
    return dict(list(made.items())[:number])


def with_luhn(digits: str) -> str:
    total = 0
    for place, char in enumerate(reversed(digits)):
        digit = int(char) * (1 if place % 2 else 2)
        total += digit - 9 if digit > 9 else digit
    return digits + str(-total % 10)


@pytest.fixture
def shop(one_database: Any) -> Shop:
    return open_shop(one_database, **OPEN)


def live(shop: Shop, web: Visitor) -> str:
    """Say each value in every place a shopper, a shop and the staff have; what was told back."""
    told = []
    values = planted()
    for number, (value, sentence) in enumerate(values.items()):
        if number % 4 == 0:
            begun = web.post(
                "/api/chat/sessions", json={"page": f"http://shop.test/?q={value}"},
                headers={"Authorization": ""},
            ).json()  # fmt: skip
            web.headers["Authorization"] = f"Bearer {begun['token']}"
        sent = {"text": sentence, "client_id": f"c{number}", "page": f"http://shop.test/{value}"}
        answer = web.post("/api/chat/messages", json=sent)
        reply = answer.json()["reply"]
        if reply:
            vote = {
                "impression_id": reply["impression_id"],
                "value": "up" if number % 40 else "down",
            }
            told.append(web.post("/api/chat/ratings", json={**vote, "comment": sentence}))
        report(
            web, {**GENERIC, "order_id": f"77{number}", "email": f"buyer{number}@{number}.example"}
        )
    told.append(
        web.post("/api/chat/messages", json={"text": next(iter(values)) * 200, "client_id": "x"})
    )
    told.append(web.post("/webhooks/orders", content=json.dumps(list(values)).encode()))
    log_in(web)
    web.post("/desk/dialogues/none/send", data={"text": next(iter(values)), "csrf": csrf(web)})
    return web.get("/metrics").text


class TestS09PersonalData:
    def test_nothing_planted_leaves_the_dialogues(
        self, shop: Shop, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Not in logs, metrics, the report in any form, training examples, CSV or the audit log."""
        now = shop.clock() + days(1)
        with shop.visitor() as web:
            metrics = live(shop, web)
        database = shop.orders.db
        with database.transaction() as session:
            # From one address so many thumbs would be set aside: they come from as many.
            session.execute(update(Rating).values(origin=col(Rating.impression_id)))
        built = report_of(database, name="web-tests", shares={"champion": 1.0}, now=now)
        examples = collect(database, now=now)
        where: dict[str, str] = {
            "metrics": metrics,
            "report": json.dumps(built.to_json()) + report_text(built),
            "examples": str(examples),
            "csv": "".join(outcomes_csv(read_outcomes(database, Period(None, now), [], {}))),
            "audit": str(Audit(database).newest(10_000)),
        }
        logged = capsys.readouterr()
        where["logs"] = logged.out + logged.err

        values = [*planted(), *(f"buyer{n}@{n}.example" for n in range(PLANTED))]
        leaks = [
            (place, value) for place, text in where.items() for value in values if value in text
        ]

        assert [] == leaks
        assert len(examples) >= 3  # what shoppers alone may teach of one topic
        assert "request.answered" in where["logs"]

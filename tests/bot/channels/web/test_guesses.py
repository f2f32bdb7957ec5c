"""Stories of a stranger who guesses at an order."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from bot.languages.registry import phrases_in
from tests.bot.shops.test_webhook import GENERIC, report
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop

AT_ONCE = 12
FREE_TRIES = 5


class TestManyAtOnce:
    def test_are_as_few_as_one_after_the_other(self, shop: Shop, web: Visitor) -> None:
        """Each in a dialogue of its own, sent together from one address."""
        report(web, GENERIC)
        together = Barrier(AT_ONCE)
        begun = [web.post("/api/chat/sessions", json={}).json()["token"] for _ in range(AT_ONCE)]

        def guess(number: int) -> str:
            together.wait()
            return said(web, begun[number], f"where is order 1001, my mail is guess{number}@x.org")

        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = Counter(pool.map(guess, range(AT_ONCE)))

        assert FREE_TRIES == answers[phrases_in("en").not_found]


def said(web: Visitor, token: str, text: str) -> str:
    """The clerk's answer in the dialogue of `token`."""
    asked = {"text": text, "client_id": token[-20:]}
    answer = web.post(
        "/api/chat/messages", json=asked, headers={"Authorization": f"Bearer {token}"}
    )
    return str(answer.json()["reply"]["text"])

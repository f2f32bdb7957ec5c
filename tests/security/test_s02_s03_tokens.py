"""S2: a token is its shopper's alone, for a day, on one site. S3: nobody reads another's chat."""

from typing import Any

import pytest

from bot.tokens import Tokens
from tests.bot.channels.web.test_event_stream import ask, read
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Clock, Shop, open_shop

HISTORY = "/api/chat/history"


def as_(token: str, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", **headers}


class TestS02Tokens:
    def test_every_changed_character_is_noticed(self, web: Visitor, session: dict) -> None:
        """Each place of the token in turn."""
        token = session["token"]
        spoilt = [
            token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
            for at in range(len(token) - 1)  # the last character has bits that mean nothing
        ]

        said = {web.get(HISTORY, headers=as_(one)).status_code for one in spoilt}

        assert {401} == said

    def test_another_shops_token_an_expired_one_and_another_purpose_are_refused(
        self, shop: Shop, web: Visitor, session: dict
    ) -> None:
        """Though each is well formed."""
        theirs = Tokens("the secret of another shop", clock=shop.clock)
        tokens = [
            theirs.session(session["shopper_id"], session["dialogue_id"], ""),
            shop.tokens.click(session["shopper_id"], session["dialogue_id"], ""),
            shop.tokens.shopper(session["shopper_id"]),
            "null", "e30.e30.e30", "x" * 5_000,
        ]  # fmt: skip
        said = {web.get(HISTORY, headers=as_(one)).status_code for one in tokens}
        assert 200 == web.get(HISTORY).status_code  # and remembered as checked
        shop.clock.pass_by(hours=24)

        assert ({401}, 401) == (said, web.get(HISTORY).status_code)

    def test_a_token_of_one_site_is_refused_on_another(self, one_database: Any) -> None:
        """Both may embed the chat; a third may not at all."""
        sites = ("https://one.example", "https://two.example")
        shop = open_shop(one_database, allowed_origins=sites)
        with shop.visitor() as web:
            origin = {"Origin": sites[0]}
            token = web.post("/api/chat/sessions", json={}, headers=origin).json()["token"]
            said = [
                web.get(HISTORY, headers=as_(token, Origin=site)).status_code
                for site in (*sites, "https://evil.example", "null")
            ]

        assert [200, 403, 403, 403] == said

    def test_a_new_key_logs_nobody_out_and_an_old_one_taken_away_does(self) -> None:
        """The last key signs, all of them verify."""
        clock = Clock()
        old, both = Tokens("old", clock=clock), Tokens(["old", "new"], clock=clock)
        token = old.session("s", "d", "")

        assert "s" == both.read_session(token).shopper_id
        with pytest.raises(Exception, match="not one of ours"):
            Tokens("new", clock=clock).read_session(token)


class TestS03OthersChats:
    def test_walking_numbers_and_ids_shows_nothing_of_others(
        self, web: Visitor, session: dict
    ) -> None:
        """By events, history, ratings and a repeated client_id."""
        said = ask(web, "can i return my secret plinth", "c1")
        other = web.post("/api/chat/sessions", json={}, headers={"Authorization": ""}).json()
        web.headers["Authorization"] = f"Bearer {other['token']}"

        told = [str(event) for after in range(5) for event in read(web, str(after))]
        told.append(web.get(HISTORY).text)
        told.append(str(ask(web, "hello", "c1")))
        rating = {"impression_id": said["reply"]["impression_id"], "value": "down"}

        assert not any("secret plinth" in one for one in told)
        assert 403 == web.post("/api/chat/ratings", json=rating).status_code

    @pytest.mark.parametrize("after", ["-1", "0", "1e9", "9" * 30, "x", "0x1", "٣"])
    def test_no_event_id_opens_another_dialogue(
        self, web: Visitor, session: dict, after: str
    ) -> None:
        """It is a number within one's own dialogue, or it is refused."""
        ask(web, "mine alone", "c1")
        other = web.post("/api/chat/sessions", json={}, headers={"Authorization": ""}).json()
        headers = [
            (b"Authorization", f"Bearer {other['token']}".encode()),
            (b"Last-Event-ID", after.encode()),
        ]

        assert "mine alone" not in web.get("/api/chat/events", headers=headers).text

"""Pictures and documents in the web chat: sent, seen by who may, refused with a word."""

from typing import Any

import pytest

from feedback.files.virus_scan import VirusScan
from tests.bot.visitor import Visitor
from tests.bot.web_shop import PASSWORD, PUBLIC_URL, Shop, open_shop
from tests.feedback.files.pictures import PDF, opened, photo


def upload(web: Visitor, content: bytes = b"", name: str = "cup.jpg") -> Any:
    """Send a file to the chat."""
    return web.post("/api/chat/files", params={"name": name}, content=content or photo())


def send(web: Visitor, text: str, *file_ids: str, client_id: str = "m1") -> Any:
    """Send a message with files."""
    said = {"text": text, "client_id": client_id, "files": list(file_ids)}
    return web.post("/api/chat/messages", json=said)


def here(address: str) -> str:
    return address.removeprefix(PUBLIC_URL)


@pytest.mark.usefixtures("session")
class TestShopper:
    def test_a_picture_is_sent_to_a_person(self, web):
        """
        Whatever was written with it, a person looks at it; the history shows it again.
        """
        file = upload(web).json()
        answer = send(web, "it arrived broken, can i return it", file["file_id"]).json()

        line = web.get("/api/chat/history").json()["lines"][0]
        assert ("handover", "waiting") == (answer["reply"]["kind"], answer["state"])
        assert ["cup.jpg"] == [one["name"] for one in line["files"]]
        assert "it arrived broken, can i return it" == line["text"]

    def test_the_same_message_again_is_one(self, web):
        """
        A repeat of the message gets the first answer, and the file stays with it.
        """
        file = upload(web).json()["file_id"]

        assert send(web, "look", file).json() == send(web, "look", file).json()

    def test_its_address_opens_it(self, web, shop: Shop):
        """
        Whoever has the address sees the picture, which no page runs and no other keeps.
        """
        file = upload(web).json()
        with shop.visitor() as stranger:
            seen = stranger.get(here(file["thumbnail_url"]))

        assert "JPEG" == opened(seen.content).format
        assert "private, max-age=3600" == seen.headers["cache-control"]
        assert "sandbox" in seen.headers["content-security-policy"]
        assert "cross-origin" == seen.headers["cross-origin-resource-policy"]

    def test_a_pdf_is_a_download(self, web):
        """
        A browser saves it under a plain name; it has no thumbnail.
        """
        file = upload(web, PDF, "my bill\r\nX: y.pdf").json()

        assert (
            'attachment; filename="file.pdf"'
            == (web.get(here(file["url"])).headers["content-disposition"])
        )
        assert (None, "my billX: y.pdf") == (file["thumbnail_url"], file["name"])

    def test_an_address_ends_after_a_day(self, web, shop: Shop):
        """
        An old address, or one that was changed, opens nothing.
        """
        url = here(upload(web).json()["url"])
        shop.clock.pass_by(hours=25)

        assert (404, 404) == (web.get(url).status_code, web.get(url[:-3]).status_code)

    @pytest.mark.parametrize(
        ("content", "status", "kind"),
        [
            (b"<svg/>", 415, "file-kind"),
            (photo()[:-200], 422, "file-broken"),
            (PDF + bytes(10_000_000), 413, "too-large"),
            (bytes(10_200_000), 413, "too-large"),
        ],
    )
    def test_a_bad_one_gets_a_clear_word(self, web, content, status, kind):
        """
        The refusal says what is wrong and what to send instead.
        """
        refused = upload(web, content)

        assert (status, f"/api/docs#{kind}") == (refused.status_code, refused.json()["type"])
        assert len(refused.json()["detail"]) > 20

    def test_somebody_elses_file_is_not_sent(self, web, shop: Shop):
        """
        An id from another dialogue, or a made-up one, is refused.
        """
        with shop.visitor() as other:
            begun = other.post("/api/chat/sessions", json={}).json()
            other.headers["Authorization"] = f"Bearer {begun['token']}"
            theirs = upload(other).json()["file_id"]

        assert (404, 404) == (send(web, "x", theirs).status_code, send(web, "x", "f").status_code)

    def test_nobody_without_a_session_sends_one(self, shop: Shop):
        """
        An upload needs the session's token.
        """
        with shop.visitor() as stranger:
            assert 401 == upload(stranger).status_code


class TestScanned:
    def test_an_infected_file_is_refused(self, one_database):
        """
        With a scanner set, the shopper is told and the file is not kept.
        """
        shop = open_shop(one_database, scan_file=VirusScan("false"))
        with shop.visitor() as web:
            token = web.post("/api/chat/sessions", json={}).json()["token"]
            web.headers["Authorization"] = f"Bearer {token}"

            assert "/api/docs#file-unsafe" == upload(web).json()["type"]


class TestStaff:
    def test_the_staff_see_it_and_send_one_back(self, web, session, shop: Shop):
        """
        A colleague sees the picture in the talk, and the shopper sees theirs in the chat.
        """
        send(web, "look at this", upload(web).json()["file_id"])
        with shop.visitor() as desk:
            page = log_in(desk, session["dialogue_id"])
            seen = desk.get(page.split('class="file" href="')[1].split('"')[0])
            sent = desk.post(
                f"/desk/dialogues/{session['dialogue_id']}/files",
                data={"csrf": page.split('name="csrf" value="')[1].split('"')[0]},
                files={"file": ("label.pdf", PDF)},
            )

        line = web.get("/api/chat/history").json()["lines"][-1]
        assert ("JPEG", 303) == (opened(seen.content).format, sent.status_code)
        assert ("staff", "label.pdf", ["label.pdf"]) == (
            line["speaker"],
            line["text"],
            [one["name"] for one in line["files"]],
        )

    def test_a_form_from_elsewhere_sends_nothing(self, web, session, shop: Shop):
        """
        Without the form's own token a file is refused.
        """
        with shop.visitor() as desk:
            log_in(desk)
            address = f"/desk/dialogues/{session['dialogue_id']}/files"
            sent = desk.post(address, files={"file": ("label.pdf", PDF)})

        assert 403 == sent.status_code


def log_in(desk: Visitor, dialogue_id: str = "") -> str:
    """Log in; the page of a dialogue."""
    desk.post("/desk/login", data={"password": PASSWORD})
    return desk.get("/desk", params={"dialogue": dialogue_id}).text

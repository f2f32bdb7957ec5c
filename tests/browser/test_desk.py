"""The desk in a browser: conversations side by side, and forms that are refused."""

from typing import Any

import pytest

from tests.browser.conftest import NewPage
from tests.browser.test_journey import ask, open_chat
from tests.chromium import PHONE

pytestmark = pytest.mark.slow


def logged_in(page: Any) -> Any:
    page.goto("/desk/login")
    page.get_by_label("Your name").fill("Mei")
    page.get_by_label("Password").fill("open sesame")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log out").wait_for()
    return page


class TestConversations:
    def test_a_reply_of_the_book_is_found_by_a_slash_and_reaches_the_shopper(
        self, new_page: NewPage
    ) -> None:
        """Chosen from the list, with the shopper's newest words; the talk goes on by itself."""
        shopper, desk = new_page(), logged_in(new_page())
        shopper.goto("/")
        open_chat(shopper)
        ask(shopper, "my kettle came without its lid")
        shopper.get_by_role("button", name="Talk to a person").click()
        shopper.get_by_text("A person will answer you here.").wait_for()

        desk.goto("/desk?list=unassigned")
        desk.locator(".line").last.click()
        desk.get_by_text("my kettle came without its lid").first.wait_for()
        answer = desk.get_by_label("Your own answer")
        answer.fill("/return reaches us")
        desk.locator(".canned button").first.click()
        chosen = answer.input_value()
        desk.get_by_role("button", name="Send my answer").click()

        shopper.get_by_text(chosen[:60]).last.wait_for()
        desk.locator("#turns .staff").get_by_text(chosen[:60]).wait_for()
        assert "{" not in chosen

    def test_on_a_phone_list_and_talk_come_one_after_the_other(self, new_page: NewPage) -> None:
        """And nothing is wider than the screen."""
        desk = logged_in(new_page(viewport=PHONE))
        desk.goto("/desk?list=open")
        desk.locator(".line").first.click()
        desk.locator("#turns").wait_for()

        assert not desk.locator(".desk-list").is_visible()
        assert desk.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        desk.get_by_role("link", name="All conversations").click()
        desk.locator(".desk-list").wait_for()


class TestTablesOnAPhone:
    def test_what_is_written_in_a_row_has_room(self, new_page: NewPage) -> None:
        """A fact's field holds some words beside a button one can read; no page is too wide."""
        desk = logged_in(new_page(viewport=PHONE))
        desk.goto("/desk/facts")
        field = desk.locator("input[name=value][lang=en]").first.bounding_box()
        button = desk.get_by_role("button", name="Save").first.bounding_box()

        assert field["width"] > 120
        assert button["width"] > button["height"]
        assert desk.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


class TestForms:
    def test_a_refused_form_keeps_what_was_written_and_says_why(self, new_page: NewPage) -> None:
        """Beside the field that the reason names."""
        desk = logged_in(new_page())
        desk.goto("/desk/replies")
        desk.get_by_text("Write a reply").click()
        desk.get_by_label("Name", exact=True).fill("lid_missing")
        text = desk.get_by_label("Text").first
        text.fill("We send you a new lid by {order.foo}.")
        desk.get_by_role("button", name="Put it into the book").click()

        desk.get_by_role("alert").get_by_text("Nothing fills {order.foo}").wait_for()
        assert "We send you a new lid by {order.foo}." == text.input_value()
        text.fill("We send you a new lid at once.")
        desk.get_by_role("button", name="Put it into the book").click()
        desk.get_by_text("We send you a new lid at once.").first.wait_for()


class TestNewWaits:
    def test_a_colleague_who_wishes_it_hears_and_reads_of_a_new_wait(
        self, new_page: NewPage
    ) -> None:
        """Once, on whichever page; what waited before is nothing new. The sound rests between."""
        desk = new_page()
        desk.context.grant_permissions(["notifications"])
        desk.add_init_script(RECORD_ALERTS)
        logged_in(desk)
        desk.goto("/desk/replies")
        desk.get_by_role("button", name="Alerts off").click()
        desk.get_by_role("button", name="Alerts on").wait_for()
        desk.wait_for_function("() => localStorage.getItem('shopclerk_desk_newest') !== null")
        desk.wait_for_function("() => window.tones === 2")  # of the button itself
        before = desk.evaluate("window.notified.length")

        shopper = new_page()
        shopper.goto("/")
        open_chat(shopper)
        shopper.get_by_role("button", name="Talk to a person").click()
        shopper.get_by_text("A person will answer you here.").wait_for()
        desk.wait_for_function("() => window.notified.length > 0")

        desk.wait_for_function("() => window.tones >= 4")
        desk.wait_for_function("() => window.sounds[0].state === 'suspended'")

        assert 0 == before
        assert ["A shopper waits for a person"] == desk.evaluate("window.notified")
        assert [4, 1] == desk.evaluate("[window.tones, window.sounds.length]")
        assert desk.title().startswith("(")


# The browser's own notifications and tones, written down as they go out.
RECORD_ALERTS = """
window.notified = [];
window.tones = 0;
window.Notification = class extends Notification {
  constructor(title, options) { super(title, options); window.notified.push(title); }
};
window.sounds = [];
window.AudioContext = class extends AudioContext {
  constructor() { super(); window.sounds.push(this); }
};
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) { window.tones += 1; start.apply(this, at); };
"""

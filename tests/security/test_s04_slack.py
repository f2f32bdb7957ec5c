"""S4: what customers write arrives in Slack as text: it calls nobody and hides no address."""

import json

import pytest

from bot.channels.slack.audit_lines import deed_of
from bot.channels.slack.messages import Press
from bot.channels.slack.text import escape, escape_within, split_escaped
from feedback.db.tables.desk import InboxEvent
from tests.bot.channels.slack.test_blocks import answer, drawn
from tests.factories import NOW

HOSTILE = [
    "<!channel>", "<!here|here>", "<!everyone>", "<@U0STAFF>", "<#C0DESK>", "<!subteam^S1>",
    "<https://evil.example|Refund>", "<mailto:x@evil.example|mail us>", "&lt;!channel&gt;",
    "&amp;lt;!channel&amp;gt;", "<!date^0^{date}^https://evil.example|now>", "<<!channel>>",
]  # fmt: skip


class TestS04Slack:
    @pytest.mark.parametrize("said", HOSTILE)
    def test_markup_of_customers_is_text(self, said: str) -> None:
        """In whole, cut and split texts alike."""
        for escaped in (escape(said), escape_within(said * 9, 40), *split_escaped(said * 9, 30)):
            assert "<" not in escaped
            assert ">" not in escaped
            assert "&" not in escaped.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")

    @pytest.mark.parametrize("said", HOSTILE)
    def test_an_answer_that_repeats_it_calls_nobody(self, said: str) -> None:
        """Buttons carry ids only, so that nothing in them needs believing."""
        post = drawn(answer(text=said))

        assert said not in json.dumps(post.blocks, ensure_ascii=False) or "<" not in said
        values = [e.get("value", "") for b in post.blocks for e in b.get("elements", [])]
        assert all(len(value) < 100 and "http" not in value for value in values)


def event(kind: str, body: dict) -> InboxEvent:
    return InboxEvent(
        event_key="k", kind=kind, lane="l", sort="", body=body, due_at=NOW, received_at=NOW
    )


class TestS04Audit:
    @pytest.mark.parametrize(
        ("action_id", "noted"),
        [
            ("desk_send_2", "slack.desk_send"),
            ("desk_take_over", "slack.desk_take_over"),
            ("review_approve_3", "slack.review_approve"),
            ("home_promote", "slack.home_promote"),
            ("home_refresh", None),
            ("thumbs_up", None),
            ("choice_1", None),
        ],
    )
    def test_what_the_staff_press_is_noted(self, action_id: str, noted: str | None) -> None:
        """Shoppers' presses and mere looks are not."""
        press = Press("T", "C", "1.1", "U7", "card-1", "words", action_id=action_id)

        deed = deed_of(event("action", press._asdict()))

        assert (deed.action if deed else None) == noted
        assert deed is None or ("slack:U7", "card-1") == (deed.actor, deed.subject)

    def test_submitted_words_are_not_noted(self) -> None:
        """Who sent, about which card; not what."""
        body = {"callback_id": "edit_modal", "user": "U7", "card_id": "c", "text": "my words"}

        deed = deed_of(event("submission", body))

        assert deed is not None
        assert "my words" not in str(deed)

"""Which of Slack's events are a person's word to the clerk."""

import pytest

from bot.channels.slack.messages import Edit, Message, read_edit, read_message, read_press


def event(**changes):
    given = {
        "type": "message",
        "user": "U1",
        "ts": "1.1",
        "channel": "C1",
        "channel_type": "channel",
        "text": "hi",
    }
    return {"team_id": "T1", "event": {**given, **changes}}


class TestMessages:
    def test_a_mention_is_addressed(self):
        """It opens a thread of its own."""
        body = event(type="app_mention", text="<@UBOT> where is it", channel_type=None)

        assert Message("T1", "C1", "1.1", "1.1", "U1", "where is it", True) == read_message(
            body, "UBOT"
        )

    def test_a_direct_message_is_addressed(self):
        """With or without a mention; in its thread if it is in one."""
        body = event(channel="D1", channel_type="im", thread_ts="1.0", text="<@UBOT> hi")

        assert Message("T1", "D1", "1.0", "1.1", "U1", "hi", True) == read_message(body, "UBOT")

    def test_a_message_in_a_thread_may_be_a_follow_up(self):
        """Whose dialogue it is, the store tells."""
        follow_up = read_message(event(thread_ts="1.0"), "UBOT")

        assert follow_up is not None
        assert not follow_up.addressed

    @pytest.mark.parametrize(
        "changes",
        [
            {"bot_id": "B1"},
            {"user": "UBOT"},
            {"user": None},
            {"subtype": "message_changed"},
            {"subtype": "message_deleted"},
            {"subtype": "channel_join"},
            {"subtype": "bot_message"},
            {"edited": {"user": "U1", "ts": "1.2"}},
            {"hidden": True},
            {"text": "<@UBOT> hi"},
            {"type": "app_mention", "channel": "D1", "text": "<@UBOT> hi"},
        ],
    )
    def test_everything_else_is_not(self, changes):
        """Bots, edits, joins, and the message that a mention repeats."""
        assert read_message(event(**changes), "UBOT") is None

    def test_an_empty_payload_is_nothing(self):
        """No key is taken for granted."""
        assert read_message({}, "UBOT") is None
        assert read_message({"event": {"type": "message"}}, "UBOT") is None

    def test_a_file_without_words_has_an_empty_text(self):
        """The clerk says that it read nothing."""
        message = read_message(event(subtype="file_share", text=None), "UBOT")

        assert message is not None
        assert message.text == ""


def changed(before, after):
    message = {"user": "U1", "ts": "1.1", "text": after}
    return event(
        subtype="message_changed",
        message=message,
        previous_message={**message, "text": before},
        event_ts="2.1",
    )


class TestEdits:
    def test_other_words_are_an_edit(self):
        """As they are read: without the mention."""
        body = changed("<@UBOT> order 1001", "<@UBOT> order 1010")

        assert Edit("T1", "C1", "1.1", "1.1", "U1", "order 1010", False, "2.1") == read_edit(
            body, "UBOT"
        )

    @pytest.mark.parametrize(
        "after", ["order 1001", "*order* _1001_", "<@UBOT> order 1001 <@U2>", "order 1001\n"]
    )
    def test_the_same_words_are_none(self, after):
        """A link's preview, bold letters and mentions change nothing that is read."""
        assert read_edit(changed("order 1001", after), "UBOT") is None


class TestPresses:
    body = {  # noqa: RUF012 (never changed)
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "message": {"ts": "1.2", "thread_ts": "1.1"},
        "actions": [{"action_id": "thumbs_up", "value": "i1 up"}],
    }

    def test_reads_who_pressed_what_where(self):
        """The value names the impression."""
        press = read_press(self.body)

        assert press is not None
        assert ("T1", "C1", "1.1", "U1", "i1", "up") == press[:6]
        assert ("thumbs_up", "1.2") == (press.action_id, press.message_ts)

    def test_a_button_of_a_whisper_is_named_by_its_container(self):
        """Slack does not send a message along that only one person sees."""
        container = {"type": "message", "message_ts": "1.3", "channel_id": "C1", "thread_ts": "1.1"}
        press = read_press({**self.body, "message": None, "container": container})

        assert press is not None
        assert ("C1", "1.1", "1.3") == (press.channel, press.thread_ts, press.message_ts)

    @pytest.mark.parametrize("missing", ["user", "channel", "message", "actions"])
    def test_a_payload_that_is_no_press_is_nothing(self, missing):
        """As of a button in a modal."""
        assert read_press({**self.body, missing: None}) is None

"""The weekly report and retraining's news, posted to a real channel of the peer."""

import urllib.request
from datetime import timedelta

import pytest

from bot.channels.slack.block_rules import broken_rules
from bot.channels.slack.messages import Posted
from bot.channels.slack.notices import post_retrained, post_trial
from bot.channels.slack.posting import NotPosted, sync_client
from bot.channels.slack.report import ReportPost, post_report, report_posts, rich_blocks
from bot.channels.slack.report_chart import report_chart
from bot.channels.slack.report_news import news_blocks, news_of, news_text, staff_lines
from feedback.desk.answer_times import AnswerTimes, StaffAnswers
from feedback.experiments.results import Arm
from feedback.report.parts import Behaviour, ModelChange, Topic
from feedback.report.sentences import ledger_line
from feedback.report.strings import words_in
from feedback.report.text import report_text
from feedback.report.unanswered import Unanswered
from tests.factories import NOW
from tests.feedback.report.test_text import make_report
from tests.slack_peer import BOT_TOKEN, REPORTS, SlackPeer, text_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
TEXT = """Not enough data yet to say what the clerk adds: about 7 weeks more.
2026-11-16 to 2026-11-23

Measure   Holdout  Champion
CVR       3.10 %   3.30 %
Intervals stay valid though they are looked at every week.

Attributed, not caused: 12 orders <!channel>.

To do
- Keep going.
"""

REPORT = make_report(
    model_changes=(ModelChange("2026-11-22", "promoted", 5, 4, 1_234, 400, 0.835, 0.81),),
    behaviour=Behaviour(
        topics=(
            Topic("parcel, where", 40, 10, 2, 1, "where is my parcel"),
            Topic("退货", 12, 11, 0, 0, "可以退货吗"),
            Topic("quiet", 0, 9, 0, 0, "gone by now"),
        )
    ),
)


class TestChart:
    def test_shows_the_conversion_of_each_arm(self):
        """In per cent, within Slack's rules."""
        chart = report_chart(REPORT, words_in("en")) or {}

        assert [] == broken_rules([chart], "message")
        points = [each["value"] for each in chart["chart"]["series"][0]["data"]]
        assert [10.0, 11.0] == points

    def test_is_none_where_nothing_is_compared(self):
        """As before the first shopper of the holdout."""
        alone = make_report(arms={"champion": Arm(10)})

        assert report_chart(alone, words_in("en")) is None

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"title": "x" * 51}, "title: 51 characters"),
            ({"chart": {"type": "pie"}}, "a chart of type pie"),
            ({"chart": {"type": "bar"}}, "0 series, 1 to 6"),
        ],
    )
    def test_one_that_slack_would_refuse_is_known_before(self, change, told):
        """By its documented limits."""
        broken = {**(report_chart(REPORT, words_in("en")) or {}), **change}

        assert any(told in rule for rule in broken_rules([broken], "message"))


class TestPeriod:
    def test_each_figure_s_is_named_in_the_shops_time_zone(self):
        """The week's on top; above the table that it counts since the experiment began."""
        week = make_report(since=NOW - timedelta(days=7), zone="Europe/Berlin")
        blocks = rich_blocks(week, report_text(week, "en"), "en")
        kinds = [block["type"] for block in blocks]
        named = [block["elements"][0]["text"] for block in blocks if block["type"] == "context"]

        assert (
            "From 2026-11-17 13:00 Europe/Berlin up to 2026-11-24 13:00 Europe/Berlin." == named[0]
        )
        assert named[1].endswith("the comparison counts everybody since the experiment began.")
        assert kinds.index("table") == len(kinds) - 1
        assert "context" == kinds[-2]


class TestStaffAnswers:
    def test_say_how_soon_the_team_answered(self):
        """Against its targets, with reminders and what was told to the channel."""
        first = AnswerTimes(40, timedelta(minutes=12), 36, timedelta(minutes=30))
        staff = StaffAnswers(first, None, 3, 5, 2)

        assert (
            "first answers: 40, half of them within 12 min, 90% in time (target 30 min)",
            "closed without an answer: 3",
            "reminders: 5, told to the channel: 2",
        ) == staff_lines(staff, words_in("en"))
        assert 3 == len(staff_lines(staff, words_in("zh")))

    def test_stand_in_the_weekly_message(self):
        """Behind what changed in the model."""
        news = news_of(REPORT, [], "en", StaffAnswers(None, None, 1, 0, 0))

        assert "Answers of your team" in str(news_blocks(news, "en"))
        assert "closed without an answer: 1" in news_text(news, "en")


class TestDrawing:
    def test_the_verdict_comes_first_then_the_table_then_the_thread(self):
        """The fallback says the same as the blocks."""
        summary, details = report_posts(TEXT)

        assert summary.blocks[0]["text"]["text"].startswith("*Not enough data yet")
        assert summary.blocks[2]["text"]["text"].startswith("```\nMeasure   Holdout  Champion\n")
        assert "CVR       3.10 %" in summary.text
        assert details is not None
        assert "12 orders &lt;!channel&gt;." in details.text

    def test_a_lone_sentence_has_no_thread(self):
        """There is nothing more to say."""
        summary, details = report_posts("Nothing happened.\n")

        assert ("Nothing happened.", None) == (summary.text, details)
        assert 1 == len(summary.blocks)

    def test_a_long_table_is_parted_between_lines(self):
        """Each part is a whole monospaced section of at most 3,000 characters."""
        summary, _ = report_posts("Verdict\n\n" + "\n".join(f"line {n:04}" for n in range(900)))
        sections = [block["text"]["text"] for block in summary.blocks[1:]]

        assert max(map(len, sections)) <= 3_000
        assert all(s.startswith("```\nline ") and s.endswith("\n```") for s in sections)


class TestWeek:
    def test_says_the_verdict_then_what_to_do_then_the_money_then_the_figures(self):
        """All of it in blocks that Slack takes in a message: an alert is a modal's."""
        blocks = rich_blocks(REPORT, report_text(REPORT, "en"), "en")
        words = words_in("en")

        assert ["section", "context", "section", "section", "table"] == [b["type"] for b in blocks]
        assert [] == broken_rules(blocks, "message")
        assert blocks[2]["text"]["text"].startswith(f"*{words['todo']}*\n• ")
        assert ledger_line(REPORT, words) == blocks[3]["text"]["text"]


@pytest.mark.slow
class TestPosting:
    @pytest.fixture
    def slack(self, tmp_path):
        with SlackPeer(tmp_path / "slack") as peer:
            yield peer

    def test_the_report_arrives_with_its_picture_in_the_thread(self, slack):
        """By the channel's name or id; the file is the picture itself."""
        posted = post_report(
            ReportPost(TEXT, PNG), "#reports", sync_client(BOT_TOKEN, slack.api_url)
        )
        summary, details, picture = slack.bot_messages(REPORTS)
        (file,) = picture["files"]
        request = urllib.request.Request(file["url_private"])
        request.add_header("Authorization", f"Bearer {BOT_TOKEN}")
        with urllib.request.urlopen(request, timeout=10) as response:
            content = response.read()

        assert Posted(REPORTS, summary["ts"]) == posted
        assert {summary["ts"]} == {details["thread_ts"], picture["thread_ts"]}
        assert "<!channel>" not in text_of(details)
        assert PNG == content

    def test_the_week_s_news_are_in_the_message_with_a_button_for_each_question(self, slack):
        """What changed in the model, what was asked most, what had no answer; text says it too."""
        post = ReportPost(
            report_text(REPORT, "en"),
            report=REPORT,
            unanswered=[Unanswered("Do you <!here> engrave?", "en", 7)],
        )
        posted = post_report(post, REPORTS, sync_client(BOT_TOKEN, slack.api_url))
        message = slack.bot_messages(REPORTS)[0]
        buttons = [b["accessory"] for b in message["blocks"] if "accessory" in b]
        told = "\n".join(b["text"]["text"] for b in message["blocks"] if b["type"] == "section")

        assert posted.ts == message["ts"]
        assert ["en where is my parcel", "zh 可以退货吗", "en Do you <!here> engrave?"] == [
            each["value"] for each in buttons
        ]
        assert 3 == len({each["action_id"] for each in buttons})
        for said in (told, message["text"]):
            assert "version 5 took over" in said
            assert "where is my parcel" in said
            assert "Do you &lt;!here&gt; engrave?" in said
            assert "7 times" in said

    def test_retraining_s_news_arrive(self, slack):
        """One sentence, literally."""
        client = sync_client(BOT_TOKEN, slack.api_url)
        post_retrained("Version 2 answers now & <better>.", REPORTS, client, promoted=True)

        assert (
            "🆕 Version 2 answers now &amp; &lt;better&gt;." == slack.messages(REPORTS)[0]["text"]
        )

    def test_a_trial_that_waits_has_a_button_for_each_answer(self, slack):
        """Promote, after a question, or keep the champion; both name the version."""
        client = sync_client(BOT_TOKEN, slack.api_url)
        post_trial(7, "not worse: 4 % pressed a thumb down & so on", REPORTS, client)
        message = slack.messages(REPORTS)[-1]
        buttons = message["blocks"][-1]["elements"]

        assert "Version 7 waits for a yes: not worse" in message["text"]
        assert [(one["action_id"], one["value"]) for one in buttons] == [
            ("home_promote_7", "7"),
            ("home_keep_7", "7"),
        ]
        assert "confirm" in buttons[0]

    def test_a_channel_that_is_not_there_is_named_with_the_remedy(self, slack):
        """So that the owner can mend it."""
        with pytest.raises(NotPosted, match=r"'CNOPE': channel_not_found; check the channel's id"):
            post_report(ReportPost(TEXT), "CNOPE", sync_client(BOT_TOKEN, slack.api_url))

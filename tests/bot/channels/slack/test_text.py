"""Text to Slack is literal; text from Slack is what a person typed."""

import pytest
from hypothesis import given, strategies as st

from bot.channels.slack.text import cut, escape, escape_within, read_slack_text, split_escaped


class TestToSlack:
    @given(st.text(alphabet="ab <>&\n|", max_size=60), st.integers(min_value=8, max_value=40))
    def test_nothing_is_over_the_limit_and_nothing_is_markup(self, text, limit):
        """Whatever the text, every part is short enough and holds no raw bracket."""
        for part in [*split_escaped(text, limit), escape_within(text, limit)]:
            assert len(part) <= limit
            assert "<" not in part
            assert ">" not in part

    @given(st.text(alphabet="ab <>&", max_size=60))
    def test_splitting_loses_no_letter(self, text):
        """Only white space at the parts' ends goes."""
        joined = "".join(split_escaped(text, 20))

        assert escape(text).replace(" ", "") == joined.replace(" ", "")

    @pytest.mark.parametrize(("limit", "expected"), [(5, "title"), (4, "tit…")])
    def test_cuts_with_an_ellipsis(self, limit, expected):
        """Only where something is missing."""
        assert expected == cut("title", limit)


class TestFromSlack:
    @pytest.mark.parametrize(
        ("sent", "typed"),
        [
            ("<@UBOT> hi", "hi"),
            ("hi <@UBOT>", "hi"),
            ("<mailto:a@b.com|a@b.com>", "a@b.com"),
            ("see <https://x.example>", "see https://x.example"),
            ("in <#C1|support>", "in support"),
            ("ask <@U2> or <!here>", "ask  or"),
            ("a &lt; b &amp; c", "a < b & c"),
            ("a < b", "a < b"),
            (
                "<https://x.example/a?b=1&amp;c=2|the guide>",
                "the guide (https://x.example/a?b=1&c=2)",
            ),
            ("<https://x.example/|x.example>", "https://x.example/"),
            (
                "<tel:+49301234|+49 30 1234> :tada: :our_logo:",
                "+49 30 1234 (+49301234) 🎉 :our_logo:",
            ),
            (
                "*bold* and _quiet_ and ~gone~, not 2*3*4 or a_b_c",
                "bold and quiet and gone, not 2*3*4 or a_b_c",
            ),
            ("Bring:\n• the label\n• `the box`", "Bring:\n• the label\n• the box"),
            ("*_both_*", "both"),
            ("*<https://x.example/_a_/b*c*|_see_>*", "see (https://x.example/_a_/b*c*)"),
            ("use `*x* :tada:` or ```a _b_\n&lt;c&gt;```", "use *x* :tada: or a _b_\n<c>"),
            ("`<https://x.example|x.example>`", "https://x.example"),
            (":flag-de: :man-shrugging: at 10:30:45", "🇩🇪 🤷 at 10:30:45"),
        ],
    )
    def test_reads_what_was_typed(self, sent, typed):
        """Links as they read, mentions gone, entities resolved."""
        assert typed == read_slack_text(sent, "UBOT")

"""Slack's documented limits, kept by us: no test peer keeps them."""

import pytest
from hypothesis import given, strategies as st

from bot.channels.slack.block_rules import broken_rules, broken_view_rules
from bot.channels.slack.blocks import actions, button, context, plain, section, within_limits


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text}


def select(count, **more):
    options = [{"text": plain(f"o{n}"), "value": f"v{n}"} for n in range(count)]
    return {"type": "static_select", "action_id": "a", "options": options, **more}


def buttons(count):
    return actions(*[button(f"b{n}", "Press", "v") for n in range(count)])


class TestPlaces:
    @pytest.mark.parametrize("kind", ["table", "carousel", "markdown", "context_actions", "card"])
    def test_what_only_messages_show_is_no_part_of_a_page(self, kind):
        """Neither of a modal nor of a home page."""
        for surface in ("modal", "home"):
            found = broken_rules([{"type": kind}], surface)
            assert f"0 {kind}: not on a {surface}" in found

    def test_an_alert_is_a_modals(self):
        """Slack refuses a message with one."""
        alert = {"type": "alert", "text": mrkdwn("Better.")}

        assert ["0 alert: not on a message"] == broken_rules([alert], "message")
        assert [] == broken_rules([alert], "modal")

    def test_a_block_we_do_not_know_is_not_sent(self):
        """Nor one that was misspelt."""
        assert ["0 sektion: not a block that we know"] == broken_rules(
            [{"type": "sektion"}], "home"
        )


class TestLimits:
    @pytest.mark.parametrize(
        ("block", "rule"),
        [
            (section("x" * 3_001), "text: 3001 characters, 1 to 3000"),
            (section(""), "text: 0 characters, 1 to 3000"),
            ({"type": "section"}, "neither text nor fields"),
            ({"type": "header", "text": mrkdwn("x")}, "text: not plain_text"),
            ({"type": "header", "text": plain("x" * 151, 200)}, "text: 151 characters, 1 to 150"),
            (buttons(26), "26 elements, 1 to 25"),
            (actions(), "0 elements, 1 to 25"),
            (actions(button("a", "x", "v"), button("a", "y", "v")), "action_id 'a' twice"),
            (actions(button("a", "x", "v" * 2_001)), "value: 2001 characters, 0 to 2000"),
            (actions(button("", "x", "v")), "action_id: 0 characters, 1 to 255"),
            (actions(select(101)), "101 options, 1 to 100"),
            (actions(select(2, initial_option={"text": plain("z"), "value": "z"})),
             "what is chosen at first is no option"),
            (actions(select(6) | {"type": "overflow"}), "6 options, 1 to 5"),
            ({"type": "context", "elements": [mrkdwn("x")] * 11}, "11 elements, 1 to 10"),
            ({"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]},
             "cell: 0 characters, 1 to 10000"),
            ({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]},
             "21 cells, 1 to 20"),
            ({"type": "carousel", "elements": []}, "0 elements, 1 to 10"),
        ],
    )  # fmt: skip
    def test_each_is_found(self, block, rule):
        """In Slack's own numbers."""
        assert [f"0 {block['type']}: {rule}"] == broken_rules([block], "message")

    def test_messages_have_fifty_blocks_and_one_table(self):
        """And block ids that differ; pages have a hundred."""
        table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
        named = section("x") | {"block_id": "b"}

        assert ["51 blocks, at most 50"] == broken_rules([section("x")] * 51, "message")
        assert [] == broken_rules([section("x")] * 51, "home")
        assert ["more than one table"] == broken_rules([table, table], "message")
        assert ["block_id 'b' twice"] == broken_rules([named, named], "modal")

    @given(st.lists(st.integers(1, 3_000), min_size=1, max_size=60))
    def test_what_is_cut_to_our_limits_is_within_slacks(self, lengths):
        """However much there was to say, buttons included."""
        blocks = [*(section("x" * length) for length in lengths), context("c"), buttons(5)]

        assert [] == broken_rules(within_limits(blocks), "message")


class TestViews:
    def test_a_form_without_a_submit_button_is_refused(self):
        """As is a title over 24 characters."""
        field = {
            "type": "input",
            "label": plain("Your answer"),
            "element": {"type": "plain_text_input", "action_id": "value", "max_length": 3_001},
        }
        modal = {"type": "modal", "title": plain("x" * 25), "blocks": [field]}

        expected = [
            "title: 25 characters, 1 to 24",
            "an input without submit",
            "0 input: max_length 3001",
        ]
        assert expected == broken_view_rules(modal)

    def test_a_home_page_has_no_title(self):
        """Only blocks."""
        assert [] == broken_view_rules({"type": "home", "blocks": [section("x")]})

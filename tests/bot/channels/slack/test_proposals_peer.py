"""Replies that the staff wrote again and again, taken into the book from Slack."""

import pytest

from bot.channels.slack.notices import post_proposals
from bot.channels.slack.posting import sync_client
from feedback.knowledge.clustering import RepeatedReply
from feedback.knowledge.proposals import Proposals
from tests.slack_peer import (
    ALICE,
    BOB,
    BOT_TOKEN,
    MIA,
    REPORTS,
    eventually,
    text_of,
)

pytestmark = pytest.mark.slow

WORDS = {
    "We engrave up to ten letters & <more>.": "do you engrave?",
    "A spare strap costs 9 USD.": "do you sell straps?",
    "We are closed on Sundays.": "are you open on sunday?",
    "可以包装礼物。": "能包装吗？",
    "Your parcel left on {fill.date}.": "where is it?",
    "Sixth of all.": "and then?",
}


@pytest.fixture
def slack(shop, workspace):
    """The peer with the clerk; the desk's page has an address."""
    with workspace.with_clerk(shop, desk_url="https://clerk.example/desk") as peer:
        yield peer


@pytest.fixture
def proposed(shop, slack):
    """Six proposals, of which the channel was shown five."""
    proposals = Proposals(shop.store.db)
    groups = [
        RepeatedReply(text=text, uses=34 - number, questions=[question])
        for number, (text, question) in enumerate(WORDS.items())
    ]
    proposals.put(groups, {text: "zh" for text in WORDS if "包" in text}, shop.clock())
    client = sync_client(BOT_TOKEN, slack.api_url)
    post_proposals(proposals.open(), "https://clerk.example/desk/proposals", REPORTS, client)
    return slack.messages(REPORTS)[-1]


def message(slack, posted):
    return next(m for m in slack.messages(REPORTS) if m["ts"] == posted["ts"])


def becomes(slack, posted, text):
    return eventually(lambda: text in text_of(message(slack, posted)) or None)


class TestProposals:
    def test_are_accepted_edited_and_dismissed_where_they_are_shown(self, slack, shop, proposed):
        """The message says who decided; each is decided once, by the staff alone."""
        shown = text_of(proposed)
        assert "34 shoppers asked such as “do you engrave?”" in shown
        assert "“We engrave up to ten letters &amp; &lt;more&gt;.”" in shown
        assert "Sixth" not in shown
        assert "<https://clerk.example/desk/proposals|All proposals at the desk>" in shown
        assert "proposal_accept_4" not in shown  # its date differs from case to case

        slack.press(proposed, ALICE, "proposal_accept_0")
        told = eventually(lambda: slack.whispers(REPORTS))
        assert "for the shop's staff" in told[0]["text"]

        slack.press(proposed, MIA, "proposal_accept_0")
        becomes(
            slack, proposed, "✅ Mia Moreau took it into the book as `engrave_ten_letters_more`"
        )
        slack.press(proposed, BOB, "proposal_dismiss_0")
        eventually(lambda: "decided on this already" in slack.whispers(REPORTS)[-1]["text"] or None)
        slack.press(proposed, BOB, "proposal_dismiss_1")
        becomes(slack, proposed, "✖️ Bob Brown left it out")
        slack.press(proposed, MIA, "proposal_accept_3")
        becomes(slack, proposed, "took it into the book as `reply_")
        slack.press(proposed, BOB, "proposal_edit_2")
        assert "We are closed on Sundays." in text_of(slack.modal())
        slack.submit(
            BOB, question="open on sunday?", text="Closed on Sundays.", name="sundays",
            locale="=en",
        )  # fmt: skip
        becomes(slack, proposed, "Bob Brown took it into the book as `sundays`")

        assert "Closed on Sundays." == shop.book.reply("sundays", "en").text
        asked = {(q.question, q.reply_id) for q in shop.book.questions()}
        assert {("do you engrave?", "engrave_ten_letters_more"), ("open on sunday?", "sundays")} < (
            asked
        )
        left = {one.text for one in Proposals(shop.store.db).open()}
        assert {"Your parcel left on {fill.date}.", "Sixth of all."} == left

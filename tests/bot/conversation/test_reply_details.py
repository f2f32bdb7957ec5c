"""What a reply says besides its text is kept with the impression and shown to programs."""

from bot.channels.web.reply_schemas import reply_of
from bot.conversation.decision_record import ComposedAnswer, answer_shown, impression_of
from bot.conversation.incoming import IncomingMessage
from bot.knowledge import KnowledgeQuery
from bot.messages import ActionShown, Choice, ReplyDetails, SummaryShown
from feedback.db import DialogueRow, DialogueTurnRow
from feedback.dialogues import DialogueMemory
from tests.factories import NOW

CANCEL = ActionShown("cancel_order", {"order_id": "1001"}, amounts={"refund": "59.90"})
DETAILS = ReplyDetails(
    reply_ids=("return_policy",),
    asks=("confirmation",),
    about={"order_id": "1001", "action": "cancel_order"},
    summary=SummaryShown("s1", (CANCEL,)),
    executed=(ActionShown("cancel_order", {"order_id": "1001"}, outcome={"refund": "59.90"}),),
)


def shown_again(details: ReplyDetails, *, choices: tuple[Choice, ...] = ()):
    dialogue = DialogueRow(
        dialogue_id="d1",
        shopper_id="anna",
        channel="web",
        locale="en",
        arm="champion",
        started_at=NOW,
        last_at=NOW,
    )
    message = IncomingMessage(
        dialogue, "cancel it", "c1", DialogueMemory(), KnowledgeQuery(["cancel it"], "", "en", None)
    )
    said = ComposedAnswer(
        "confirm", "Shall I?", DialogueMemory(), "cancel", choices=choices, details=details
    )
    impression = impression_of(message, said, impression_id="i1", came=NOW, now=NOW)
    turn = DialogueTurnRow(turn_id=2, dialogue_id="d1", speaker="clerk", text="Shall I?", at=NOW)
    return impression, answer_shown(turn, impression)


class TestReplyDetails:
    """The reply's fields for programs."""

    def test_what_was_summed_up_and_carried_out_comes_back_as_it_was_stored(self):
        """A repeated `client_id` and the history show the same summary again."""
        _, answer = shown_again(DETAILS)
        assert DETAILS == answer.details

    def test_a_reply_without_details_stores_nothing(self):
        """Most replies have none."""
        impression, answer = shown_again(ReplyDetails())
        assert ({}, ReplyDetails()) == (impression.details, answer.details)

    def test_a_program_reads_what_the_reply_asks_is_about_and_sums_up(self):
        """As docs/extending/action.md and the API's schema say."""
        _, answer = shown_again(DETAILS)
        reply = reply_of(answer).model_dump(exclude_none=True)
        assert ["cancel", "return_policy"] == reply["reply_ids"]
        assert (["confirmation"], {"order_id": "1001", "action": "cancel_order"}) == (
            reply["asks"],
            reply["about"],
        )
        assert {
            "id": "s1",
            "actions": [
                {
                    "name": "cancel_order",
                    "arguments": {"order_id": "1001"},
                    "amounts": {"refund": "59.90"},
                }
            ],
        } == reply["summary"]
        assert ["refund"] == list(reply["executed"][0]["outcome"])

    def test_a_button_says_what_it_stands_for(self):
        """A choice's value is machine-readable; one without a value stores none."""
        offered = (Choice("a", "Lamp", value={"sku": "L1"}), Choice("b", "Mug"))
        impression, answer = shown_again(DETAILS, choices=offered)
        assert offered == answer.choices
        assert "value" not in impression.choices[1]

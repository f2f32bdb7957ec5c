"""The daily review shows a turn with what it follows."""

from bot.channels.slack.review import sheet_post
from feedback.desk.review_sheets import Sheets


def test_an_answer_to_a_follow_up_stands_behind_what_was_said_before(shop):
    """The question before and its answer; a first question stands by itself."""
    shop.ranker.says("can i send it back", "return_policy")
    shop.ranker.says("what does delivery cost then", "shipping_cost")
    dialogue_id = shop.open()
    shop.clerk.reply(dialogue_id, "can i send it back", client_id="1")
    shop.clerk.reply(dialogue_id, "what does delivery cost then", client_id="2")
    sheets = Sheets(shop.store.db)
    sheets.make("2026-03-02", shop.clock())
    view = sheets.view("2026-03-02")
    assert view is not None

    before = {item.question: item.before for item in view.items}
    policy = "You can return anything within 30 days."
    assert {
        "can i send it back": (),
        "what does delivery cost then": (("shopper", "can i send it back"), ("clerk", policy)),
    } == before
    drawn = str(sheet_post(view).blocks)
    assert f"_Shopper: can i send it back_\\n_Clerk: {policy}_\\n*" in drawn

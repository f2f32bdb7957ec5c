"""Action ids: the names of our buttons, menus and modals in Slack."""

from typing import Final

# Under an answer, for the shopper.
THUMBS_UP: Final = "thumbs_up"
THUMBS_DOWN: Final = "thumbs_down"
FEEDBACK: Final = "feedback"
CHOICE: Final = "choice_"  # followed by its place
TALK_TO_PERSON: Final = "talk_to_person"
COMMENT: Final = "comment"  # opens a modal
VIEW: Final = "view_"  # a link to a product; followed by its place

# On a card, for the staff; each is followed by its place where a card has several.
SEND: Final = "desk_send_"
PAGE: Final = "page:"  # before what a press sends or edits from the shop's pages
REJECT: Final = "desk_reject_"
EDIT: Final = "desk_edit_"  # opens a modal
TAKE_OVER: Final = "desk_take_over"
LIVE: Final = "desk_live"
END_LIVE: Final = "desk_end_live"
DONE: Final = "desk_done"
ADD_REPLY: Final = "desk_add_reply"  # opens a modal
MORE: Final = "desk_more_"  # a menu of the buttons above
ASSIGN: Final = "desk_assign"  # opens a modal
SNOOZE: Final = "desk_snooze"  # opens a modal
WAKE: Final = "desk_wake"  # ends a snooze
SEND_INTERNAL: Final = "desk_send_message"

# On the card of an order action.
ACTION_APPROVE: Final = "desk_action_approve"
ACTION_DONE: Final = "desk_action_done"  # by hand
ACTION_DECLINE: Final = "desk_action_decline"  # opens a modal
ACTION_CHANGE: Final = "desk_action_change"  # opens a modal

# In the daily review.
APPROVE: Final = "review_approve_"
WRONG: Final = "review_reject_"
CORRECT: Final = "review_correct_"  # opens a modal

# On the home page and in reports.
RETRAIN: Final = "home_retrain"
PROMOTE: Final = "home_promote"
KEEP: Final = "home_keep"  # the champion; a trial is over
ROLL_BACK: Final = "home_roll_back"
REFRESH: Final = "home_refresh"
WRITE_REPLY: Final = "write_reply_"  # opens a modal

# At a proposed reply; each is followed by its place.
PROPOSAL_ACCEPT: Final = "proposal_accept_"
PROPOSAL_EDIT: Final = "proposal_edit_"  # opens a modal
PROPOSAL_DISMISS: Final = "proposal_dismiss_"

# In the form of a new reply: answered at once, in its place.
PUT_SLOT: Final = "reply_slot"
PREVIEW: Final = "reply_preview"

# On a shopper's home page.
ASK: Final = "ask"  # opens a modal

# What opens a modal has to be answered at once: a trigger is good for three seconds.
OF_CARDS: Final = (ASSIGN, SNOOZE, ACTION_DECLINE, ACTION_CHANGE)
OPENS_MODAL: Final = (
    *(ASK, COMMENT, EDIT, ADD_REPLY, CORRECT, WRITE_REPLY, PROPOSAL_EDIT), *OF_CARDS,
)  # fmt: skip
IN_MODAL: Final = (PUT_SLOT, PREVIEW)

# What only the staff may press: besides a shopper's own buttons, everything.
OF_STAFF: Final = (APPROVE, WRONG, "desk_", "home_", "proposal_")
STAFF_MODALS: Final = (EDIT, ADD_REPLY, CORRECT, WRITE_REPLY, PROPOSAL_EDIT, *OF_CARDS)

# Modals, and the shortcut on a message.
ASK_MODAL: Final = "ask_modal"
COMMENT_MODAL: Final = "comment_modal"
EDIT_MODAL: Final = "edit_modal"
REPLY_MODAL: Final = "reply_modal"
CORRECT_MODAL: Final = "correct_modal"
ASSIGN_MODAL: Final = "assign_modal"
SNOOZE_MODAL: Final = "snooze_modal"
DECLINE_MODAL: Final = "decline_modal"
CHANGE_MODAL: Final = "change_modal"
SEND_SHORTCUT: Final = "send_to_shopper"

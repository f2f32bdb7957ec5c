"""Slack's errors, sorted: the message is given up, waits, or more than it waits. Pure."""

from typing import Final, Literal, NamedTuple

Holds = Literal["message", "channel", "method", "all"]

TRIES: Final = 4  # of a message that Slack refuses for a reason we do not know
WAIT_S: Final = 15.0  # for what people have to mend


class Refusal(NamedTuple):
    """What follows from an error.

    Attributes:
        retry_s: When to try again at first, ever later then; None: never.
        holds: What waits until then: the message with its thread, all posts to its channel, all
            calls of its method, or everything.
        tries: After how many attempts the message is given up; None: after days.
        arrived: False: Slack has not got it; None: nobody knows.
    """

    retry_s: float | None
    holds: Holds = "message"
    tries: int | None = None
    arrived: bool | None = False


# Blocks that Slack does not know, pictures it can not fetch, or too much of both: a plainer form is
# tried at once.
PLAINER: Final = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}
# No second attempt helps this message; the next one is another matter.
HOPELESS: Final = PLAINER | {
    "as_user_not_supported", "attachment_payload_limit_exceeded", "cannot_reply_to_message",
    "cant_delete_message", "cant_update_message", "channel_type_not_supported",
    "duplicate_message_not_found", "edit_window_closed", "expired_trigger_id", "file_not_found",
    "invalid_arg_name", "invalid_arguments", "invalid_array_arg", "invalid_metadata_format",
    "invalid_metadata_schema", "invalid_name", "invalid_post_type", "invalid_trigger_id",
    "message_limit_exceeded", "message_not_found", "metadata_must_be_sent_from_app",
    "metadata_too_large", "msg_too_long", "no_dual_broadcast_content_update", "no_reaction",
    "no_text", "restricted_action_non_threadable_channel", "restricted_action_thread_only_channel",
    "thread_not_found", "too_many_attachments", "too_many_contact_cards", "too_many_emoji",
    "too_many_reactions", "unknown_method", "user_not_found", "user_not_in_channel",
}  # fmt: skip
# The thread's own: other threads of the channel go on.
OF_THREAD: Final = {"restricted_action_thread_locked", "thread_locked"}
# People mend these, and then what waits is still wanted.
OF_CHANNEL: Final = {
    "cannot_post_to_channel", "channel_not_found", "ekm_access_denied",
    "external_channel_migrating", "is_archived", "messages_tab_disabled", "no_permission",
    "not_in_channel",
    "posting_to_general_channel_denied", "restricted_action", "restricted_action_read_only_channel",
    "team_access_not_granted",
}  # fmt: skip
OF_METHOD: Final = {"missing_scope", "not_allowed_token_type"}
OF_TOKEN: Final = {
    "access_denied", "account_inactive", "invalid_auth", "not_authed", "org_login_required",
    "token_expired", "token_revoked", "two_factor_setup_required",
}  # fmt: skip
PASSING: Final = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
LIMITED: Final = {"ratelimited", "rate_limited"}
ALREADY: Final = {"already_reacted"}  # as good as done


def refusal_of(error: str) -> Refusal:
    """What an error of Slack's means; one we do not know is the message's alone.

    >>> refusal_of("not_in_channel").holds, refusal_of("metadata_too_large").retry_s
    ('channel', None)
    >>> refusal_of("restricted_action_on_tuesdays")
    Refusal(retry_s=2.0, holds='message', tries=4, arrived=False)
    """
    if error in HOPELESS:
        return Refusal(None)
    if error in OF_THREAD:
        return Refusal(WAIT_S)
    if error in OF_CHANNEL:
        return Refusal(WAIT_S, "channel")
    if error in OF_METHOD:
        return Refusal(WAIT_S, "method")
    if error in OF_TOKEN:
        return Refusal(WAIT_S, "all")
    if error in PASSING:
        return Refusal(1.0, arrived=None)
    return Refusal(2.0, tries=TRIES)

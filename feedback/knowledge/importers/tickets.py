"""Reads past tickets as helpdesks export them, and takes personal data out before they are kept.

Known are the shapes of Zendesk, Gorgias, Intercom, Chatwoot and Freshdesk, and our own dialogues.
Private notes are not read, nor what has no author; signatures and quoted mails are cut. What may
still hold somebody's address or number after the cleaning is left out, and counted.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from feedback.knowledge.importers.fields import identifier, list_or_nothing, object_of
from feedback.knowledge.importers.html_text import plain_text
from feedback.knowledge.importers.mail_text import own_words
from feedback.knowledge.importers.record_files import read_each
from feedback.knowledge.importers.records import BadLine, BadShape, DialogueLine, TurnLine
from feedback.redaction import people_named, redact

SHOPPER, CLERK = "shopper", "clerk"
INTERCOM_SHOPPERS, INTERCOM_STAFF = ("user", "lead", "contact"), ("admin", "team", "teammate")


class Ticket(NamedTuple):
    """A ticket as a helpdesk keeps it: names and addresses of its people known, texts as sent."""

    id: str
    turns: list[TurnLine]
    known: tuple[str, ...]  # personal values to take out wherever they stand
    accepted: bool = False
    mails: bool = True  # with signatures and quotations


class HeldBack:
    """Counts the messages that were left out because they may tell who somebody is."""

    def __init__(self) -> None:
        self.count = 0


def read_tickets(
    paths: Iterable[Path], bad: list[BadLine], held_back: HeldBack
) -> Iterator[DialogueLine]:
    """Dialogues without personal data; a ticket in which nothing is left is not told of."""
    for ticket in read_each(paths, bad, ticket_from_json, "dialogues"):
        if turns := cleaned(ticket, held_back):
            yield DialogueLine(ticket.id, turns, ticket.accepted)


def ticket_from_json(fields: Mapping[str, Any]) -> Ticket:
    """One ticket, whichever helpdesk's it is.

    Raises:
        BadShape: it is none of those we know, or a field of it is wrong.
    """
    if "turns" in fields:
        return _own(fields)
    if "comments" in fields and "requester_id" in fields:
        return _zendesk(fields)
    if "conversation_parts" in fields:
        return _intercom(fields)
    messages = list_or_nothing(fields, "messages")
    if messages and "from_agent" in object_of(messages[0], "a message"):
        return _gorgias(fields)
    if messages and "message_type" in object_of(messages[0], "a message"):
        return _chatwoot(fields)
    if "conversations" in fields and "requester_id" in fields:
        return _freshdesk(fields)
    raise BadShape(
        "neither a dialogue (turns) nor a ticket of Zendesk (comments, requester_id), Gorgias"
        " (messages with from_agent), Intercom (conversation_parts), Chatwoot (messages with"
        " message_type) or Freshdesk (conversations, requester_id)"
    )


def cleaned(ticket: Ticket, held_back: HeldBack) -> list[TurnLine]:
    """The ticket's turns without personal data; what stays doubtful is left out."""
    kept = []
    known = {*ticket.known, *_named_in(ticket.turns)}
    for turn in ticket.turns:
        clean = redact(own_words(turn.text) if ticket.mails else turn.text, known)
        if clean.quarantined:
            held_back.count += 1
        elif clean.text.strip():
            kept.append(turn._replace(text=clean.text))
    return kept


def _named_in(turns: Iterable[TurnLine]) -> Iterator[str]:
    """Who is greeted or signs in the ticket, for the turns that name them elsewhere."""
    for turn in turns:
        for name in people_named(turn.text):
            yield name
            yield from (part for part in name.split() if part[0].isupper())


def _own(fields: Mapping[str, Any]) -> Ticket:
    from feedback.knowledge.importers.files import dialogue_from_json  # noqa: PLC0415 (files reads tickets too)

    line = dialogue_from_json(dict(fields))
    return Ticket(line.id, line.turns, (), line.accepted, mails=False)


def _zendesk(fields: Mapping[str, Any]) -> Ticket:
    requester = fields["requester_id"]
    if requester is None:
        raise BadShape('"requester_id" is null: it has to tell who asked')
    comments = [object_of(one, "a comment") for one in list_or_nothing(fields, "comments")]
    turns = [
        _turn(
            comment.get("author_id") == requester,
            comment.get("plain_body") or plain_text(str(comment.get("body") or "")),
        )
        for comment in comments
        if comment.get("public", True) and comment.get("author_id") is not None
    ]
    # A page of tickets lists everybody beside them: of this ticket are those who wrote in it.
    wrote = {requester, *(comment.get("author_id") for comment in comments)}
    users = [object_of(one, "a user") for one in list_or_nothing(fields, "users")]
    people = [fields.get("requester"), *(one for one in users if one.get("id") in wrote)]
    satisfied = fields.get("satisfaction_rating") or {}
    return _ticket(fields, turns, people, good=satisfied.get("score") == "good")


def _gorgias(fields: Mapping[str, Any]) -> Ticket:
    messages = [object_of(one, "a message") for one in list_or_nothing(fields, "messages")]
    turns = [
        _turn(
            not message["from_agent"],
            message.get("stripped_text")
            or message.get("body_text")
            or plain_text(str(message.get("body_html") or "")),
        )
        for message in messages
        if message.get("public", True) and isinstance(message.get("from_agent"), bool)
    ]
    people = [fields.get("customer"), *(message.get("sender") for message in messages)]
    return _ticket(fields, turns, people)


def _intercom(fields: Mapping[str, Any]) -> Ticket:
    parts = fields["conversation_parts"]
    if isinstance(parts, dict):
        parts = parts.get("conversation_parts")
    source = object_of(fields.get("source") or {}, "the source")
    said = [source, *(object_of(one, "a part") for one in parts or [])]
    authors = [object_of(one.get("author") or {}, "an author") for one in said]
    turns = [
        _turn(author.get("type") in ("user", "lead", "contact"), plain_text(str(one["body"])))
        for one, author in zip(said, authors, strict=True)
        if one.get("body")
        and one.get("part_type", "comment") in ("comment", "open", "close")
        and author.get("type") in {*INTERCOM_SHOPPERS, *INTERCOM_STAFF}  # else nobody's words
    ]
    return _ticket(fields, turns, authors)


def _chatwoot(fields: Mapping[str, Any]) -> Ticket:
    messages = [object_of(one, "a message") for one in list_or_nothing(fields, "messages")]
    sides = {0: True, 1: False, "incoming": True, "outgoing": False}
    turns = [
        _turn(sides[message["message_type"]], message.get("content"))
        for message in messages
        if message.get("message_type") in sides and not message.get("private")
    ]
    meta = object_of(fields.get("meta") or {}, "meta")
    return _ticket(fields, turns, [meta.get("sender"), *(one.get("sender") for one in messages)])


def _freshdesk(fields: Mapping[str, Any]) -> Ticket:
    said = [object_of(one, "a message") for one in list_or_nothing(fields, "conversations")]
    asked = fields.get("description_text") or plain_text(str(fields.get("description") or ""))
    turns = [_turn(True, asked)] + [
        _turn(
            bool(message.get("incoming")),
            message.get("body_text") or plain_text(str(message.get("body") or "")),
        )
        for message in said
        if not message.get("private")
    ]
    return _ticket(fields, turns, [fields.get("requester"), fields.get("contact")])


def _turn(from_shopper: bool, text: object) -> TurnLine:
    said = text if isinstance(text, str) else ""
    clean = "".join(c for c in said if c != "\x00" and not "\ud800" <= c <= "\udfff")
    return TurnLine(SHOPPER if from_shopper else CLERK, clean.strip())


def _ticket(
    fields: Mapping[str, Any],
    turns: list[TurnLine],
    people: Iterable[object],
    *,
    good: bool = False,
) -> Ticket:
    said = [turn for turn in turns if turn.text]
    if not said:
        raise BadShape("nobody said anything that is public in it")
    return Ticket(identifier(fields, "id"), said, tuple(_personal(people)), good)


def _personal(people: Iterable[object]) -> Iterator[str]:
    """Names, addresses and numbers of the people in a ticket, and the names' parts."""
    for person in people:
        if not isinstance(person, dict):
            continue
        for key in ("email", "phone", "phone_number"):
            if isinstance(person.get(key), str):
                yield person[key]
        for key in ("name", "first_name", "last_name", "firstname", "lastname", "available_name"):
            name = person.get(key)
            if isinstance(name, str):
                yield name
                yield from name.split()

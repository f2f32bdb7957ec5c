"""Stories of past tickets: read, cleaned, grouped, and proposed for the reply book."""

import json

import pytest

from feedback.knowledge.clustering import StaffReply, groups_of, said_in, slotted, spelled
from feedback.knowledge.importers.files import BadLine, read_replies
from feedback.knowledge.importers.mail_text import own_words
from feedback.knowledge.importers.tickets import HeldBack, read_tickets
from feedback.knowledge.proposals import NotReady, Proposals, UnknownProposal
from feedback.knowledge.reply_book import ReplyBook
from tests.factories import NOW

ZENDESK = {
    "id": 35436,
    "subject": "Where is it",
    "requester_id": 20,
    "requester": {"id": 20, "name": "Ana Fontaine", "email": "ana@home.example"},
    "users": [{"id": 7, "name": "Tom Becker"}],
    "satisfaction_rating": {"score": "good"},
    "comments": [
        {"author_id": 20, "public": True,
         "plain_body": "Hi, Ana Fontaine here. Where is order #48213?"},
        {"author_id": 7, "public": False, "plain_body": "VIP, be nice"},
        {"author_id": 7, "public": True, "body": "<p>Hi Ana,</p><p>Order #48213 left today.</p>"},
    ],
}  # fmt: skip
GORGIAS = {
    "id": 9,
    "customer": {"name": "Ana Fontaine", "email": "ana@home.example"},
    "messages": [
        {"from_agent": False, "public": True,
         "stripped_text": "Where is order #48213? Ana Fontaine"},
        {"from_agent": True, "public": False, "body_text": "internal"},
        {"from_agent": True, "public": True, "body_text": "Hi Ana, order #48213 left today."},
    ],
}  # fmt: skip
INTERCOM = {
    "type": "conversation",
    "id": "c1",
    "source": {
        "body": "<p>Where is order #48213?</p>",
        "author": {"type": "user", "name": "Ana Fontaine"},
    },
    "conversation_parts": {
        "conversation_parts": [
            {"part_type": "note", "body": "<p>hm</p>", "author": {"type": "admin"}},
            {"part_type": "comment", "body": "<p>A robot</p>", "author": {"type": "bot"}},
            {"part_type": "comment", "body": "<p>Hi Ana, order #48213 left today.</p>",
             "author": {"type": "admin", "name": "Tom"}},
        ]
    },
}  # fmt: skip
CHATWOOT = {
    "id": 3,
    "meta": {"sender": {"name": "Ana Fontaine", "phone_number": "+49 151 23456789"}},
    "messages": [
        {"message_type": 0, "content": "Where is order #48213?"},
        {"message_type": 2, "content": "Assigned to Tom"},
        {"message_type": 1, "private": True, "content": "note"},
        {"message_type": "outgoing", "content": "Hi Ana, order #48213 left today."},
    ],
}


def lines(path, *objects):
    path.write_text("".join(json.dumps(one) + "\n" for one in objects), encoding="utf-8")
    return path


def said_by(*tickets, path):
    """(speaker, text) of every turn that is left of the tickets."""
    bad: list[BadLine] = []
    read = read_tickets([lines(path / "t", *tickets)], bad, HeldBack())
    return [(turn.speaker, turn.text) for dialogue in read for turn in dialogue.turns]


def zendesk(*comments):
    return {
        "id": 1,
        "requester_id": 20,
        "comments": [{"author_id": author, "plain_body": body} for author, body in comments],
    }


class TestPeople:
    def test_names_go_where_only_numbers_tell_who_wrote(self, tmp_path):
        """The greeting names the shopper, the signature the agent: both go in every turn."""
        ticket = zendesk(
            (20, "Where is my mug? It was promised to me, Ana, for today."),
            (
                7,
                "Hi Ana, I ask the carrier.\n\nBest regards,\nTom Becker\nHome Ltd",
            ),
            (20, "Thank you Tom, Becker was the name on the card, too."),
        )
        text = " ".join(text for _, text in said_by(ticket, path=tmp_path))
        assert [] == [name for name in ("Ana", "Tom", "Becker", "Home Ltd") if name in text]

    @pytest.mark.parametrize(
        "ticket",
        [
            {"id": 1, "requester_id": 20, "comments": [
                {"author_id": None, "plain_body": "Nobody said this"},
                {"plain_body": "Nobody said this"},
                {"author_id": 20, "plain_body": "Where is it?"}]},
            {"id": 1, "source": {"body": "<p>Nobody said this</p>"}, "conversation_parts": [
                {"body": "<p>Nobody said this</p>", "author": {"type": None}},
                {"body": "<p>Nobody said this</p>", "author": {"name": "Fin"}},
                {"body": "<p>Where is it?</p>", "author": {"type": "user"}}]},
            {"id": 1, "messages": [
                {"from_agent": None, "body_text": "Nobody said this"},
                {"from_agent": False, "body_text": "Where is it?"}]},
        ],
    )  # fmt: skip
    def test_what_has_no_author_is_nobodys_words(self, tmp_path, ticket):
        """Not the clerk's, and not the shopper's."""
        assert [("shopper", "Where is it?")] == said_by(ticket, path=tmp_path)


class TestMails:
    @pytest.mark.parametrize(
        "rest",
        [
            "Best regards,\nAna Fontaine\n12 Elm Street",
            "Kind regards\n\nAna",
            "-- \nAna Fontaine\n+49 30 901820",
            "Sent from my iPhone",
            "Mit freundlichen Grüßen\nAna Fontaine",
            "Von meinem iPhone gesendet",
            "Cordialement,\nAna Fontaine",
            "Envoyé de mon iPhone",
            "Saludos,\nAna",
            "此致\n安娜",
            "发自我的iPhone",
            "On Mon, 3 May 2026 at 10:02, Tom Becker <tom@home.example> wrote:\n> We will look",
            "On Mon, 3 May 2026 at 10:02, Tom Becker\n<tom@home.example> wrote:\n> We look",
            "Am 03.05.2026 um 10:02 schrieb Tom Becker:\n> Wir schauen",
            "Le 3 mai 2026 à 10:02, Tom Becker a écrit :\n> Nous regardons",
            "在 2026年5月3日,Tom Becker 写道:\n> 我们看看",
            "From: Tom Becker\nSent: Monday\nTo: Ana\nSubject: mug\n\nWe will look",
            "Von: Tom Becker\nGesendet: Montag\nAn: Ana\nBetreff: Tasse\n\nWir schauen",
            "发件人: Tom\n收件人: Ana\n主题: 杯子\n我们看看",
            "-----Original Message-----\nWe will look",
            "---------- Forwarded message ---------\nFrom: Tom",
            "> We will look\n> Tom",
        ],
    )
    def test_signatures_and_quotes_are_cut(self, rest):
        """In the languages and forms of the mail programs in use."""
        assert "Where is it?" == own_words(f"Where is it?\n\n{rest}")

    @pytest.mark.parametrize(
        "mail",
        [
            "Thanks!\nCan you also tell me when it comes?",
            "From: where do you ship?",
            "On Monday he wrote: it comes tomorrow. It did not.",
            "Best, cheapest or fastest?\nI take the cheapest.",
            "Is it from Germany?\nTo: me it looks so.",
        ],
    )
    def test_words_of_the_mail_stay(self, mail):
        """A greeting or a colon in the middle ends nothing."""
        assert mail == own_words(mail)


class TestReading:
    @pytest.mark.parametrize("ticket", [ZENDESK, GORGIAS, INTERCOM, CHATWOOT])
    def test_each_helpdesks_tickets_come_without_people(self, tmp_path, ticket):
        """Who spoke is kept, names and numbers are not, notes are not read."""
        bad: list[BadLine] = []
        (dialogue,) = read_tickets([lines(tmp_path / "t", ticket)], bad, HeldBack())
        said = " ".join(turn.text for turn in dialogue.turns)

        assert ["shopper", "clerk"] == [turn.speaker for turn in dialogue.turns]
        assert "<ORDER>" in dialogue.turns[1].text
        assert not any(word in said for word in ("Ana", "Fontaine", "48213", "VIP", "robot"))
        assert [] == bad

    def test_what_stays_doubtful_is_left_out_and_counted(self, tmp_path):
        """An address may be in it."""
        held_back = HeldBack()
        turns = [
            {"speaker": "shopper", "text": "deliver to suite 12 please"},
            {"speaker": "clerk", "text": "Of course."},
        ]
        path = lines(tmp_path / "d", {"id": "d1", "turns": turns})
        (dialogue,) = read_tickets([path], [], held_back)

        assert (1, ["Of course."]) == (held_back.count, [turn.text for turn in dialogue.turns])

    def test_a_ticket_of_no_known_shape_is_named(self, tmp_path):
        """With what would be one."""
        bad: list[BadLine] = []
        assert [] == list(read_tickets([lines(tmp_path / "t", {"id": 1})], bad, HeldBack()))
        assert "requester_id" in bad[0].reason


class TestMacros:
    def test_saved_replies_become_replies_with_our_slots(self, tmp_path):
        """Zendesk's, Gorgias's, Intercom's, Chatwoot's; what we can not fill is named."""
        macros = [
            {"id": 1, "title": "Order sent", "actions": [{"field": "comment_value",
             "value": "Hi {{ticket.requester.first_name}}, order {{order.number}} is sent."}]},
            {"id": 2, "name": "Refund", "actions": [{"name": "setResponseText",
             "arguments": {"body_text": "We refunded you."}}]},
            {"type": "macro", "name": "Hours", "body": "<p>We open at nine.</p>"},
            {"short_code": "退货", "content": "七天内可以退货。"},
            {"id": 3, "title": "Odd",
             "actions": [{"field": "comment_value", "value": "{{agent.mood}}"}]},
        ]  # fmt: skip
        bad: list[BadLine] = []
        replies = list(read_replies([lines(tmp_path / "m", *macros)], bad))

        assert [
            ("order_sent", "Hi, order {order.number} is sent.", "en"),
            ("refund", "We refunded you.", "en"),
            ("hours", "We open at nine.", "en"),
            ("退货", "七天内可以退货。", "zh"),
        ] == [tuple(reply) for reply in replies]
        assert (5, True) == (bad[0].line, "agent.mood" in bad[0].reason)


class TestGrouping:
    def test_what_was_said_again_and_again_becomes_one_reply(self):
        """Greeting, name and signature gone; the number and date are slots, the 30 days stay."""
        dates = ["March 3rd", "April 9", "2026-05-01"]
        said = [
            StaffReply(
                f"Hi <NAME>,\nyour order #<ORDER> left on {date} with number 1Z999AA1{n}; you can"
                " return it within 30 days.\nBest regards,\nTom",
                f"where is my parcel {n % 2}",
            )
            for n, date in enumerate(dates)
        ]
        said += [StaffReply("Thanks!", None)] * 9 + [
            StaffReply("This was said only once, to one person.", None)
        ]

        (group,) = groups_of(said, spelled)

        assert 3 == group.uses
        assert (
            "Your order {order.number} left on {fill.date} with number {order.tracking}; you can"
            " return it within 30 days." == group.text
        )
        assert ["where is my parcel 0", "where is my parcel 1"] == group.questions

    def test_near_sentences_are_one_group(self):
        """Three wordings, the commonest stands for all."""
        said = [StaffReply("You can return it within 30 days of delivery.", None)] * 3
        said += [StaffReply("You can return it within 30 days of the delivery.", None)] * 2
        said += [StaffReply("Our shop is in the old town, next to the bridge.", None)] * 3

        first, second = groups_of(said, spelled)

        assert (5, "You can return it within 30 days of delivery.") == (first.uses, first.text)
        assert 3 == second.uses

    def test_replies_alike_to_other_questions_are_other_groups(self):
        """Staff begin and end alike whatever they are asked; the question tells them apart."""
        frame = "Of course, I am happy to help you with that. Please open {} in your account."
        said = [StaffReply(frame.format("your orders"), "how do I cancel my order")] * 3
        said += [StaffReply(frame.format("your details"), "where can i change my password?")] * 3

        assert [3, 3] == [group.uses for group in groups_of(said, spelled)]

    def test_turns_pair_a_reply_with_what_was_asked(self):
        """A second reply in a row answers no question of its own."""
        turns = [
            {"speaker": "shopper", "text": "hi"},
            {"speaker": "shopper", "text": "size?"},
            {"speaker": "clerk", "text": "M"},
            {"speaker": "clerk", "text": "or L"},
        ]
        assert [StaffReply("M", "size?"), StaffReply("or L", None)] == said_in(turns)

    def test_nothing_said_is_no_group(self):
        """No call to the model for nothing."""
        assert [] == groups_of([], spelled)
        assert "" == slotted([""])


class TestProposals:
    @pytest.fixture
    def proposals(self, database):
        said = [StaffReply("We open at nine in the morning.", "when do you open")] * 3
        said += [StaffReply(f"It left on {d} May, please wait.", None) for d in (1, 2, 3, 4)]
        proposals = Proposals(database)
        assert 2 == proposals.put(groups_of(said, spelled), {}, NOW)
        assert 0 == proposals.put(groups_of(said, spelled), {}, NOW)
        return proposals

    def test_a_taken_one_brings_its_questions_along(self, database, proposals):
        """It is in the book, and no longer proposed."""
        (one,) = [p for p in proposals.open() if "nine" in p.text]
        proposals.take(one.proposal_id, reply_id="hours", text=one.text, staff="Mei", now=NOW)

        book = ReplyBook(database)
        assert [("hours", one.text)] == [(r.reply_id, r.text) for r in book.replies()]
        assert [("when do you open", "hours")] == [
            (q.question, q.reply_id) for q in book.questions()
        ]
        assert 1 == len(proposals.open())
        with pytest.raises(UnknownProposal):
            proposals.take(one.proposal_id, reply_id="again", text="x", staff="Mei", now=NOW)

    def test_places_that_differ_have_to_be_written_first(self, proposals):
        """A name has to be one, too."""
        (one,) = [p for p in proposals.open() if "{fill" in p.text]
        for reply_id, text in [("left", one.text), ("Left!", "It left."), ("", "It left.")]:
            with pytest.raises(NotReady):
                proposals.take(one.proposal_id, reply_id=reply_id, text=text, staff="Mei", now=NOW)
        proposals.leave(one.proposal_id, staff="Mei", now=NOW)
        assert 1 == len(proposals.open())

"""Stories of files as shops have them: pages, lists, tables, other encodings, the wrong kind."""

import json
import zipfile

import pytest

from feedback.knowledge.importers.files import (
    BadLine,
    FileUnreadable,
    QuestionLine,
    ReplyLine,
    read_products,
    read_questions,
    read_replies,
)
from feedback.knowledge.importers.tickets import HeldBack, read_tickets
from tests.feedback.knowledge.importers.test_tickets import CHATWOOT, ZENDESK

REPLIES = [{"reply_id": "a", "text": "Hello"}, {"reply_id": "b", "text": "Bye"}]
FRESHDESK = {
    "id": 4,
    "requester_id": 20,
    "description_text": "Where is it? Ana Fontaine",
    "requester": {"name": "Ana Fontaine", "email": "ana@home.example"},
    "conversations": [
        {"body_text": "note", "incoming": False, "private": True},
        {"body_text": "Hi Ana, it left today.", "incoming": False, "private": False},
        {"body": "<p>Thank you</p>", "incoming": True, "private": False},
    ],
}


def written(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


class TestDocuments:
    @pytest.mark.parametrize(
        "document",
        [
            REPLIES,
            {"macros": REPLIES, "next_page": None, "count": 2},
            {"data": {"meta": {}, "payload": REPLIES}},
            {"meta": {"cursor": 1}, "data": REPLIES},
        ],
    )
    @pytest.mark.parametrize("indent", [None, 2])
    def test_lists_and_pages_are_read_like_lines(self, tmp_path, document, indent):
        """However an API wraps its records, on one line or on many."""
        path = written(tmp_path / "r.json", json.dumps(document, indent=indent))
        assert [ReplyLine("a", "Hello"), ReplyLine("b", "Bye")] == list(read_replies([path], []))

    def test_one_record_over_many_lines(self, tmp_path):
        """As people format it by hand."""
        path = written(tmp_path / "r.json", json.dumps(REPLIES[0], indent=2))
        assert [ReplyLine("a", "Hello")] == list(read_replies([path], []))

    def test_a_bad_record_is_named_by_its_place(self, tmp_path):
        """The others are kept."""
        bad: list[BadLine] = []
        path = written(tmp_path / "r.json", json.dumps([REPLIES[0], "no", {"reply_id": "c\x00"}]))
        assert 1 == len(list(read_replies([path], bad)))
        assert [2, 3] == [line.line for line in bad]

    def test_people_beside_the_tickets_are_taken_out_of_them(self, tmp_path):
        """A page of Zendesk lists its users once; a name of theirs is not kept in a turn."""
        ticket = {key: ZENDESK[key] for key in ("id", "requester_id", "comments")}
        users = [{"id": 20, "name": "Ana Fontaine"}, {"id": 99, "name": "Order"}]
        path = written(tmp_path / "t.json", json.dumps({"users": users, "tickets": [ticket]}))
        (dialogue,) = read_tickets([path], [], HeldBack())
        assert "Fontaine" not in dialogue.turns[0].text
        assert "order" in dialogue.turns[0].text  # of somebody who did not write in it

    def test_freshdesk_and_chatwoot_as_their_apis_list_them(self, tmp_path):
        """Private notes left out; who asked is told by the side."""
        one = written(tmp_path / "f.json", json.dumps([FRESHDESK]))
        other = written(tmp_path / "c.json", json.dumps({"data": {"payload": [CHATWOOT]}}))
        fresh, chat = read_tickets([one, other], [], HeldBack())
        assert ["shopper", "clerk", "shopper"] == [turn.speaker for turn in fresh.turns]
        assert "Ana" not in fresh.turns[1].text
        assert 2 == len(chat.turns)


class TestTables:
    def test_replies_and_questions_may_be_tables(self, tmp_path):
        """An empty `reply_id` says that none fits."""
        questions = written(
            tmp_path / "q.csv",
            'Question;Reply ID;Locale\n"Zu groß; und nun?";return_how;de\nHm;;de\n',
        )
        replies = written(tmp_path / "r.csv", "reply_id,text\na,Hello\n")
        assert [
            QuestionLine("Zu groß; und nun?", "return_how", "de"),
            QuestionLine("Hm", None, "de"),
        ] == (list(read_questions([questions], [])))
        assert [ReplyLine("a", "Hello")] == list(read_replies([replies], []))

    @pytest.mark.parametrize(
        ("encoding", "title"),
        [
            ("utf-16", "Mütze"),
            ("cp1252", "Mütze für Größe M – weiß"),
            ("gbk", "加厚保暖羊毛帽子"),
            ("big5", "帆布手提袋，容量大，可以放筆記型電腦"),
            ("utf-8-sig", "Mütze"),
        ],
    )
    def test_a_european_or_chinese_excel_wrote_it(self, tmp_path, encoding, title):
        """Semicolons, a decimal comma, and an encoding of its own."""
        path = written(
            tmp_path / "p.csv", f"Handle;Title;Variant Price\nhat;{title};1.249,90\n", encoding
        )
        (hat,) = read_products([path], [], "EUR")
        assert (title, "1249.90") == (hat.title, str(hat.variants[0].price))


class TestWrongKind:
    def test_a_file_of_another_kind_is_told_by_its_kind(self, tmp_path):
        """In one line, not one a record; the next file is read."""
        questions = written(tmp_path / "q.csv", "question,reply_id\nhi,a\nho,b\n")
        replies = written(tmp_path / "r.json", json.dumps(REPLIES))
        bad: list[BadLine] = []
        assert 2 == len(list(read_replies([questions, replies], bad)))
        assert ["these are questions: shopclerk import questions FILE"] == [b.reason for b in bad]

    def test_products_are_no_replies(self, tmp_path):
        """Nor the other way round."""
        products = written(tmp_path / "p.csv", "Handle,Title,Variant Price\nhat,Hat,5\n")
        bad: list[BadLine] = []
        assert [] == list(read_replies([products], bad))
        assert "import products" in bad[0].reason
        questions = written(tmp_path / "q.csv", "question,reply_id\nhi,a\n")
        with pytest.raises(FileUnreadable, match="import questions"):
            list(read_products([questions], []))

    def test_a_workbook_and_a_pdf_hold_no_lines(self, tmp_path):
        """With what to do."""
        workbook, pdf = tmp_path / "r.xlsx", tmp_path / "r.pdf"
        with zipfile.ZipFile(workbook, "w") as archive:
            archive.writestr("xl/workbook.xml", "<x/>")
        pdf.write_bytes(b"%PDF-1.7 ...")
        with pytest.raises(FileUnreadable, match="Save it as CSV"):
            list(read_replies([workbook], []))
        with pytest.raises(FileUnreadable, match="import knowledge"):
            list(read_replies([pdf], []))

"""Stories of imported files: good lines are kept, bad ones named by file, line and reason."""

import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest

from feedback.knowledge.importers.files import (
    BadLine,
    BoughtLine,
    FactLine,
    FileUnreadable,
    QuestionLine,
    ReplyLine,
    TurnLine,
    read_dialogues,
    read_facts,
    read_products,
    read_purchases,
    read_questions,
    read_ranking,
    read_replies,
)

GOOD = b'{"reply_id": "a", "text": "Hello", "locale": "en", "other": 1}\n'


def write(path: Path, *lines: object) -> Path:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


class TestGoodLines:
    def test_each_kind_is_read(self, tmp_path):
        """
        Replies, questions, facts, dialogues and rankings in their formats, unknown keys ignored.
        """
        bad: list[BadLine] = []
        replies = write(
            tmp_path / "r", {"reply_id": "a", "text": "你好", "locale": "zh"}, {"reply_id": 7}
        )
        questions = write(tmp_path / "q", {"question": "hm?", "reply_id": None})
        facts = write(tmp_path / "f", {"name": "return_days", "value": 30})
        turns = [
            {"speaker": "shopper", "text": "hi"},
            {"speaker": "clerk", "text": "yes", "reply_id": "a"},
        ]
        dialogues = write(tmp_path / "d", {"id": "d1", "turns": turns, "accepted": True})
        ranking = write(
            tmp_path / "k", {"id": 1, "turns": turns, "candidates": ["x", "y"], "target": 1}
        )

        assert list(read_replies([replies], bad)) == [
            ReplyLine("a", "你好", "zh"),
            ReplyLine("7", None),
        ]
        assert list(read_questions([questions], bad)) == [QuestionLine("hm?", None)]
        assert list(read_facts([facts], bad)) == [FactLine("return_days", "30")]
        (dialogue,) = read_dialogues([dialogues], bad)
        assert (dialogue.accepted, dialogue.turns[1]) == (True, TurnLine("clerk", "yes", "a"))
        (task,) = read_ranking([ranking], bad)
        assert (task.id, task.target) == ("1", 1)
        assert bad == []

    def test_orders_are_exact_and_in_utc(self, tmp_path):
        """
        Amounts are decimal whether written as text or number; times are turned to UTC.
        """
        path = write(
            tmp_path / "o",
            {
                "order_id": 1001,
                "shopper": None,
                "email": None,
                "placed_at": "2026-01-31T12:00:00+08:00",
                "currency": "usd",
                "total": 59.9,
                "lines": [{"product_id": "mug", "quantity": 2, "price": "29.95"}],
            },
        )
        (order,) = read_purchases([path], [])
        assert order.placed_at is not None
        assert ("1001", "USD", Decimal("59.9"), "2026-01-31T04:00:00+00:00") == (
            order.order_id,
            order.currency,
            order.total,
            order.placed_at.isoformat(),
        )
        assert order.lines == (BoughtLine("mug", 2, Decimal("29.95")),)

    def test_packed_files_are_unpacked(self, tmp_path):
        """
        `.gz` is accepted everywhere.
        """
        path = tmp_path / "replies.jsonl.gz"
        path.write_bytes(gzip.compress(GOOD))
        assert len(list(read_replies([path], []))) == 1


class TestBadLines:
    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (b"not json", "not JSON"),
            (b'{"reply_id": "a", "text": "\xff"}', "not UTF-8"),
            (b'{"reply_id": "a", "text": "x\x00"}', "NUL"),
            (b'{"reply_id": "a", "text": "x\\u0000"}', "NUL"),
            (b'{"reply_id": "a", "text": "\\ud800"}', "half a character"),
            (b'["a"]', "an object is needed|object is needed"),
            (b'{"text": "x"}', '"reply_id" is missing'),
            (b'{"reply_id": "a", "text": "  "}', '"text" is empty'),
            (b'{"reply_id": "a", "text": 5}', "has to be a string"),
            (b'{"reply_id": "a", "text": NaN}', "not a number of JSON"),
            (b"[" * 100_000, "not JSON"),
            (b'{"reply_id": "a", "text": "' + b"x" * 5_000_000 + b'"}', "longer than"),
        ],
    )
    def test_line_is_named_and_the_others_kept(self, tmp_path, line, reason):
        """
        One bad line costs itself, and says where it is and what is wrong.
        """
        path = tmp_path / "replies.jsonl"
        path.write_bytes(GOOD + b"\n" + line + b"\n" + GOOD)
        bad: list[BadLine] = []
        assert len(list(read_replies([path], bad))) == 2
        (said,) = bad
        assert str(said).startswith(f"{path}:3: ")
        assert any(part in said.reason for part in reason.split("|"))

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"total": "NaN"}, "has to be an amount"),
            ({"total": "-1"}, "has to be an amount"),
            ({"total": True}, "has to be an amount"),
            ({"currency": "dollars"}, "three letters"),
            ({"order_id": None}, "has to be a string"),
            ({"placed_at": "2026-01-31T12:00:00"}, None),
            ({"placed_at": "yesterday"}, None),
            ({"total": "1.00001"}, None),
            ({"lines": {}}, None),
            ({"lines": [5]}, None),
            ({"lines": [{"product_id": "a", "quantity": 1.5, "price": 1}]}, None),
        ],
    )
    def test_an_order_is_refused_for_its_id_total_and_currency_alone(
        self, tmp_path, changes, reason
    ):
        """
        The field, its value and the rule are in the reason; other oddities come with the order.
        """
        order = {
            "order_id": "1",
            "placed_at": "2026-01-31T12:00:00Z",
            "currency": "USD",
            "total": "1",
        }
        bad: list[BadLine] = []
        list(read_purchases([write(tmp_path / "o", {**order, **changes})], bad))
        assert [reason] == [
            reason if reason and reason in line.reason else line for line in bad
        ] or (reason is None and not bad)

    def test_target_and_speaker_are_checked(self, tmp_path):
        """
        A target past the candidates and an unknown speaker are refused.
        """
        turn = {"speaker": "shopper", "text": "hi"}
        bad: list[BadLine] = []
        task = {"id": "1", "turns": [turn], "candidates": ["x"], "target": 1}
        list(read_ranking([write(tmp_path / "k", task)], bad))
        ghost = {"id": "1", "turns": [{**turn, "speaker": "ghost"}]}
        list(read_dialogues([write(tmp_path / "d", ghost, {"id": "2", "turns": []})], bad))
        assert ["there are 1 candidates", "has to be one of", "is empty"] == [
            part
            for part, line in zip(
                ["there are 1 candidates", "has to be one of", "is empty"], bad, strict=True
            )
            if part in line.reason
        ]


class TestUnreadableFiles:
    def test_missing_folder_and_broken_archive(self, tmp_path):
        """
        A whole file that can not be read is an error with a remedy.
        """
        (tmp_path / "x.gz").write_bytes(b"not packed")
        for path, reason in [
            (tmp_path / "none", "no such file"),
            (tmp_path, "a folder"),
            (tmp_path / "x.gz", "not a gzip file"),
        ]:
            with pytest.raises(FileUnreadable, match=reason):
                list(read_replies([path], []))

    def test_archive_cut_short_keeps_what_came_before(self, tmp_path):
        """
        Half an archive yields its lines up to the cut, and says so.
        """
        path = tmp_path / "replies.jsonl.gz"
        lines = b"".join(
            json.dumps({"reply_id": str(n), "text": str(n * 7919 % 10007)}).encode() + b"\n"
            for n in range(5_000)
        )
        path.write_bytes(gzip.compress(lines)[:-4_000])
        bad: list[BadLine] = []
        read = list(read_replies([path], bad))
        assert 0 < len(read) < 5_000
        assert "broken from here on" in bad[-1].reason


HEAD = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,"
    "Variant Compare At Price,Image Src,Status,Title (zh)\n"
)


class TestProducts:
    def test_the_cost_of_an_item_is_read_where_it_is_told(self, tmp_path):
        """
        Shopify's export has it; a cost that cannot be read costs its row, like a price.
        """
        path = tmp_path / "products.csv"
        path.write_text(
            "Handle,Title,Variant Price,Cost per item\nmug,Mug,12.50,4.20\ncup,Cup,9,\n"
            "jar,Jar,9,cheap\n",
            encoding="utf-8",
        )
        bad: list[BadLine] = []
        mug, cup, *_ = read_products([path], bad)

        assert [Decimal("4.20"), None] == [mug.variants[0].cost, cup.variants[0].cost]
        assert "Cost per item" in bad[0].reason

    def test_rows_of_one_handle_are_one_product(self, tmp_path):
        """
        Variants and further pictures follow on rows of their own; HTML becomes text.
        """
        path = tmp_path / "products.csv"
        path.write_text(
            HEAD + 'mug,Mug,"<p>Blue &amp; <b>round</b></p><script>x</script>",JL,Home,"a, b",true,'
            "Size,S,M1,shopify,3,deny,12.50,15.00,https://x/1.png,active,杯子\n"
            + "mug,,,,,,,,L,M2,,9,deny,14,,,,\n"
            + "mug,,,,,,,,,,,,,,,https://x/2.png,,\n"
            + "old,Old,,,,,true,Title,Default Title,,shopify,-2,deny,1,0,,draft,\n",
            encoding="utf-8",
        )
        bad: list[BadLine] = []
        mug, old = read_products([path], bad)
        assert ("Mug", "杯子", "Blue & round", ["a", "b"], "https://x/1.png", True) == (
            mug.title,
            mug.translations[0].title,
            mug.body,
            mug.tags,
            mug.image,
            mug.active,
        )
        assert [
            ("mug/S", {"Size": "S"}, 3, Decimal("15.00")),
            ("mug/L", {"Size": "L"}, None, None),
        ] == [
            (each.variant_id, each.options, each.quantity, each.compare_at) for each in mug.variants
        ]
        assert (False, "old", {}, 0, None) == (
            old.active,
            old.variants[0].variant_id,
            old.variants[0].options,
            old.variants[0].quantity,
            old.variants[0].compare_at,
        )
        assert bad == []

    def test_bad_rows_cost_themselves(self, tmp_path):
        """
        A wrong price, broken bytes or a missing title is named; the rest is read.
        """
        path = tmp_path / "products.csv"
        rows = [
            "a,Äpfel,,,,,true,Size,S,,,,,cheap,,,active,".encode(),
            b"a,,,,,,,,M,,,,,5,,,,",
            b"b,\xff,,,,,true,,,,,,,5,,,active,",
            b"c,,,,,,true,,,,,,,5,,,active,",
            b",D,,,,,true,,,,,,,5,,,active,",
        ]
        path.write_bytes(HEAD.encode() + b"\n".join(rows) + b"\n")
        bad: list[BadLine] = []
        assert ["a/M"] == [
            variant.variant_id
            for product in read_products([path], bad)
            for variant in product.variants
        ]
        assert {2, 4, 5, 6} == {line.line for line in bad}

    def test_another_csv_is_refused(self, tmp_path):
        """
        A file without Shopify's columns says how to export one.
        """
        path = tmp_path / "other.csv"
        path.write_text("name,price\nmug,5\n")
        with pytest.raises(FileUnreadable, match="Export the products"):
            list(read_products([path], []))


def test_a_question_may_come_with_what_was_said_before(tmp_path):
    """In the turns of dialogues, oldest first; a turn of nobody is told with its line."""
    said = [{"speaker": "shopper", "text": "can i?"}, {"speaker": "clerk", "text": "Yes."}]
    line = {"question": "how long?", "reply_id": "refund_time", "history": said}
    odd = {**line, "history": [{"speaker": "parrot", "text": "hm"}]}
    bad: list[BadLine] = []
    found = list(read_questions([write(tmp_path / "q", line, odd)], bad))

    turns = (TurnLine("shopper", "can i?"), TurnLine("clerk", "Yes."))
    assert [QuestionLine("how long?", "refund_time", "en", turns)] == found
    assert ["parrot" in each.reason for each in bad] == [True]

"""Documents of every kind, and what can not be read."""

import io
import zipfile

import pytest
from hypothesis import given, strategies as st

from feedback.knowledge.documents.cut import PASSAGE_CHARS, SENTENCE_CHARS
from feedback.knowledge.documents.document import Unreadable
from feedback.knowledge.documents.fold import PlacedText, copies_among
from feedback.knowledge.documents.read import read_document
from feedback.knowledge.documents.sentences import split_sentences
from tests.feedback.knowledge.documents.made import make_docx, make_pdf


def said(content: bytes, name: str) -> list[tuple[str, ...]]:
    return [(*one.headings, one.text) for one in read_document(content, name).cuts]


class TestKinds:
    def test_markdown(self):
        """Front matter gives title and date; anchors and notes are no text."""
        text = (
            "---\ntitle: Returns\nlastmod: 2026-02-01\n---\n## Time {#time}\n[!NOTE] You have"
            " **14 days**.\n\n| Land | Days |\n|---|---|\n| AT | 2 |\n"
        )
        read = read_document(text.encode(), "returns.md")

        assert ("Returns", "2026-02-01") == (read.title, f"{read.dated_at:%Y-%m-%d}")
        assert [("Time",)] == [one.headings for one in read.cuts]
        assert ("You have 14 days.", "AT | 2") == read.cuts[0].sentences

    def test_word(self):
        """Headings and paragraphs as Word styles them."""
        content = make_docx([("Heading1", "Payment"), ("", "We take cards. No cheques.")])

        assert [("We take cards. No cheques.",)] == said(content, "payment.docx")

    def test_pdf(self):
        """Larger lines are headings, bullets items; lines broken by the page's width go on."""
        content = make_pdf(
            [[(18, "Returns"), (10, "You may send goods back"), (10, "within 14 days.")],
             [(14, "Not taken back"), (10, "\u2022 opened food")]]
        )  # fmt: skip

        assert [
            ("You may send goods back within 14 days.",),
            ("Not taken back", "opened food"),
        ] == said(content, "returns.pdf")

    def test_tables_of_pdf(self):
        """Cells side by side are rows, their lines go on, and the first row heads the others."""
        left, right = 50, 200
        content = make_pdf([[
            (10, "Carrier", left, 700), (10, "Days", right, 700),
            (10, "Post to", left, 680), (10, "Austria", left, 668), (10, "2 to 3", right, 680),
        ]])  # fmt: skip
        (one,) = read_document(content, "a.pdf").cuts

        assert (("Post to Austria | 2 to 3",), ("Carrier | Days",)) == (one.sentences, one.leads)

    def test_plain_text(self):
        """Blank lines part paragraphs; dashes make items; Q and A make pairs."""
        text = "Q: Is it late?\nA: No, never.\n\nWe take:\n- cash\n- cards"
        assert [("Is it late?", "No, never.\nWe take:\ncash\ncards")] == said(
            text.encode(), "a.txt"
        )

    def test_tables_of_questions(self):
        """CSV and JSON, with sections where there are some."""
        table = "Category;Question;Answer\nPayment;Cash?;Yes, in the shop.\n;;\n"
        assert [("Payment", "Cash?", "Yes, in the shop.")] == said(table.encode(), "faq.csv")
        data = b'{"faq": [{"q": "Cash?", "a": "<p>Yes.</p>"}]}'
        assert [("Cash?", "Yes.")] == said(data, "faq.json")


class TestUnreadable:
    @pytest.mark.parametrize(
        ("content", "name", "remedy"),
        [
            (make_pdf([[]]), "scan.pdf", "text recognition"),
            (b"%PDF-1.4 broken", "broken.pdf", "print it to a new PDF"),
            (b"no archive", "old.docx", "saved as .docx"),
            (b"name,price\nhat,9", "products.csv", '"question" and "answer"'),
            (b"{", "faq.json", "no JSON"),
            (b"\x89PNG", "picture.png", "those are HTML, Markdown, PDF"),
            (b"<nav>Home</nav>", "empty.html", "no text besides links"),
            (b"x" * (21 << 20), "large.txt", "divide it"),
        ],
    )
    def test_says_why_and_what_to_do(self, content, name, remedy):
        """A scan, a broken file, another kind of table, nothing but links, 21 MB."""
        with pytest.raises(Unreadable, match=remedy):
            read_document(content, name)

    def test_a_small_archive_of_gigabytes_is_not_unpacked(self):
        """Its own list of contents says so first."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", b"0" * (101 << 20))
        with pytest.raises(Unreadable, match="unpacks to over 100 MB"):
            read_document(packed.getvalue(), "bomb.docx")


class TestSentences:
    @pytest.mark.parametrize(
        "sentences",
        [
            ["Write to P.O. Box 7, c/o Dr. No, St. Ives.", "We answer by 5 p.m. on weekdays."],
            ["It costs 3.50 USD, i.e. little.", "See shop.example/help.", "iPhone cases too."],
            ["Open at 9 a.m.", "We close at 6 p.m.", "The rest, cf. No. 5, is free..."],
            ["By Smith & Co.", "It is of the U.S. Navy.", "Vitamin C helps?", '"Yes!" he said.'],
            ["七天内可退。", "运费 3.5 元（包邮除外）！", "好吗？", "详见 shop.example。"],
        ],
    )  # fmt: skip
    def test_end_where_a_reader_stops(self, sentences):
        """Abbreviations, numbers and addresses are no ends; Chinese needs no space."""
        assert sentences == split_sentences(" ".join(sentences))

    @given(st.text(max_size=400))
    def test_lose_nothing(self, text):
        """But white space."""
        assert "".join(text.split()) == "".join("".join(split_sentences(text)).split())


class TestPassages:
    @given(st.lists(st.text("ab .!\n-", min_size=1, max_size=300), max_size=20))
    def test_are_as_long_as_a_reader_can_take_in(self, paragraphs):
        """Whatever the text: one sentence may stand alone, and none is longer than its bound."""
        try:
            read = read_document("\n\n".join(["Words.", *paragraphs]).encode(), "a.txt")
        except Unreadable:
            return
        for one in read.cuts:
            assert len(one.text) <= PASSAGE_CHARS + SENTENCE_CHARS
            assert len(one.sentences) == len(one.leads)


class TestCopies:
    def test_say_the_same_in_the_same_place(self):
        """Other numbers, another country, another heading or page: nothing of it is a copy."""
        parcels = "Parcels to {} take 4 to 7 working days and cost 7.90 EUR, free over 80 EUR."
        texts = [
            ("a", "Help", ["Time"], "You have 14 days."),
            ("b", "FAQ", ["time"], "YOU have 14  days"),
            ("c", "FAQ", ["Time"], "You have 30 days."),
            ("d", "FAQ", ["Asia"], "You have 14 days."),
            ("e", "Shipping", [], parcels.format("Austria")),
            ("f", "Shipping", [], parcels.format("Belgium")),
            ("g", "运费", [], "寄往奥地利的包裹需要四到七个工作日，运费七欧元。"),
            ("h", "运费", [], "寄往比利时的包裹需要四到七个工作日，运费七欧元。"),
            ("i", "Sencha", [], "It stays fresh for 6 months."),
            ("j", "Matcha", [], "It stays fresh for 6 months."),
        ]

        assert {"b": "a"} == copies_among(
            PlacedText(id_, id_, title, headings, text) for id_, title, headings, text in texts
        )

    def test_are_what_a_template_puts_on_every_page(self):
        """Without a heading, whatever the pages' titles."""
        pages = [
            PlacedText(f"{n}", f"p{n}", f"Page {n}", [], "Ask us anything.") for n in range(20)
        ]

        assert 19 == len(copies_among(pages))

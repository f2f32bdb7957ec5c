"""The conversation exam: its shop is whole, and turns are graded as they are told."""

import csv
import json
from pathlib import Path

from benchmarks.conversation.conversations import CONVERSATIONS
from benchmarks.conversation.grading import outcome, right_choice, summary

SHOP = Path(__file__).parents[2] / "benchmarks" / "conversation" / "shop"
UNKNOWN = "x"  # stands where no product or reply is right


def reply(kind="answer", text="", ids=(), cards=(), asks=(), choices=()):
    """A reply as the chat's API has it."""
    products = [{"product_id": id_, "title": id_, "price": price} for id_, price in cards]
    offered = [{"id": id_, "title": id_, "reply_id": id_} for id_ in choices]
    return {
        "kind": kind,
        "text": text,
        "reply_ids": list(ids),
        "products": products,
        "asks": list(asks),
        "choices": offered,
    }


class TestTheShop:
    def test_sells_and_says_all_that_the_conversations_speak_of(self):
        """A wrong id would be a turn that nobody can answer rightly."""
        with (SHOP / "products.csv").open(encoding="utf-8") as file:
            products = {row["Handle"] for row in csv.DictReader(file)}
        lines = (SHOP / "replies.jsonl").read_text(encoding="utf-8").splitlines()
        replies = {json.loads(line)["reply_id"] for line in lines}
        wanted = [turn["ok"] for talk in CONVERSATIONS for turn in talk["turns"]]
        named = {id_ for ok in wanted for id_ in ok.get("replies", ())}
        sold = {
            id_
            for ok in wanted
            for key in ("any_of", "first_of", "exactly")
            for id_ in (ok.get("prod") or {}).get(key, ())
        }
        assert named - replies <= {UNKNOWN}
        assert sold - products <= {UNKNOWN}

    def test_has_conversations_of_both_languages(self):
        """At least 150, so that a change of a few is seen."""
        assert len(CONVERSATIONS) >= 150
        assert {talk["locale"] for talk in CONVERSATIONS} == {"en", "zh"}


class TestGrading:
    def test_cards_have_to_keep_to_the_price(self):
        """One card over the price makes the answer wrong."""
        wanted = {"prod": {"any_of": ["a"], "max_price": 50}}
        assert outcome(wanted, reply(cards=[("a", "€40"), ("b", "€50")])) == "right"
        assert outcome(wanted, reply(cards=[("a", "€40"), ("b", "€51")])) == "wrong_confident"

    def test_a_right_button_is_half_right(self):
        """A patient shopper presses it."""
        said = reply("choices", choices=["return_cost", "return_policy"])
        assert outcome({"replies": ["return_policy"]}, said) == "half_choice"
        pressed = right_choice({"replies": ["return_policy"]}, said)
        assert pressed is not None
        assert pressed["id"] == "return_policy"
        assert outcome({"replies": ["refund_time"]}, said) == "wrong_choices"

    def test_what_must_not_be_said_is_wrong_beside_what_is_right(self):
        """A right word in a wrong answer earns nothing."""
        wanted = {"fact": "stock", "must_not": "White"}
        assert outcome(wanted, reply(text="in stock in White")) == "wrong_confident"

    def test_a_person_called_for_nothing_counts_apart(self):
        """It costs the staff time, but misleads nobody."""
        assert outcome({"fact": "340 g"}, reply("handover")) == "needless_handover"
        assert outcome({"handover": True}, reply("handover")) == "right"

    def test_questions_back_are_told_apart_by_what_they_ask(self):
        """Both, one of them, or what product is meant."""
        both = reply("ask", asks=["email", "order_number"])
        assert outcome({"ask": ["both"]}, both) == "right"
        assert outcome({"ask": ["email"]}, both) == "wrong_ask"
        assert outcome({"ask": ["email"]}, reply("ask", asks=["email"])) == "right"

    def test_the_summary_says_how_long_conversations_stay_right(self):
        """Of those that are long enough, turn by turn."""
        rows = [
            {"id": id_, "category": "c", "locale": "en", "tags": [], "outcome": said}
            for id_, said in (("a", "right"), ("a", "wrong_ask"), ("b", "right"))
        ]
        found = summary(rows)
        assert found["right_so_far"] == [100.0, 0.0]
        assert found["whole"] == 50.0

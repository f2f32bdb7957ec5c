"""The build fails where planted values are learned, or harmless words are taken for values.

The values are Faker's, in twenty locales, see `benchmarks.personal`; the figures of docs/privacy.md
are measured on more of them.
"""

import json
import unicodedata
from pathlib import Path

import pytest

import shopclerk
from benchmarks.personal import KINDS, planted, score
from feedback.redaction import redact

EACH = 6  # of a kind and locale: 1,800 messages in two seconds
FREE = frozenset({"greeted", "closed", "name", "address", "handle", "plate"})
DEMO = Path(shopclerk.__file__).parent / "demo"


@pytest.fixture(scope="module")
def scores():
    return score(planted(EACH))


class TestPlantedValues:
    @pytest.mark.parametrize("kind", sorted(KINDS.keys() - FREE))
    def test_a_structured_kind_is_found_99_times_in_100(self, scores, kind):
        """Dates of birth, cards' data, passports, spelled e-mails and passwords in any language."""
        assert scores[kind].share >= 0.99, [each.text for each in scores[kind].missed[:5]]

    @pytest.mark.parametrize("kind", sorted(FREE))
    def test_a_free_kind_is_found_95_times_in_100(self, scores, kind):
        """Names, addresses, plates and handles: became a placeholder, or wait for a person."""
        assert scores[kind].share >= 0.95, [each.text for each in scores[kind].missed[:5]]

    def test_of_what_nobody_looked_at_95_in_100_are_found(self):
        """Held-out locales, frames and garblings."""
        held = score(each for each in planted(EACH, seed=7) if each.held_out)
        seen = sum(each.seen for each in held.values())
        assert sum(each.kept_out for each in held.values()) / seen >= 0.95


HARMLESS = """
Apple iPhone 15 Pro Max
I am Very Happy with it
I want to order 150 mugs
12 hour drive
a 2 way street
we are 4 people on the road
This Is Ridiculous Service
Hi There, Where Is My Order
Thanks A Lot
do you ship to New Zealand?
my password is not working
thanks, bye
does it come with a zip?
I'm Looking For A Blue Mug
do you have 3 suites
hello again
the shirt is from Levi's
what is the address for returns?
the card expires soon?
I was born ready
can I pay with Google Pay
Mother's Day gift
plates for 4 people
500 gb drive
open at 9 on Sunday?
Free Shipping over 50 USD
Dr. Martens boots
I'm in London
it is Monday
Is the Emma dress in stock
Black Friday deals
Best price?
Thank you. That is all.
can you repeat yourself
what type of gas
a 4 wheel drive
the name is misspelled
delivery address is wrong
is there a PIN on the box?
size 38-40
I ordered 3 mugs and 12 plates in 2026
does a 75x75mm plate fit?
200 dollars on the card
password reset please
saw it on instagram yesterday
follow you on facebook
gift card for 1000 dollars
i can wait until 24.12.2026
order two, send back one
我是想问一下
谢谢你
你好,请问在吗
11月3号发货吗
您好
可以便宜点吗
黄色的有吗
常用的尺码是多少
高兴收到了
路上要多久
Guten Tag, wo ist meine Bestellung
Hallo zusammen,
Danke, das war alles
Ich bin Kunde bei Ihnen
Merci beaucoup
Bonjour, où est mon colis
Gracias, muy amable
Hola, ¿Dónde está mi pedido?
Grazie mille
Teşekkür ederim
ほかのお客様の声
皆様こんにちは
""".strip().splitlines()


def kept_as_they_are(texts):
    """The share of texts that are neither changed nor held back, and those that are."""
    taken = [text for text in texts if redact(text) != (unicodedata.normalize("NFKC", text), False)]
    return 1 - len(taken) / len(texts), taken


class TestHarmlessWords:
    def test_98_in_100_stay_as_they_are(self):
        """Words in the places of names, counts in the places of numbers."""
        share, taken = kept_as_they_are(HARMLESS)
        assert share >= 0.98, taken

    @pytest.mark.parametrize("locale", ["en", "zh"])
    def test_the_demo_shop_is_asked_the_same(self, locale):
        """Its questions, also those that it was never trained with."""
        lines = (
            line
            for name in ("questions", "heldout")
            for line in (DEMO / f"{name}.{locale}.jsonl").read_text("utf-8").splitlines()
        )
        questions = [" ".join(json.loads(line)["question"].split()) for line in lines]
        share, taken = kept_as_they_are(questions)
        assert share >= 0.98, taken

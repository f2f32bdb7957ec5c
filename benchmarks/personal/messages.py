"""Generated messages with one planted personal value each, drawn by Faker.

Values come from Faker's providers of fifteen locales, sentences from `languages`, and a part is
written as people hide or garble things: full-width digits, zero-width characters, capitals.
`held_out` is what nobody looked at while the rules were written: six locales, the last frame, the
last greeting and closing, and two of the garblings.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final, NamedTuple

from faker import Faker

from benchmarks.personal.languages import LANGUAGES, Language

LOCALES: Final = {
    "en_US": "en", "en_GB": "en", "en_IN": "en", "de_DE": "de", "fr_FR": "fr", "es_ES": "es",
    "it_IT": "it", "nl_NL": "nl", "pl_PL": "pl", "sv_SE": "sv", "tr_TR": "tr", "pt_BR": "pt",
    "zh_CN": "zh", "zh_TW": "zht", "ja_JP": "ja",
    "en_AU": "en", "en_CA": "en", "de_AT": "de", "es_MX": "es", "fr_CH": "fr",
}  # fmt: skip
HELD_OUT: Final = frozenset({"en_IN", "nl_NL", "pl_PL", "pt_BR", "zh_TW", "ja_JP"})
FULL_WIDTH: Final = str.maketrans("0123456789@.", "０１２３４５６７８９＠．")


class Planted(NamedTuple):
    """A message, the value that must not be learned, and whether it is of the held-out part."""

    kind: str
    locale: str
    text: str
    value: str
    held_out: bool


def planted(count: int, seed: int = 20_261_130) -> Iterator[Planted]:
    """So many messages a kind and locale; the same seed gives the same."""
    for locale, language in LOCALES.items():
        fake = Faker(locale)
        english = Faker("en_US")
        for kind in KINDS:
            chance = random.Random(f"{seed}/{kind}/{locale}")
            fake.seed_instance(chance.randrange(1 << 30))
            english.seed_instance(chance.randrange(1 << 30))
            for at in range(count):
                yield _message(kind, locale, LANGUAGES[language], Draw(fake, english, chance), at)


class Draw(NamedTuple):
    """What a value is drawn with."""

    fake: Faker
    english: Faker
    chance: random.Random


def _message(kind: str, locale: str, words: Language, draw: Draw, at: int) -> Planted:
    value = KINDS[kind](draw, words)
    last = False
    if kind in ("greeted", "closed"):
        frames = words.greetings if kind == "greeted" else words.closings
        frame, last = frames[at % len(frames)], at % len(frames) == len(frames) - 1
        asked = draw.chance.choice(words.asks)
        said = frame.format(value)
        gap = draw.chance.choice((" ", "\n"))
        text = f"{said}{gap}{asked}" if kind == "greeted" else f"{asked}{gap}{said}"
    elif kind in ("email", "spoken_email"):
        text = draw.chance.choice(("{}", "mail: {}", "{} " + words.asks[0])).format(value)
    else:
        frame, last = words.frames[at % len(words.frames)], at % len(words.frames) == 2
        text = frame.format(value, cue=words.cues[kind])
        if draw.chance.random() < 0.3:
            text = f"{draw.chance.choice(words.asks)} {text}"
    text, garbled = _garbled(text, kind, draw.chance)
    return Planted(kind, locale, text, value, locale in HELD_OUT or last or garbled)


def _garbled(text: str, kind: str, chance: random.Random) -> tuple[str, bool]:
    """The message as somebody else types it, and whether that way is held out."""
    roll = chance.random()
    if kind == "password" or roll > 0.35:
        return text, False
    if roll < 0.07:
        return text.translate(FULL_WIDTH), False
    if roll < 0.14:
        at = chance.randrange(len(text))
        return text[:at] + "\u200b" + text[at:], False
    if roll < 0.21:
        return text.replace(" ", "  "), False
    if roll < 0.28:
        return text.replace(" ", "\u00a0"), True
    return (text if kind == "handle" else text.upper()), True


def _name(draw: Draw, _: Language) -> str:
    fake = draw.fake
    if draw.chance.random() < 0.5:
        return str(fake.first_name()) if fake.locales[0][:2] not in ("zh", "ja") else fake.name()
    return f"{fake.first_name()} {fake.last_name()}" if _latin(fake) else str(fake.name())


def _full_name(draw: Draw, _: Language) -> str:
    fake = draw.fake
    return f"{fake.first_name()} {fake.last_name()}" if _latin(fake) else str(fake.name())


def _latin(fake: Faker) -> bool:
    return fake.locales[0][:2] not in ("zh", "ja")


def _plate(draw: Draw, _: Language) -> str:
    try:
        return str(draw.fake.license_plate())
    except AttributeError:
        return str(draw.english.license_plate())


def _birth(draw: Draw, words: Language) -> str:
    born: date = draw.fake.date_of_birth(minimum_age=18, maximum_age=90)
    if words.at in ("艾特", "小老鼠", "アットマーク"):
        return f"{born.year}年{born.month}月{born.day}日"
    forms: tuple[str, ...] = ("%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y")
    if words.at == "at":
        forms += ("%B %d, %Y", "%d %b %Y")
    return born.strftime(draw.chance.choice(forms))


def _ssn(draw: Draw, _: Language) -> str:
    try:
        return str(draw.fake.ssn())
    except AttributeError:
        return str(draw.english.ssn())


def _address(draw: Draw, _: Language) -> str:
    return str(draw.fake.address() if draw.chance.random() < 0.6 else draw.fake.street_address())


def _spoken(draw: Draw, words: Language) -> str:
    user = draw.english.user_name()
    where, tail = draw.chance.choice(
        (("gmail", "com"), ("web", "de"), ("outlook", "com"), ("orange", "fr"), ("example", "net"))
    )
    at = draw.chance.choice((words.at, f"({words.at})", f"[{words.at}]"))
    return f"{user} {at} {where} {words.dot} {tail}"


def _password(draw: Draw, _: Language) -> str:
    if draw.chance.random() < 0.5:
        return str(draw.english.password(length=draw.chance.randint(8, 14)))
    return f"{draw.english.word()}{draw.chance.randint(1, 9999)}"


Drawer = Callable[[Draw, Language], str]

KINDS: Final[dict[str, Drawer]] = {
    "greeted": _name,
    "closed": _name,
    "name": _full_name,
    "plate": _plate,
    "birth_date": _birth,
    "passport": lambda draw, _: str(draw.english.passport_number()),
    "national_id": _ssn,
    "email": lambda draw, _: str(draw.fake.ascii_email()),
    "spoken_email": _spoken,
    "expiry": lambda draw, _: str(draw.english.credit_card_expire()),
    "last_four": lambda draw, _: f"{draw.chance.randrange(10_000):04}",
    "cvv": lambda draw, _: f"{draw.chance.randrange(1000):03}",
    "address": _address,
    "handle": lambda draw, _: "@" * (draw.chance.random() < 0.5) + str(draw.english.user_name()),
    "password": _password,
}

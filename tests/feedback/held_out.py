"""Messages with personal data in them that nobody wrote: each kind's values are drawn by its rule.

The patterns were written against hand-made messages; these are others. Values come from the
numbering plans of phonenumbers, the check digits of ISO/IEC 7812 and GB 11643, and chance; the
sentences around them are such as people write to a shop.
"""

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

EN = (
    "hi, {} is mine, can you check it please",
    "my {cue} changed, it is {} now",
    "{}",
    "I wrote to you yesterday ({}), still no answer!",
    "please use {} instead. thanks, bye",
    "why do you need my {cue}? fine: {}",
)
ZH = (
    "你好,{}是我的,帮我查一下",
    "我的{cue}换了,现在是{}",
    "{}",
    "昨天说过了({})怎么还没有回复",
    "请用{},谢谢",
    "为什么要{cue}?好吧:{}",
)
CUES = {
    "email": ("email", "邮箱"),
    "phone": ("phone number", "手机号"),
    "card": ("card", "银行卡"),
    "id": ("id number", "身份证"),
    "ip": ("ip", "地址"),
    "order": ("order number", "订单号"),
}


class Message(NamedTuple):
    """A message, and the value in it that has to go."""

    kind: str
    locale: str
    text: str
    value: str


def messages(kind: str, locale: str, count: int, seed: int = 20_261_125) -> Iterator[Message]:
    """So many messages with a value of `kind` each; the same seed gives the same."""
    chance = random.Random(f"{seed}/{kind}/{locale}")
    for _ in range(count):
        value = DRAW[kind](chance, locale)
        cue = CUES[kind][locale == "zh"]
        if kind == "order":  # bare digits are nobody's: an order number is known by its cue
            text = chance.choice(ORDERS[locale]).format(value)
        else:
            text = chance.choice(ZH if locale == "zh" else EN).format(value, cue=cue)
        yield Message(kind, locale, text, value)


ORDERS = {
    "en": ("where is order #{}?", "order number {} has not come", "Order {}: cancel it", "#{} ??"),
    "zh": ("订单号{}到哪了", "订单{}还没发货", "我的单号是{},请取消", "订单编号:{}"),
}


def _word(chance: random.Random, low: int = 2, high: int = 9) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return "".join(chance.choice(letters) for _ in range(chance.randint(low, high)))


def _email(chance: random.Random, _: str) -> str:
    local = chance.choice((".", "_", "-", "+", "")).join(
        _word(chance) for _ in range(chance.randint(1, 3))
    )
    if chance.random() < 0.4:
        local += str(chance.randint(1, 9_999))
    tail = chance.choice(("com", "de", "co.uk", "com.cn", "io", "museum", "online", "cn"))
    found = f"{local}@{_word(chance, 3, 12)}.{tail}"
    return found.upper() if chance.random() < 0.1 else found


def _phone(chance: random.Random, locale: str) -> str:
    region = "CN" if locale == "zh" else chance.choice(("US", "GB", "DE"))
    while True:
        model = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
        assert model is not None
        digits = str(model.national_number)
        kept = digits[:2] if region == "CN" else digits[:3]
        rest = "".join(str(chance.randrange(10)) for _ in digits[len(kept) :])
        number = phonenumbers.PhoneNumber(
            country_code=model.country_code, national_number=int(kept + rest)
        )
        if phonenumbers.is_valid_number(number):
            break
    forms = [PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164, PhoneNumberFormat.NATIONAL]
    return str(phonenumbers.format_number(number, chance.choice(forms)))


def _card(chance: random.Random, _: str) -> str:
    prefix, length = chance.choice(
        (("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("34", 15), ("37", 15), ("6011", 16),
         ("622126", 16), ("62", 19))
    )  # fmt: skip
    digits = prefix + "".join(str(chance.randrange(10)) for _ in range(length - len(prefix) - 1))
    total = 0
    for place, char in enumerate(reversed(digits)):
        double = int(char) * 2 if place % 2 == 0 else int(char)
        total += double - 9 if double > 9 else double
    digits += str(-total % 10)
    gap = chance.choice(("", " ", "-"))
    return gap.join(digits[start : start + 4] for start in range(0, length, 4))


def _id(chance: random.Random, locale: str) -> str:
    if locale == "en":
        area, group, serial = (chance.randint(*ends) for ends in ((1, 665), (1, 99), (1, 9_999)))
        return f"{area:03}-{group:02}-{serial:04}"
    body = f"{chance.choice((11, 31, 44, 51, 62))}{chance.randint(100, 9999):04}"
    body += f"{chance.randint(1940, 2012)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    body += f"{chance.randint(1, 999):03}"
    total = sum(int(char) * pow(2, 17 - place, 11) for place, char in enumerate(body))
    return body + "10X98765432"[total % 11]


def _ip(chance: random.Random, _: str) -> str:
    if chance.random() < 0.2:
        start = chance.randrange(1 << 16)
        return f"{start:x}:{chance.randrange(1, 1 << 16):x}::{chance.randrange(1, 1 << 16):x}"
    if chance.random() < 0.3:
        return ":".join(f"{chance.randrange(65_536):x}" for _ in range(8))
    return ".".join(str(chance.randint(1, 254)) for _ in range(4))


def _order(chance: random.Random, _: str) -> str:
    prefix = chance.choice(("", "", "JL-", "SO"))
    return prefix + str(chance.randint(1_000, 10 ** chance.randint(5, 15)))


DRAW: dict[str, Callable[[random.Random, str], str]] = {
    "email": _email,
    "phone": _phone,
    "card": _card,
    "id": _id,
    "ip": _ip,
    "order": _order,
}

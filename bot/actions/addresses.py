"""Address a shopper means: one written out, or one that the customer's account or orders hold."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.actions.tokens import find, tokens

Address = Mapping[str, str]

_STATES: Final = (
    "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,"
    "DE Delaware,"
    "FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,"
    "LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,"
    "MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,"
    "NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,"
    "RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,"
    "VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming,DC District of Columbia"
)
STATES: Final = {
    name.lower(): code for code, name in (one.split(" ", 1) for one in _STATES.split(","))
}
_UNIT: Final = r"(?:apt|apartment|suite|ste|unit|floor|fl|room|rm|no\.?|#)\.?\s*#?\s*[\w-]+"
_END: Final = re.compile(
    r"[,\s]+(?P<state>[A-Z]{2}|" + "|".join(STATES) + r")\.?[,\s]+(?P<zip>\d{5}(?:-\d{4})?)(?!\d)",
    re.IGNORECASE,
)
_STREET: Final = re.compile(r"(?<![\w#])\d{1,6}\s+[A-Za-z][\w.' -]*", re.IGNORECASE)
FIELDS: Final = ("address1", "address2", "city", "state", "zip", "country")


def read_address(text: str, country: str = "USA") -> dict[str, str] | None:
    """An address written out: number and street, perhaps a unit, city, state, ZIP code.

    >>> read_address("ship it to 12 Oak Street, Apt 4, New York, NY 10001 please")["city"]
    'New York'
    >>> read_address("12 Oak Street") is None
    True
    """
    plain = unicodedata.normalize("NFKC", text).replace("，", ",").replace("\n", ", ")
    for end in reversed(list(_END.finditer(plain))):
        begins = list(_STREET.finditer(plain[: end.start()]))
        # The street begins at the last number that is no unit's and has a city behind it.
        for begin in reversed(begins):
            parts = [p.strip() for p in plain[begin.start() : end.start()].split(",") if p.strip()]
            parts = [p for p in parts if p]
            if parts and (made := _put_together(parts, end, country)):
                return made
    return None


def _put_together(parts: list[str], end: re.Match[str], country: str) -> dict[str, str] | None:
    street, *middle = parts
    unit = ""
    if inside := re.search(rf"\s+({_UNIT})$", street, re.IGNORECASE):
        street, unit = street[: inside.start()], inside.group(1)
    if middle and re.fullmatch(_UNIT, middle[0], re.IGNORECASE):
        unit, *middle = middle
    if not middle or re.match(_UNIT + "$", street, re.IGNORECASE):
        return None
    city = re.sub(r"^(in|at)\s+", "", middle[-1], flags=re.IGNORECASE)
    state = end["state"]
    return {
        "address1": street.strip(),
        "address2": unit.strip(),
        "city": city,
        "state": STATES.get(state.lower(), state.upper()),
        "zip": end["zip"],
        "country": country,
    }


def known_address(
    text: str, known: Sequence[Address], account: Address, account_words: str
) -> dict[str, str] | None:
    """An address of theirs that a text points at: by its street or city, or as the account's."""
    low, said = text.lower(), tokens(text)
    for field in ("address1", "street", "city", "state"):
        hits = {tuple(sorted(one.items())): one for one in known if _named(one, field, said, low)}
        if len(hits) == 1:
            return full(next(iter(hits.values())))
        if len(hits) > 1:
            break
    if account and re.search(account_words, low):
        return full(account)
    return None


def full(address: Address) -> dict[str, str]:
    """With every field the API names."""
    return {name: str(address.get(name, "")) for name in FIELDS}


def show_address(address: Address) -> str:
    """In one line."""
    return ", ".join(filter(None, (str(address.get(name, "")).strip() for name in FIELDS)))


def zips(addresses: Iterable[Address]) -> set[str]:
    """Their ZIP codes."""
    return {str(each.get("zip", "")) for each in addresses}


def _named(address: Address, field: str, said: Sequence[str], low: str) -> bool:
    if field == "street":  # without its number: "the one on Oak Street"
        words = [one for one in tokens(str(address.get("address1", ""))) if one.isalpha()]
        return len(words) > 1 and bool(find(words, said))
    value = str(address.get(field, ""))
    if field == "state":
        names = [name for name, code in STATES.items() if code == value]
        return any(name in low for name in names)
    return bool(value) and bool(find(tokens(value), said))

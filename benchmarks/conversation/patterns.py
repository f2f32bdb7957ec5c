"""Patterns of conversations: turns with places for products, orders and wordings.

A pattern is a conversation with places for products, orders and wordings. `|` parts wordings of a
turn: the first conversation of a pattern takes the first, the second one the second, and so on. How
a turn is graded is told in `grading.py`.
"""

from typing import Any

CONVERSATIONS: list[dict[str, Any]] = []
SILENT = r"doesn't say|没有写"  # the description does not say


def turn(say, *tags, **ok):
    """A shopper's turn, its tags, and what is right."""
    return {"say": say, "tags": list(tags), "ok": ok}


def talk(name, locale, category, *turns, each=({},), page=None):
    """A conversation for each of the bindings."""
    for number, binding in enumerate(each):
        CONVERSATIONS.append(
            {
                "id": f"{name}{number}" if len(each) > 1 else name,
                "category": category,
                "locale": locale,
                **({"page": page.format(**binding)} if page else {}),
                "turns": [_filled(one, binding, number) for one in turns],
            }
        )


def _filled(one, binding, number):
    wordings = one["say"].split("|")
    say = _put(wordings[number % len(wordings)], binding)
    return {"say": say, "tags": one["tags"], "ok": _put(one["ok"], binding)}


def _put(value, binding):
    """The value with its places filled; a place that is all of a string takes whatever is bound."""
    if isinstance(value, str):
        if value[:1] == "{" and value[1:-1] in binding:
            return binding[value[1:-1]]
        for name, bound in binding.items():
            value = value.replace("{" + name + "}", str(bound))
        return value
    if isinstance(value, dict):
        return {key: _put(each, binding) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        filled = [_put(each, binding) for each in value]
        return [one for each in filled for one in (each if isinstance(each, list) else [each])]
    return value


def bind(names, *rows):
    """Bindings from rows of values: `bind("p id", ("Ember", "ember-rear"))`."""
    return [dict(zip(names.split(), row, strict=True)) for row in rows]


def only(*ids, **more):
    """The first card is one of these."""
    return {"first_of": list(ids), **more}


def some(*ids, **more):
    """One of the cards is one of these."""
    return {"any_of": list(ids), **more}

"""What an HTML page says of itself: title, date, links, robots' wishes, linked data."""

import json
import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from feedback.knowledge.documents.clean import visible
from feedback.knowledge.importers.html_text import plain_text


def title_of(tree: LexborHTMLParser) -> str:
    """The page's own heading; else its title without the shop's name behind a dash."""
    headings = tree.css("h1")
    if len(headings) == 1 and (text := visible(headings[0].text(separator=" ")).rstrip("¶#")):
        return text[:200].strip()
    said = meta(tree, "property", "og:title")
    title = tree.css_first("head title")
    whole = said or (visible(title.text()) if title is not None else "")
    return re.split(r"\s+[|–—·-]\s+", whole)[0][:200].strip()


def links_of(tree: LexborHTMLParser) -> tuple[str, ...]:
    """Where the page leads, but for the links it asks robots not to follow."""
    written = (
        link.attributes.get("href") or ""
        for link in tree.css("a[href], link[rel=alternate][hreflang]")
        if "nofollow" not in (link.attributes.get("rel") or "")
    )
    return tuple(dict.fromkeys(href.strip() for href in written if href.strip()))


def date_of(tree: LexborHTMLParser) -> str:
    """When it was changed, as it says; "" where it does not."""
    said = meta(tree, "property", "article:modified_time") or meta(tree, "name", "last-modified")
    if said:
        return said
    for data in _linked_data(tree):
        if isinstance(data.get("dateModified"), str):
            return str(data["dateModified"])
    return attribute(tree, "time[datetime]", "datetime")


def meta(tree: LexborHTMLParser, key: str, name: str) -> str:
    """The content of a `meta` element."""
    return attribute(tree, f'meta[{key}="{name}"]', "content")


def attribute(tree: LexborHTMLParser, selector: str, name: str) -> str:
    """An attribute of the first element that a selector finds; "" where there is none."""
    node = tree.css_first(selector)
    return visible((node.attributes.get(name) or "") if node is not None else "")


def faq_pairs(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Questions with their answers from the page's `FAQPage`, as schema.org writes it."""
    for data in _linked_data(tree):
        for question in _listed(data.get("mainEntity")) if "FAQPage" in _types(data) else ():
            answers = _listed(question.get("acceptedAnswer"))
            asked = plain_text(str(question.get("name") or ""))
            said = plain_text(str(answers[0].get("text") or "")) if answers else ""
            if asked and said:
                yield visible(asked), visible(said)


def _linked_data(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(script.text())
        except (ValueError, RecursionError):
            continue
        for one in _listed(data):
            yield one
            yield from _listed(one.get("@graph"))


def _types(data: dict[str, Any]) -> list[str]:
    said = data.get("@type")
    return [str(one) for one in said] if isinstance(said, list) else [str(said)]


def _listed(value: Any) -> list[dict[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, dict)]

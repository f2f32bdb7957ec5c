"""HTML read into blocks: the main text by structure, no navigation, banners or hidden text."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from feedback.knowledge.documents.clean import visible
from feedback.knowledge.documents.cut import Block
from feedback.knowledge.documents.document import Unreadable
from feedback.knowledge.documents.html_head import (
    attribute,
    date_of,
    faq_pairs,
    links_of,
    meta,
    title_of,
)
from feedback.knowledge.documents.html_nesting import MAX_NESTING, deepest
from feedback.knowledge.documents.html_table import table_blocks

DEEPEST: Final = 200  # elements within elements; deeper ones are read as one piece of text
PAIR_LEVEL: Final = 7  # a pair's question stands below every heading
MAIN: Final = ("main", "[role=main]", "article", "[itemprop=articleBody]", "#content", "#main")
MAIN_SHARE: Final = 0.25  # of the page's words: below this, what calls itself main is a teaser

# Parts of a page that are no text of it.
SILENT: Final = (
    "script, style, noscript, template, svg, math, canvas, iframe, object, embed, video, audio,"
    " picture, img, button, input, select, textarea, label, nav, footer, aside, dialog,"
    " [role=navigation], [role=banner], [role=contentinfo], [role=search], [role=dialog],"
    " [role=alertdialog], [role=menu], .sr-only, .visually-hidden"
)
# Names by which pages call what is around their text; whole words, between dashes or underlines.
AROUND = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|newsletter|breadcrumbs?|sidebar|navbar|nav|navigation"
    r"|menu|toc|toctree|table-of-contents|social|share|sharing|pagination|pager|popup|modal|overlay"
    r"|related|comments?|skip(?:-?link|-to-content)|announcement|site-header|site-footer|masthead"
    r"|subscribe|signup|login|promo|advert(?:isement)?|ads)(?:$|[\s_-])",
    re.IGNORECASE,
)
HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
    r"|(?:text-indent|left|top)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*0",
    re.IGNORECASE,
)
BLOCK = re.compile(
    "address|article|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|figure|form"
    "|h[1-6]|header|hr|html|li|main|ol|p|pre|section|summary|table|ul"
)
HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
LINKS_ALONE: Final = 3  # a list of so many links and nothing else leads elsewhere, it says nothing


class PageHtml(NamedTuple):
    """What an HTML page holds."""

    blocks: list[Block]
    title: str
    language: str  # as it says of itself
    dated: str  # the same
    links: tuple[str, ...]
    base: str
    robots: str  # its wishes to robots: "noindex, nofollow"


def read_html(markup: str) -> PageHtml:
    """Read a page: however broken, as a browser would.

    >>> read_html("<nav>Shop</nav><h1>Returns</h1><p>Send it<b> back</b>.").blocks[1].text
    'Send it back.'

    Raises:
        Unreadable: its elements are nested beyond all sense.
    """
    if deepest(markup) > MAX_NESTING:
        raise Unreadable(
            f"It has more than {MAX_NESTING} elements within each other: no page that people read."
            " Give the page's text as a file."
        )
    tree = LexborHTMLParser(markup)
    pairs = [
        (Block("heading", asked, PAIR_LEVEL), Block("text", said))
        for asked, said in faq_pairs(tree)
    ]
    dated, links = date_of(tree), links_of(tree)
    title, language = title_of(tree), attribute(tree, "html", "lang")
    robots = meta(tree, "name", "robots").lower()
    base = attribute(tree, "base", "href")
    _strip(tree)
    blocks = list(_Walk().blocks(_main_of(tree)))
    said = {block.text.casefold() for block in blocks if block.kind == "heading"}
    new = [pair for pair in pairs if pair[0].text.casefold() not in said]
    return PageHtml(
        [*blocks, *(block for pair in new for block in pair)],
        title or next((one.text for one in blocks if one.level in (1, 2)), ""),
        *(language, dated, links, base, robots),
    )


def _strip(tree: LexborHTMLParser) -> None:
    """Take out what is no text of the page."""
    opened = {
        name
        for node in tree.css("[aria-controls], [data-target], [data-bs-target]")
        for key in ("aria-controls", "data-target", "data-bs-target")
        for name in (node.attributes.get(key) or "").replace("#", "").split()
    }
    questions = [node for node in tree.css("button") if _is_opener(node)]
    for node in questions:  # an accordion's question is a button, and its answer hidden until then
        node.replace_with(f"\n{node.text(separator=' ')}\n")
    for node in tree.css(SILENT):
        node.decompose()
    for node in tree.css("*"):  # "body *" would climb to the body from each of them
        if node.tag not in (None, "html", "head", "body") and _is_around(node, opened):
            node.decompose()


def _is_opener(node: LexborNode) -> bool:
    parent = node.parent
    return bool(node.attributes.get("aria-controls")) and (
        parent is not None and parent.tag in HEADINGS
    )


def _is_around(node: LexborNode, opened: set[str]) -> bool:
    marks = node.attributes
    if (marks.get("id") or "") not in opened:
        if "hidden" in marks or marks.get("aria-hidden") == "true":
            return True
        if HIDDEN_STYLE.search(marks.get("style") or ""):
            return True
    if node.tag in ("main", "article", "body"):
        return False
    names = f"{marks.get('class') or ''} {marks.get('id') or ''}"
    if node.tag == "header":
        return not _within(node, ("article", "main"))
    return bool(AROUND.search(names)) and node.tag not in HEADINGS and not _holds_main(node)


def _within(node: LexborNode, tags: tuple[str, ...]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in tags:
            return True
        parent = parent.parent
    return False


def _holds_main(node: LexborNode) -> bool:
    return node.css_first("main, [role=main], article, h1") is not None


def _main_of(tree: LexborHTMLParser) -> LexborNode | None:
    body = tree.body
    if body is None:
        return tree.root
    everything = len(body.text(separator=" "))
    for selector in MAIN:
        found = tree.css(selector)
        # Of several articles none is the page: a list of news.
        if len(found) == 1 and len(found[0].text(separator=" ")) >= MAIN_SHARE * everything:
            return found[0]
    return body


class _Walk:
    """Goes through the elements in their order and gives blocks."""

    def __init__(self) -> None:
        self.lead = ""  # the last sentence said, where it introduces what follows

    def blocks(self, root: LexborNode | None, depth: int = 0) -> Iterator[Block]:
        """The blocks of an element; words between two of its elements are a paragraph."""
        words: list[str] = []
        for node in _children(root):
            if node.tag == "-text":
                words.append(node.text_content or "")
            elif node.tag == "br":
                words.append("\n")
            elif node.tag and (BLOCK.fullmatch(node.tag) or _has_blocks(node)) and depth < DEEPEST:
                yield from self._paragraphs(words)
                words = []
                yield from self._element(node, depth + 1)
            elif node.tag and not node.tag.startswith(("-", "!")):
                words.append(node.text(separator=""))
        yield from self._paragraphs(words)

    def _element(self, node: LexborNode, depth: int) -> Iterator[Block]:
        tag = node.tag or ""
        if tag in HEADINGS:
            if text := visible(node.text(separator="")).rstrip("¶#").rstrip():
                self.lead = ""
                yield Block("heading", text, HEADINGS[tag])
        elif tag in ("ul", "ol"):
            yield from self._items(node, self.lead, depth)
        elif tag == "dl":
            yield from self._definitions(node, depth)
        elif tag == "details":
            yield from self._details(node, depth)
        elif tag == "table":
            yield from table_blocks(node) or self.blocks(node, depth)
        elif "Question" in (node.attributes.get("itemtype") or ""):
            yield from self._pair(
                node.css_first("[itemprop=name]"),
                node.css_first("[itemprop=acceptedAnswer]"),
                depth,
            )
        else:
            yield from self.blocks(node, depth)

    def _paragraphs(self, words: list[str]) -> Iterator[Block]:
        """Lines that were broken twice are two paragraphs."""
        for part in re.split(r"\n\s*\n", "".join(words)) if words else ():
            if text := visible(part):
                self.lead = text if text.endswith((":", "：")) else ""
                yield Block("text", text)

    def _items(self, node: LexborNode, lead: str, depth: int) -> Iterator[Block]:
        items = [item for item in _children(node) if item.tag == "li"]
        if len(items) >= LINKS_ALONE and all(_is_link(item) for item in items):
            return
        for item in items:
            inner = list(_Walk().blocks(item, depth + 1))
            own = ""
            for block in inner:
                if block.kind == "text" and not own:
                    own = block.text
                    yield Block("item", own, lead=lead)
                elif block.kind == "text":
                    yield Block("item", block.text, lead=lead)
                elif block.kind == "item":
                    yield block._replace(lead=block.lead or own)
                else:
                    yield block
        self.lead = ""

    def _definitions(self, node: LexborNode, depth: int) -> Iterator[Block]:
        term = ""
        for child in _descendants(node, ("dt", "dd")):
            if child.tag == "dt":
                term = visible(child.text(separator=" "))
                yield Block("heading", term, PAIR_LEVEL)
            else:
                yield from self.blocks(child, depth)
        if term:
            yield Block("heading", "", PAIR_LEVEL)  # what follows the list is no answer

    def _details(self, node: LexborNode, depth: int) -> Iterator[Block]:
        summary = node.css_first("summary")
        yield from self._pair(summary, node, depth)

    def _pair(
        self, question: LexborNode | None, answer: LexborNode | None, depth: int
    ) -> Iterator[Block]:
        asked = visible(question.text(separator=" ")) if question is not None else ""
        if question is not None:
            question.decompose()
        yield Block("heading", asked, PAIR_LEVEL)
        yield from self.blocks(answer, depth)
        yield Block("heading", "", PAIR_LEVEL)


def _children(node: LexborNode | None) -> Iterator[LexborNode]:
    child = node.first_child if node is not None else None
    while child is not None:
        following = child.next
        yield child
        child = following


def _descendants(node: LexborNode, tags: tuple[str, ...]) -> Iterator[LexborNode]:
    """The elements of some names, not those within another one of them."""
    for child in _children(node):
        if child.tag in tags:
            yield child
        elif child.tag == "div":
            yield from _descendants(child, tags)


def _has_blocks(node: LexborNode) -> bool:
    return node.css_first("p, div, ul, ol, table, h1, h2, h3, h4, h5, h6, details, dl") is not None


def _is_link(item: LexborNode) -> bool:
    """Whether an item says nothing but where it leads."""
    linked = sum(len(visible(link.text(separator=""))) for link in item.css("a"))
    return linked > 0 and linked >= 0.9 * len(visible(item.text(separator="")))

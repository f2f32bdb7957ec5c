"""English: what the clerk says and understands in it."""

from datetime import datetime
from typing import Final

from bot.languages.english_abuse import ENGLISH_ABUSE
from bot.languages.english_phrases import ENGLISH_PHRASES
from bot.languages.english_products import PRODUCTS
from bot.languages.english_turns import TURNS
from bot.languages.english_widget import ENGLISH_WIDGET
from bot.languages.pack import LanguagePack, PriceWords, PromiseWords, SizeWords
from feedback.languages import language_in

STOREFRONT: Final = {
    "tagline": "Things made to be used for years.",
    "intro": "Clothes, bags, home and camp gear in honest materials. Small batches, fair prices, "
    "and a clerk who knows every shelf.",
    "browse": "See everything",
    "ask_clerk": "Ask the clerk",
    "all": "Everything",
    "basket": "Basket",
    "from": "from",
    "sold_out": "Sold out",
    "in_stock": "In stock",
    "few_left": "Only a few left",
    "choose": "Choose",
    "add": "Add to basket",
    "added": "It is in your basket.",
    "ask_about": "Ask about this",
    "back": "All products",
    "you_may_like": "You may also like",
    "your_basket": "Your basket",
    "empty": "Nothing in it yet.",
    "empty_hint": "Have a look around, or ask the clerk what would suit you.",
    "quantity": "Quantity",
    "remove": "Remove",
    "total": "Total",
    "delivery": "Delivery",
    "free": "free",
    "to_checkout": "Go to checkout",
    "checkout": "Checkout",
    "name": "Name",
    "email": "E-mail",
    "address": "Delivery address",
    "place_order": "Place the order",
    "demo_note": "This is a demo shop: nothing is charged and nothing is sent. "
    "The order is real to the clerk, who can look it up.",
    "email_note": "With the order number and this e-mail the clerk finds your order.",
    "your_order": "Your order",
    "thanks": "Thank you!",
    "thanks_line": "Your order number is",
    "thanks_hint": "Try asking the clerk “where is my order?” with this number and your e-mail.",
    "keep_looking": "Keep looking around",
    "products": "Products",
    "skip": "Skip to the content",
    "footer": "A demo shop that came with shopclerk. Pictures and words were made for it.",
    "running": "The clerk of {shop} is running",
    "embed": "To have it in your shop, put this line into every page, before </body>:",
    "embed_origins": "The addresses of the sites that hold it stand in the setting",
    "staff": "Staff desk",
    "no_script": "Basket and chat need JavaScript; please switch it on.",
    "none_here": "Nothing on this shelf right now.",
    "pages": "Pages",
    "page_of": "Page {page} of {pages}, {total} products",
    "next_page": "Next page",
    "page_before": "Previous page",
    "home": "Back to the start",
    "request_id": "Reference",
    "gone": "A product in the basket is no longer sold; it was taken out.",
    "mail_end": "E-mails from the chat",
    "mail_end_why": "We write to you because you asked for it in the chat.",
    "mail_end_button": "Send me no more",
    "mail_ended": "Done: you get no more of these mails, and we have forgotten the address.",
    "failed": "That did not work. Please check your connection and try again.",
}

# Words that wish for something but do not say for what.
STOP_WORDS: Final = """
    a about also an and any anything are as at available be best bigger boyfriend brother
    but buy can cheap cheaper color colour could dad different do does else father find for
    friend get girlfriend give good got great have hello help her hey hi him his how husband
    i idea ideas im in instead is it item items just less like look looking love maybe
    me mom more mother mum my need nice no not of ok okay on one ones only or other our out
    perfect please popular prefer preferably present price product products rather really
    recommend recommendation sell shop shopping show sister size smaller some someone
    something still stock stuff suggest suggestion thank thanks that the them then there
    thing things this to too under us very wanna want was we what whats which wife will with
    would yes you your
    am been come comes had has hoping im ive need needs see these they those want wanted wants
    were wondering
    actually arrivals bestseller bestsellers exactly favorites favourite favourites favorite go
    bday birthday christmas presents xmas will tell saw seen heard about site website page take
    sorry mean meant said wait oops
    from than least most tops max maximum cool wow awesome amazing sweet
    right now later today tomorrow just even both either all lot maybe yeah yep nope
    ah aha eh erm hm hmm hmmm
    might must new oh ok possible sellers so then too top trending use used uh um well
"""

COLOURS: Final = {
    "black": r"\bblack\b",
    "white": r"\bwhite\b",
    "red": r"\bred\b",
    "navy": r"\bnavy\b",
    "blue": r"\bblue\b",
    "olive": r"\bolive\b",
    "green": r"\bgreen\b",
    "yellow": r"\byellow\b",
    "orange": r"\borange\b",
    "pink": r"\bpink\b",
    "purple": r"\bpurple\b",
    "brown": r"\bbrown\b",
    "beige": r"\bbeige\b",
    "cream": r"\bcream\b",
    "grey": r"\bgr[ea]y\b",
    "khaki": r"\bkhaki\b",
    "gold": r"\bgold\b",
    "silver": r"\bsilver\b",
}

PRICES: Final = PriceWords(
    between=r"\bbetween\s+AMOUNTand\s+AMOUNT",
    to=r"\bto\b",
    at_most_before=r"\bbudget(?: is| of|:)?(?: about| around| roughly| of)?"
    r"|\b(?:under|below|less than|up to|at most|max(?:imum)?|within|cheaper than"
    r"|no more than|not (?:more than|over|above))\b",
    at_most_after="or less|or under|at (?:the )?most|max(?:imum)?|tops",
    at_least_before=r"\b(?<!not )(?<!no )(?:over|above|more than|at least|from|starting at)\b",
    at_least_after="or more|and up",
    about_before=r"\b(?:around|about|roughly)\b",
)

SIZES: Final = SizeWords(
    option=("size",),
    # "The size of it", "one size fits all": no size.
    before=r"\bsize\s+(?!(?:of|is|are|was|do|does|in|on|for|to|up|down|the|a|an|and|or|it|i|my"
    r"|you|will|can|fits?|with|when)\b)",
    named=r"(?<!too )\b(?:small|medium|large)\b(?!\s+(?:gift|bag|present))",
    names={"small": "S", "medium": "M", "large": "L"},
)


def show_date(moment: datetime) -> str:
    """As in 5 March 2026."""
    return f"{moment.day} {moment:%B %Y}"


ENGLISH: Final = LanguagePack(
    language=language_in("en"),
    phrases=ENGLISH_PHRASES,
    widget=ENGLISH_WIDGET,
    storefront=STOREFRONT,
    show_date=show_date,
    stop_words=frozenset(STOP_WORDS.split()),
    colours=COLOURS,
    sizes=SIZES,
    prices=PRICES,
    products=PRODUCTS,
    order_filler=r"\b(?:ok(?:ay)?|yes|sure|well|so|sorry|oops|that|was|hi|hello|hey|my|the|is|it's|its|it|and|with"
    r"|for|from|by|e-?mails?|address|mail"
    r"|number|no|codes?|coupon|voucher|promo|discount|gift|card|here|this|please|pls|thanks"
    r"|thank you|ordered|under)\b",
    promises=PromiseWords(
        promised=r"\b(?:a|my|our|the) (?:colleague|team|staff)s?\b(?: \w+)? (?:will|'ll)\b"
        r"|\b(?:we|i)(?:'ll| will) (?:check|look into|get back|e-?mail|write|call|send|arrange)\b",
        # "A colleague will write to you" asks for nothing.
        asked=r"\b(?:send|tell|give|write|reply|leave|attach|let (?:me|us) know)\b"
        r"(?!\s+(?:to\s+)?you\b)",
        condition=r"\s*(?:if|when|as long as|should)\b",
    ),
    turns=TURNS,
    another_question=r"\s*[,;.]?\s+(?:and|but|also|plus)(?:\s+(?:also|then))?\s+(?=(?:how|what|where"
    r"|when|which|who|why|can|could|do|does|did|is|are|will|would|should|may)\b)"
    r"|\s*[,;.]\s*also,?\s+",
    abuse=ENGLISH_ABUSE,
)

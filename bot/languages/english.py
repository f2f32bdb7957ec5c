"""English: what the clerk says and understands in it."""

from datetime import datetime
from typing import Final

from bot.languages.english_abuse import ENGLISH_ABUSE
from bot.languages.english_products import PRODUCTS
from bot.languages.english_turns import TURNS
from bot.languages.english_widget import ENGLISH_WIDGET
from bot.languages.pack import LanguagePack, PriceWords, PromiseWords, SizeWords
from bot.languages.phrases import HomePhrases, MailPhrases, Phrases
from feedback.languages import language_in

PHRASES: Final = Phrases(
    greeting="Hi, I'm the clerk at {shop}. Ask me about orders, delivery, returns or our products.",
    greeting_product="Hi, I'm the clerk at {shop}."
    " Is there anything you would like to know about {title}?",
    ask_both="Happy to check. Please send me your order number and the e-mail you ordered with.",
    ask_number="Thanks. And what is the order number? It's in your confirmation e-mail.",
    ask_email="Thanks. And which e-mail address did you order with?",
    not_found="I can't find an order with that number and e-mail."
    " Please check both and send them again.",
    order_question="where is my order",
    insisting=" Without it I can't look that up. If you'd rather have a person, just say so.",
    choices="I want to get this right. Did you mean one of these?",
    which_product="Which product do you mean?",
    close="I have nothing {wish} in stock. These come closest.",
    in_colour="in {colours}",
    in_size="in size {sizes}",
    up_to="for {price} or less",
    at_least="for {price} or more",
    products_title="Show me products",
    found="Here is what I found.",
    shown="Here it is: {title}, {price}.",
    costs="{title} costs {price}.",
    used_to_cost="{title} used to cost {was} and costs {price} now.",
    so_many_left="Of {title} there are {count} in stock.",
    in_stock="Yes, {title} is in stock.",
    in_stock_in="{title} is in stock in {values}.",
    sold_out="I'm afraid {title} is sold out at the moment.",
    also_sold_out=" Sold out: {values}.",
    variant_in_stock="Yes, {title} is in stock in {values}: {price}.",
    variant_sold_out="I'm afraid {title} is sold out in {values} at the moment.",
    no_such_variant="There is no {title} in {values}.",
    comes_in="{title} comes in {values}.",
    described="{title}: “{sentence}”",
    not_described="The description of {title} doesn't say.",
    page_is_in="Our page on this is in {language}:",
    page_languages={"en": "English", "zh": "Chinese", "": "another language"},
    no_products="I found nothing in stock that fits."
    " Tell me a little more: what it is for, a colour or a price?",
    handover="I'm passing you on to a colleague, who will answer you right here.{hours}",
    handover_again="Thanks, I've told my colleague, who will answer you right here.{hours}",
    small_talk={
        "acknowledge": "Good. Just write if there is anything else.",
        "thank": "You're welcome! Just write if there is anything else.",
        "goodbye": "Goodbye, and thank you for stopping by!",
        "greet": "Hello! What can I do for you?",
    },
    left="All right, nothing is changed. Just write if there is anything else.",
    none_of_these="I see, none of these. Tell me in other words, or ask for a person.",
    noted="Thank you, I've passed this on to a colleague, who will answer you right here.{hours}",
    hours=" Our team is here {office_hours}.",
    lookups_over="I still can't find that order, so I'm passing you on to a colleague,"
    " who will answer you right here.{hours}",
    abuse="I'm sorry this has gone badly. I'm passing you on to a colleague,"
    " who will answer you right here.{hours}",
    talk_to_person="Talk to a person",
    too_long="That is more than I can read at once. Please send it in at most {limit} characters.",
    thumbs_up="Helpful",
    thumbs_down="Not helpful",
    thanks="Thank you! That helps me learn.",
    sorry="Thank you for telling me. You can always talk to a person.",
    corrected="Correction: {text}",
    withdrawn="(This message was taken back.)",
    works="is looking it up…",
    colleague_works="has passed it on: a colleague is looking at it…",
    file_refused="I could not pass {name} on: pictures (JPEG, PNG, WebP, GIF) and PDF files of up"
    " to 10 MB reach our team.",
    taken_over="Hello, this is {name} from our team. I'm with you now.",
    tell_more="Say what was wrong",
    what_was_wrong="What was wrong?",
    send="Send",
    trouble="Sorry, something went wrong on my side. Please try again in a moment.",
    not_yours="Only the person who asked can choose here. Mention me to ask something yourself.",
    view="View",
    from_price="from {price}",
    order_steps=("Ordered", "Packed", "On its way", "Delivered"),
    no_tracking="not available yet",
    nothing_refunded="nothing yet",
    status_words={
        "unknown": "being looked at by our team",
        "draft": "not placed yet",
        "pending": "waiting for payment",
        "failed": "not paid: the payment did not go through",
        "paid": "paid and being packed",
        "shipped": "on its way",
        "delivered": "delivered",
        "refunded": "refunded",
        "voided": "cancelled before it was paid",
        "cancelled": "cancelled",
    },
    prompts_at={
        "product": (
            ("Is it in stock?", "Is it in stock?"),
            ("Which sizes and colours?", "Which sizes and colours does it come in?"),
            ("Can I send it back?", "Can I send it back if I don't like it?"),
        ),
        "basket": (
            ("What does delivery cost?", "What does delivery cost?"),
            ("How can I pay?", "How can I pay?"),
            ("Can I send it back?", "Can I send it back if I don't like it?"),
        ),
        "order": (
            ("Where is my order?", "Where is my order?"),
            ("Change my order", "Can I change my order?"),
            ("How do returns work?", "How do I return something?"),
        ),
    },
    prompts=(
        ("Where is my order?", "Where is my order?"),
        ("How do returns work?", "How do I return something?"),
        ("Find me a product", "Can you recommend something?"),
        ("Talk to a person", "I would like to talk to a person"),
    ),
    mail=MailPhrases(
        subject="Your answer from {shop}",
        transcript_subject="Your chat with {shop}",
        how_to_reply="Just reply to this mail: it reaches us in the same chat.",
        no_replies="To answer, open the chat at {shop} again; nobody reads this address.",
        end="You asked for this in the chat. No more of these mails: {address}",
        you="You",
        clerk="Clerk",
        only_files="(files sent by e-mail)",
    ),
    home=HomePhrases(
        title="Ask {shop}",
        how="Write to me in the *Messages* tab, or mention me in a channel. A person is one button"
        " away.",
        ask="Ask a question",
        question="Your question",
        yours="Your questions",
        none_yet="You have asked nothing yet.",
        states={
            "clerk": "answered",
            "waiting": "waits for a person",
            "staff": "a person is with you",
            "done": "closed",
        },
        speaks="I speak {languages}. Write in the one you like.",
        staff_only="This is for the shop's staff. You can ask me anything: */clerk ask* QUESTION",
        refresh="Refresh",
    ),
)

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
    hmm might must new oh ok possible sellers so then too top trending use used uh um well
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
    at_most_before=r"\b(?:under|below|less than|up to|at most|max(?:imum)?|within|cheaper than"
    r"|no more than|not (?:more than|over|above))\b",
    at_most_after="or less|or under|at (?:the )?most|max(?:imum)?|tops",
    at_least_before=r"\b(?<!not )(?<!no )(?:over|above|more than|at least|from|starting at)\b",
    at_least_after="or more|and up",
    about_before=r"\b(?:around|about|roughly)\b",
)

SIZES: Final = SizeWords(
    option=("size",),
    before=r"\bsize\s+",
    named=r"(?<!too )\b(?:small|medium|large)\b(?!\s+(?:gift|bag|present))",
    names={"small": "S", "medium": "M", "large": "L"},
)


def show_date(moment: datetime) -> str:
    """As in 5 March 2026."""
    return f"{moment.day} {moment:%B %Y}"


ENGLISH: Final = LanguagePack(
    language=language_in("en"),
    phrases=PHRASES,
    widget=ENGLISH_WIDGET,
    storefront=STOREFRONT,
    show_date=show_date,
    stop_words=frozenset(STOP_WORDS.split()),
    colours=COLOURS,
    sizes=SIZES,
    prices=PRICES,
    products=PRODUCTS,
    order_filler=r"\b(?:ok(?:ay)?|yes|sure|well|so|sorry|oops|that|was|hi|hello|hey|my|the|is|it's|its|it|and|with|for|from|by|e-?mails?|address|mail"
    r"|number|no|here|this|please|pls|thanks|thank you|ordered|under)\b",
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

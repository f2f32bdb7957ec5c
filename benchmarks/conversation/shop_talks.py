"""Conversations about orders and the shop, in English: numbers, follow-ups, several questions."""

from benchmarks.conversation.patterns import bind, some, talk, turn
from benchmarks.conversation.products import (
    BELL,
    BOTTLE,
    CABLE,
    FLOOR,
    FOLD,
    GUARD,
    HERON,
    MOUNT,
    ORDER,
    QUAY,
    SEAT,
    SHOES,
    TOOL,
    TROUSERS,
    TYRE,
    WINTER,
    WREN,
)

talk(
    "order-both", "en", "order",
    turn("{q}", replies=["order_status"], ask=["both"]),
    turn("{n} {e}|{e}, number {n}|number is {n} and mail {e}", "ctx", "ident", must="{n}", **ORDER),
    turn("{next}", "ctx", replies="{then}", handover=True),
    each=bind("q n e next then",
              ("hey where's my stuff", "5002", "jonas@example.org", "when will it be here then",
               ["shipping_time", "order_status", "order_late"]),
              ("can you look up my parcel", "SC-2026-0417", "mara@example.net",
               "it is late!", ["order_late"]),
              ("any news on my delivery?", "5001", "ida@example.com", "please cancel it then",
               ["order_cancel"]),
              ("did my order go out", "5003", "li.na@example.cn", "it came but it has a hole",
               ["order_damaged"])),
)  # fmt: skip
talk(
    "order-at-once", "en", "order",
    turn("{q}", "ident", must="{n}", **ORDER),
    turn("ok thanks|great, thank you|perfect", "social", replies=["thanks"], fact="."),
    each=bind("q n",
              ("order 5002 jonas@example.org where is it", "5002"),
              ("#5001 / ida@example.com", "5001"),
              ("SC-2026-0417, mara@example.net, has that shipped?", "0417"),
              ("my mail is li.na@example.cn, order no. 5003, status please", "5003"),
              ("5002, jonas@example.org", "5002"),
              ("status of 5001? ida@example.com", "5001")),
)  # fmt: skip
talk(
    "order-split", "en", "order",
    turn("where is order {n}|{n} status?|what about order {n}", "ident", ask=["email"]),
    turn("{e}|it's {e}|with {e}", "ctx", "ident", must="{n}", **ORDER),
    turn("{next}", "ctx", replies="{then}", handover=True),
    turn("bye|ok bye|see you", "social", replies=["goodbye"], fact="."),
    each=bind("n e next then",
              ("5002", "jonas@example.org", "can i still change the address",
               ["order_change_address"]),
              ("5003", "li.na@example.cn", "it doesn't fit, can i swap it", ["exchange_item"]),
              ("5001", "ida@example.com", "i want to cancel that", ["order_cancel"])),
)  # fmt: skip
talk(
    "order-side-question", "en", "order",
    turn("track my parcel please|where is my parcel", ask=["both"]),
    turn("{side}", "switch", replies=["{then}"]),
    turn("ok my number is {n}|{n}", "ctx", "ident", ask=["email"]),
    turn("{e}", "ctx", "ident", must="{n}", **ORDER),
    each=bind("side then n e",
              ("wait, how much is shipping with you?", "shipping_cost", "5002",
               "jonas@example.org"),
              ("are you open tomorrow by the way", "opening_hours", "5001", "ida@example.com")),
)  # fmt: skip
talk(
    "order-wrong-mail", "en", "order",
    turn("where is 5002, mail jonas@example.com", "ident", ask=["not_found"]),
    turn("sorry, jonas@example.org|oh, it is jonas@example.org", "ctx", "ident", "correction",
         must="5002", **ORDER),
    each=({}, {}),
)  # fmt: skip
talk(
    "no-number", "en", "order",
    turn("i want to know where my package is", ask=["both"]),
    turn("{no}", "ctx", ask=["both", "number", "email"], handover=True, half_replies=["invoice"]),
    turn("let me speak to somebody|a human please|can a person help", handover=True),
    each=bind("no", ("i don't have the number",), ("no idea what the number is",),
              ("i deleted that mail",)),
)  # fmt: skip
talk(
    "do-not", "en", "order",
    turn("{q}", must_not="can be cancelled|take things back", handover=True, fact="^(?!Order)",
         choices=True),
    turn("{q2}", "ctx", must="5001", **ORDER, ask=["both"]),
    each=bind("q q2",
              ("please don't cancel my order", "just tell me where it is, 5001 ida@example.com"),
              ("i do not want to cancel 5001", "only the status, ida@example.com"),
              ("never mind the cancellation, keep my order",
               "where is it? 5001 ida@example.com")),
)  # fmt: skip

talk(
    "returns", "en", "returns",
    turn("can i send things back|do you take returns|what if i don't like it",
         replies=["return_policy"]),
    turn("how do i do that|and how does that work|what do i have to do", "ctx",
         replies=["return_how"]),
    turn("does it cost anything|is that free|who pays for it", "ctx", replies=["return_cost"]),
    turn("and when is my money back|how long until i am paid back|when do i see the money", "ctx",
         replies=["refund_time"]),
    turn("great|ok cool|understood", "social", replies=["thanks"], fact="."),
    each=({}, {}, {}),
)  # fmt: skip
talk(
    "returns-2", "en", "returns",
    turn("the jacket i bought is too small|my helmet doesn't fit|the gloves are too big",
         replies=["exchange_item", "return_policy"], ask=["both"], choices=True),
    turn("i'd like a bigger one|can i swap it|another size", "ctx", replies=["exchange_item"],
         half_prod={"max_price": 1000}),
    turn("what does that cost|is the swap free|do i pay for that", "ctx", replies=["return_cost"]),
    each=({}, {}, {}),
)  # fmt: skip
talk(
    "shipping", "en", "shipping",
    turn("what's delivery to me cost|how much do you charge for postage|shipping price?",
         replies=["shipping_cost"]),
    turn("and how long|how many days|when would it get here", "ctx", replies=["shipping_time"]),
    turn("and to norway?|what about switzerland|to england too?", "ctx",
         replies=["shipping_international"]),
    turn("and if it breaks on the way|what if it arrives in pieces|and if it comes damaged", "ctx",
         replies=["order_damaged"]),
    each=({}, {}, {}),
)  # fmt: skip
talk(
    "payment", "en", "payment",
    turn("can i pay with paypal|do you take klarna|is visa ok", replies=["payment_methods"]),
    turn("and invoice?|and mastercard|what about paypal", "ctx", replies=["payment_methods"]),
    turn("it keeps saying error|my card gets refused|the payment won't go through", "ctx",
         replies=["payment_failed"]),
    turn("still the same|that did not help|no luck", "ctx", handover=True, choices=True,
         replies=["payment_failed"]),
    each=({}, {}, {}),
)  # fmt: skip
talk(
    "voucher", "en", "payment",
    turn("do you do vouchers i can give away|gift cards?", replies=["gift_card"]),
    turn("how long are they good for|do they run out", "ctx", replies=["gift_card"]),
    turn("where do i type the code in|how do i use a code", "ctx", replies=["promo_code"]),
    turn("nice, thanks|thanks a lot", "social", replies=["thanks"], fact="."),
    each=({}, {}),
)  # fmt: skip
talk(
    "workshop", "en", "shop",
    turn("could you put the new tyres on for me|do you also mend bikes", replies=["workshop"]),
    turn("when is that possible|which days", "ctx", replies=["workshop", "opening_hours"]),
    turn("are you there on saturday|saturday too?", "ctx",
         replies=["opening_hours", "workshop"]),
    each=({}, {}),
)  # fmt: skip
talk(
    "warranty", "en", "shop",
    turn("how long are your things guaranteed|is there a warranty", replies=["warranty"]),
    turn("does that cover wear|what does it cover", "ctx", replies=["warranty"], handover=True),
    turn("my light broke after three weeks|the zip broke last week", "ctx",
         replies=["warranty", "order_damaged"]),
    turn("what do i do now|and now?", "ctx", replies=["order_damaged", "warranty", "return_how"],
         handover=True, choices=True),
    each=({}, {}),
)  # fmt: skip
talk(
    "several", "en", "several",
    turn("{q}", "multi", facts=["{a}", "{b}"]),
    turn("{q2}", "ctx", replies="{then}"),
    each=bind("q a b q2 then",
              ("how much is shipping and how long does it take?", "€5", "2–4",
               "and abroad?", ["shipping_international"]),
              ("can i return it? and who pays for that", "30 days", "€4",
               "when do i get the money", ["refund_time"]),
              ("do you take paypal, and can i use a voucher code?", "PayPal", "Voucher",
               "just one code?", ["promo_code"]),
              ("when are you open and do you repair bikes", "10 to 18", "workshop",
               "on which days is the workshop", ["workshop", "opening_hours"]),
              ("is the cricket bell in stock and what is delivery", "Cricket", "€5",
               "how quick is that", ["shipping_time"]),
              ("how heavy is the bulldog lock, and what does it cost?", "1.4 kg", "69",
               "is there a guarantee on it", ["warranty"]),
              ("where is 5002 jonas@example.org and how long is the return time", "5002",
               "30 days", "who pays that", ["return_cost"])),
)  # fmt: skip
talk(
    "choose", "en", "choices",
    turn("{q}", choices=True, replies="{either}", handover=True),
    turn("{q2}", "ctx", replies="{then}", choices=True, handover=True),
    each=bind("q either q2 then",
              ("problem with my card", ["payment_failed", "payment_methods"],
               "yes, the payment", ["payment_failed"]),
              ("about the code", ["promo_code", "gift_card"], "the discount one",
               ["promo_code"]),
              ("parcel", ["order_status"], "where it is", ["order_status"])),
)  # fmt: skip
talk(
    "person", "en", "person",
    turn("{q}", handover=True),
    turn("{q2}", "ctx", handover=True, replies="{also}", fact="."),
    each=bind("q q2 also",
              ("i'd rather talk to a human being", "ok i wait", ["thanks"]),
              ("give me your boss", "it is about an order i never got", ["order_late"]),
              ("bot, get me a real employee", "thank you", ["thanks"]),
              ("can someone call me back", "my number is 0170 5550101", ["x"])),
)  # fmt: skip
talk(
    "upset", "en", "person",
    turn("{q}", replies=["complaint", "order_late", "order_wrong_item", "order_damaged"],
         handover=True),
    turn("{q2}", "ctx", handover=True,
         replies=["complaint", "order_late", "order_wrong_item", "order_status"], ask=["both"]),
    each=bind("q q2",
              ("this is the third wrong parcel, i'm fed up", "what are you going to do about it"),
              ("so disappointed with you people", "my order is two weeks late"),
              ("what a joke of a shop", "nobody answers my mails")),
)  # fmt: skip
talk(
    "social", "en", "social",
    turn("hi|good evening|hello there", "social", replies=["greeting"]),
    turn("how much is postage|delivery cost?|do you ship to norway",
         replies=["shipping_cost", "shipping_international"]),
    turn("ok|fine|👍", "social", fact=".", must_not="Delivery costs"),
    turn("no that's all|nothing else|no thanks", "social", fact=".", replies=["goodbye", "thanks"]),
    turn("bye|cheers, bye|see ya", "social", replies=["goodbye", "thanks"], fact="."),
    each=({}, {}, {}),
)  # fmt: skip
talk(
    "correct", "en", "correction",
    turn("{q}", replies="{first}", prod={"max_price": 1000}, ask=["both"]),
    turn("{q2}", "ctx", "correction", replies="{then}", prod="{prod}", fact="{a}"),
    each=bind("q first q2 then prod a",
              ("how long does a return take", ["refund_time", "return_how", "return_policy"],
               "no, i mean delivery", ["shipping_time"], {"any_of": ["x"]}, "(?!)"),
              ("how much is the finch helmet", ["x"], "sorry, i meant the heron", ["x"],
               {"first_of": [HERON]}, "129"),
              ("show me gloves", ["product_recommend"], "not those, winter ones", ["x"],
               {"first_of": [WINTER]}, "Mistral"),
              ("is the quay bag in stock in grey", ["x"], "no wait, blue", ["x"],
               {"first_of": [QUAY]}, "Blue")),
)  # fmt: skip
talk(
    "yes-no", "en", "yes-no",
    turn("{q}", prod=some("{ids}")),
    turn("yes, that one|no|yes", "ctx", fact="."),
    turn("do you ship to the uk|thanks|what is the return period",
         replies=["shipping_international", "thanks", "return_policy"], fact="welcome"),
    each=bind("q ids", ("the brass bell", BELL), ("do you have the tarn overshoes", SHOES),
              ("i want a floor pump", FLOOR)),
)  # fmt: skip
talk(
    "switch", "en", "switch",
    turn("is the porter backpack green|porter backpack in green?", "named", "stock", fact="Green"),
    turn("when do you close|opening times?", "switch", replies=["opening_hours"]),
    turn("back to the backpack: can i hang a helmet on it|does it hold a helmet", "ctx", "attr",
         fact="helmet"),
    turn("which size would i need for a chest of 97|what size am i with 97 cm",
         replies=["size_help"]),
    each=({}, {}),
)  # fmt: skip
talk(
    "account", "en", "account",
    turn("i cannot get into my account|forgot my login", replies=["account_password"]),
    turn("the mail does not come|no mail came", "ctx", handover=True,
         replies=["account_password"], choices=True),
    turn("i also need my receipt|can i get the bill with our firm's name", replies=["invoice"],
         ask=["both"]),
    each=({}, {}),
)  # fmt: skip
talk(
    "cheapest", "en", "wish",
    turn("what is your cheapest {kind}|{kind} but cheap please", prod=some("{id}")),
    turn("and the best one you have?|more expensive ones?", "ctx", "refine",
         prod=some("{best}"), choices=True),
    each=bind("kind id best", ("helmet", WREN, HERON), ("lock", CABLE, FOLD)),
)  # fmt: skip
talk(
    "kinds", "en", "wish",
    turn("{q}", prod=some("{id}")),
    turn("is it available|in stock?|can you send it today", "ctx", "stock", prod=some("{id}"),
         fact="stock|sold out", replies=["shipping_time"]),
    each=bind("q id",
              ("child seat", SEAT), ("mudguards", GUARD), ("i want a multi tool", TOOL),
              ("phone holder for my handlebar", MOUNT), ("rain trousers", TROUSERS),
              ("chain oil?", "pike-chain-oil"), ("tyres", TYRE), ("water botle", BOTTLE)),
)  # fmt: skip

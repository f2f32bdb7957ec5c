"""The words of our public pages in both languages, and which language a page is read in."""

from typing import Final, Literal

Lang = Literal["en", "zh"]

EN: Final[dict[str, str]] = {
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
    "other_language": "中文",
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
    "failed": "That did not work. Please check your connection and try again.",
}

ZH: Final[dict[str, str]] = {
    "tagline": "值得用上许多年的好物。",
    "intro": "衣服、包袋、家居与露营用品，用料实在，小批制作，价格公道，"
    "还有一位熟悉每层货架的店员。",
    "browse": "看看全部商品",
    "ask_clerk": "问问店员",
    "all": "全部",
    "basket": "购物篮",
    "from": "起价",
    "sold_out": "已售罄",
    "in_stock": "有货",
    "few_left": "库存不多",
    "choose": "请选择",
    "add": "加入购物篮",
    "added": "已放进购物篮。",
    "ask_about": "咨询这件商品",
    "back": "全部商品",
    "you_may_like": "您可能也喜欢",
    "your_basket": "您的购物篮",
    "empty": "还是空的。",
    "empty_hint": "四处看看，或者问问店员什么适合您。",
    "quantity": "数量",
    "remove": "移除",
    "total": "合计",
    "delivery": "运费",
    "free": "免费",
    "to_checkout": "去结账",
    "checkout": "结账",
    "name": "姓名",
    "email": "电子邮箱",
    "address": "收货地址",
    "place_order": "提交订单",
    "demo_note": "这是演示商店：不会扣款，也不会发货。但店员能查到这张订单。",
    "email_note": "凭订单号和这个邮箱，店员就能查到您的订单。",
    "your_order": "您的订单",
    "thanks": "谢谢惠顾！",
    "thanks_line": "您的订单号是",
    "thanks_hint": "试试问店员“我的订单到哪了？”，并告诉他订单号和邮箱。",
    "keep_looking": "继续逛逛",
    "products": "商品",
    "skip": "跳到正文",
    "other_language": "English",
    "footer": "shopclerk 附带的演示商店，图片和文字都为它而作。",
    "running": "{shop} 的店员正在运行",
    "embed": "把下面这一行放进店铺的每个页面，位于 </body> 之前：",
    "embed_origins": "嵌入聊天的网站地址写在设置项",
    "staff": "客服台",
    "no_script": "购物篮和聊天需要 JavaScript，请开启。",
    "none_here": "这层货架暂时没有商品。",
    "pages": "分页",
    "page_of": "第 {page} 页，共 {pages} 页，{total} 件商品",
    "next_page": "下一页",
    "page_before": "上一页",
    "home": "回到首页",
    "request_id": "编号",
    "gone": "购物篮里有商品已下架，已为您移除。",
    "failed": "没有成功。请检查网络后再试一次。",
}

WORDS: Final[dict[Lang, dict[str, str]]] = {"en": EN, "zh": ZH}

# A catalogue's fine categories, gathered on the few shelves a visitor can take in at a glance. A
# category named nowhere here is a shelf of its own.
SHELVES: Final = {
    "Clothes": "Jackets Vests Sweaters Shirts T-Shirts Hoodies Dresses Trousers Socks Hats "
    "Scarves Shoes",
    "Bags": "Backpacks|Tote Bags|Messenger Bags|Travel Bags|Crossbody Bags|Laptop Sleeves|Wallets",
    "Home": "Mugs Teapots Lamps Blankets Cushions Candles Planters Kitchen Clocks Furniture "
    "Soap Stationery",
    "Outdoors": "Bottles|Tents|Sleeping Bags|Lanterns|Umbrellas|Camp Furniture",
}
SHELF_OF: Final = {
    category: shelf
    for shelf, written in SHELVES.items()
    for category in (written.split("|") if "|" in written else written.split())
}

# Names of shelves, options and colours in Chinese; others stay as the catalogue writes them.
NAMES_ZH: Final = {
    "Clothes": "服装鞋帽",
    "Bags": "包袋",
    "Home": "家居",
    "Outdoors": "户外",
    "Gift Cards": "礼品卡",
    "Size": "尺码",
    "Color": "颜色",
    "Denominations": "面额",
    "Clay Red": "陶土红",
    "Moss Green": "苔绿",
    "Ink Blue": "墨蓝",
    "Mustard": "姜黄",
    "Cream": "米白",
    "Tan": "驼色",
    "Regular": "常规",
    "Long": "加长",
}


def language_of(asked: str | None, accepted: str | None) -> Lang:
    """The language of a page: as asked for in the address, else as the browser prefers.

    >>> language_of(None, "zh-CN,zh;q=0.9,en;q=0.8"), language_of("en", "zh")
    ('zh', 'en')
    """
    for wish in (asked or "", *(accepted or "").split(",")):
        if wish.strip().lower().startswith("zh"):
            return "zh"
        if wish.strip().lower().startswith("en"):
            return "en"
    return "en"


def shelf_of(category: str) -> str:
    """The shelf a category stands on."""
    return SHELF_OF.get(category, category)


def named(name: str, lang: Lang) -> str:
    """The name of a shelf, an option or a colour as it reads in `lang`."""
    return NAMES_ZH.get(name, name) if lang == "zh" else name

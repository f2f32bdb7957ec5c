"""Chinese: what the clerk says and understands in it."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.languages.chinese_abuse import CHINESE_ABUSE
from bot.languages.chinese_phrases import CHINESE_PHRASES
from bot.languages.chinese_products import PRODUCTS
from bot.languages.chinese_turns import TURNS
from bot.languages.chinese_widget import CHINESE_WIDGET
from bot.languages.pack import LanguagePack, PriceWords, PromiseWords, SizeWords
from feedback.languages import language_in

STOREFRONT: Final = {
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
    "mail_end": "聊天邮件",
    "mail_end_why": "您在聊天中选择了接收邮件，所以我们写信给您。",
    "mail_end_button": "不再发送",
    "mail_ended": "好的，不会再发送这类邮件，您的邮箱也已删除。",
}

NAMES: Final = {
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
    "black": "黑色",
    "white": "白色",
    "red": "红色",
    "navy": "藏青",
    "blue": "蓝色",
    "olive": "橄榄绿",
    "green": "绿色",
    "yellow": "黄色",
    "orange": "橙色",
    "pink": "粉色",
    "purple": "紫色",
    "brown": "棕色",
    "beige": "米色",
    "cream": "米白",
    "grey": "灰色",
    "khaki": "卡其色",
    "gold": "金色",
    "silver": "银色",
    "Tan": "驼色",
    "Regular": "常规",
    "Long": "加长",
}

# Characters that wish for something but do not say for what.
STOP_PARTS: Final = (
    r"不对|不是|抱歉|不好意思|我?说的是?|推荐|什么|有没有|可以|适合|想要|需要|帮我|看看|一下|一个|一件|一款|多少|价格|便宜|商品|东西|产品|现货|有货|库存"
    r"|妈妈|爸爸|女朋友|男朋友|朋友|老婆|老公|男友|女友|你们|我们|您好|你好|请问|颜色|哪些|哪个|哪款|色|尺码|[卖码到那也行我你您他她的了吗呢吧啊想要买找有没给送个件款些种和或与在是请把来好]"
)

# Characters that begin other words say which.
COLOURS: Final = {
    "black": r"黑(?!五|色星期)",
    "white": r"白(?!天)",
    "red": r"红(?!包)",
    "navy": r"藏青|海军蓝",
    "blue": r"(?<!海军)蓝",
    "olive": r"橄榄",
    "green": r"绿",
    "yellow": r"黄(?!金)",
    "orange": r"橙色|橘色",
    "pink": r"粉色|粉红",
    "purple": r"紫",
    "brown": r"棕|褐|咖啡色",
    "beige": r"米色",
    "cream": r"米白|奶油色",
    "grey": r"灰",
    "khaki": r"卡其",
    "gold": r"金色",
    "silver": r"银色",
}

DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
SCALES: Final = {"十": 10, "百": 100, "千": 1000}


def read_han_number(text: str) -> Decimal:
    """A number in Chinese characters, as prices are said.

    >>> [str(read_han_number(text)) for text in ("八十", "一百五", "两百五十", "十五")]
    ['80', '150', '250', '15']
    """
    total = digit = 0
    scale = 1
    for char in text:
        if char in SCALES:
            scale = SCALES[char]
            total += (digit or 1) * scale
            digit = 0
        else:
            digit = DIGITS[char]
    # 一百五 is a hundred and fifty: a last digit counts tenths of the scale before it.
    return Decimal(total + (digit * scale // 10 if scale >= 100 else digit))


PRICES: Final = PriceWords(
    to="到|至",
    at_most_before="预算(?:是|在|大概|大约)?|低于|不超过|不高于|少于|最多|不到",
    at_most_after="以下|以内|之内|之下",
    at_least_before="超过|高于|至少|不低于",
    at_least_after="以上",
    about_before="大概|大约",
    about_after="左右|上下",
    number="[一二两三四五六七八九十百千]{1,7}",
    read_number=read_han_number,
)

SIZES: Final = SizeWords(
    option=("尺码", "尺寸"),
    after="码",
    named="小码|中码|大码",
    names={"小码": "S", "中码": "M", "大码": "L"},
)


def show_date(moment: datetime) -> str:
    """As in 2026年3月5日."""
    return f"{moment.year}年{moment.month}月{moment.day}日"


CHINESE: Final = LanguagePack(
    language=language_in("zh"),
    phrases=CHINESE_PHRASES,
    widget=CHINESE_WIDGET,
    storefront=STOREFRONT,
    show_date=show_date,
    tag="zh-CN",
    names=NAMES,
    list_separator="、",
    stop_parts=STOP_PARTS,
    colours=COLOURS,
    sizes=SIZES,
    prices=PRICES,
    products=PRODUCTS,
    order_filler="优惠码|折扣码|优惠券|兑换码|代码|码|好的|嗯|对|那|不好意思|你好|您好|我的|我|是|邮箱|邮件|号码|号|的|和|下单|用|谢谢|请|这是",
    promises=PromiseWords(
        promised="同事(?:会|可以|帮|来帮|替)|客服会|我们会(?:尽快|联系|安排|处理|补|查|发邮件)",
        asked="请?(?:把|发|告诉|提供|回复|附上|写信|说明|留下|写)[^。]*(?:我|我们|这里|发来|一下)?",
        condition="\\s*(?:如果|若|要是|当|只要|万一)",
    ),
    turns=TURNS,
    another_question="[,，;；。]?\\s*(?:还有|另外|顺便问一下|顺便|以及|再问一下)[,，]?",
    abuse=CHINESE_ABUSE,
)

"""Chinese: what the clerk says and understands in it."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.languages.chinese_abuse import CHINESE_ABUSE
from bot.languages.chinese_products import PRODUCTS
from bot.languages.chinese_turns import TURNS
from bot.languages.chinese_widget import CHINESE_WIDGET
from bot.languages.pack import LanguagePack, PriceWords, PromiseWords, SizeWords
from bot.languages.phrases import HomePhrases, MailPhrases, Phrases
from feedback.languages import language_in

PHRASES: Final = Phrases(
    greeting="您好，我是{shop}的店员。订单、配送、退换货和商品的问题都可以问我。",
    greeting_product="您好，我是{shop}的店员。关于{title}，您想了解什么？",
    ask_both="好的，我来帮您查。请把订单号和下单时用的邮箱发给我。",
    ask_number="谢谢。请再告诉我订单号，确认邮件里可以找到。",
    ask_email="谢谢。请再告诉我下单时用的邮箱。",
    not_found="我没有找到订单号和邮箱都相符的订单。请核对后再发一次。",
    order_question="我的订单到哪了",
    insisting="没有这些信息我查不到；想找同事帮忙，跟我说一声就好。",
    choices="我想确认一下，您问的是下面哪一个？",
    which_product="您说的是哪一件商品？",
    close="没有{wish}的现货，这几款比较接近。",
    in_colour="{colours}款",
    in_size="{sizes}码",
    up_to="{price}以内",
    at_least="{price}以上",
    products_title="看看商品",
    found="为您找到这些。",
    shown="就是这款：{title}，{price}。",
    costs="{title}的价格是{price}。",
    used_to_cost="{title}原价{was}，现价{price}。",
    so_many_left="{title}还有{count}件现货。",
    in_stock="有的，{title}有现货。",
    in_stock_in="{title}有现货：{values}。",
    sold_out="抱歉，{title}目前缺货。",
    also_sold_out="缺货：{values}。",
    variant_in_stock="有的，{title}（{values}）有现货，{price}。",
    variant_sold_out="抱歉，{title}（{values}）目前缺货。",
    no_such_variant="{title}没有{values}。",
    comes_in="{title}有：{values}。",
    described="{title}的商品描述：“{sentence}”",
    not_described="{title}的商品描述里没有写到这一点。",
    page_is_in="相关页面是{language}的：",
    page_languages={"en": "英文", "zh": "中文", "": "其他语言"},
    no_products="没有找到符合的现货。可以再说说用途、颜色或价格吗？",
    handover="我请同事来帮您，同事会在这里回复您。{hours}",
    handover_again="好的，我已经转告同事，同事会在这里回复您。{hours}",
    small_talk={
        "acknowledge": "好的。还有什么需要，随时告诉我。",
        "thank": "不客气！还有什么需要，随时告诉我。",
        "goodbye": "再见，感谢您的光临！",
        "greet": "您好！有什么可以帮您？",
    },
    left="好的，一切照旧。还有什么需要，随时告诉我。",
    none_of_these="好的，都不是。请换个说法告诉我，或者让我请同事来帮您。",
    noted="谢谢，我已经转给同事，同事会在这里回复您。{hours}",
    hours="我们的服务时间：{office_hours}。",
    lookups_over="还是没有找到这个订单，我请同事来帮您，同事会在这里回复您。{hours}",
    abuse="很抱歉让您不愉快。我请同事来帮您，同事会在这里回复您。{hours}",
    talk_to_person="找人工客服",
    too_long="内容太长了，我一次读不完。请控制在{limit}个字以内。",
    thumbs_up="有帮助",
    thumbs_down="没帮助",
    thanks="谢谢！这会让我学得更好。",
    sorry="谢谢您告诉我。您随时可以找人工客服。",
    corrected="更正：{text}",
    withdrawn="（这条消息已撤回。）",
    works="正在查询……",
    colleague_works="已转交，同事正在查看……",
    file_refused="{name}无法转交：只能发送不超过10 MB的图片（JPEG、PNG、WebP、GIF）和PDF文件。",
    taken_over="您好，我是{name}，接下来由我为您服务。",
    tell_more="说说哪里不对",
    what_was_wrong="哪里不对？",
    send="发送",
    trouble="抱歉，我这边出了点问题，请稍后再试。",
    not_yours="只有提问的人可以选择。您可以@我来提问。",
    view="查看",
    from_price="{price}起",
    order_steps=("已下单", "备货中", "运输中", "已送达"),
    no_tracking="暂无",
    nothing_refunded="暂无退款",
    status_words={
        "unknown": "正在由同事处理",
        "draft": "尚未提交",
        "pending": "待付款",
        "failed": "付款未成功",
        "paid": "已付款，正在备货",
        "shipped": "已发货，在路上",
        "delivered": "已送达",
        "refunded": "已退款",
        "voided": "付款前已取消",
        "cancelled": "已取消",
    },
    prompts_at={
        "product": (
            ("有现货吗？", "有现货吗？"),
            ("有哪些尺码和颜色？", "有哪些尺码和颜色？"),
            ("可以退货吗？", "不喜欢可以退货吗？"),
        ),
        "basket": (
            ("运费是多少？", "运费是多少？"),
            ("怎么付款？", "可以怎么付款？"),
            ("可以退货吗？", "不喜欢可以退货吗？"),
        ),
        "order": (
            ("我的订单到哪了？", "我的订单到哪了？"),
            ("修改订单", "可以修改订单吗？"),
            ("怎么退货？", "怎么退货？"),
        ),
    },
    prompts=(
        ("我的订单到哪了？", "我的订单到哪了？"),
        ("怎么退货？", "怎么退货？"),
        ("帮我推荐商品", "可以推荐一下吗？"),
        ("找人工客服", "我想找人工客服"),
    ),
    mail=MailPhrases(
        subject="{shop}给您的回复",
        transcript_subject="您与{shop}的对话",
        how_to_reply="直接回复这封邮件即可，我们会在同一个对话里看到。",
        no_replies="如需回复，请再次打开{shop}的聊天窗口；这个邮箱无人查看。",
        end="您在聊天中选择了接收邮件。不想再收到，请点：{address}",
        you="您",
        clerk="店员",
        only_files="（通过邮件发来的文件）",
    ),
    home=HomePhrases(
        title="向{shop}提问",
        how="在 *消息* 标签页里给我留言，或在频道里@我。点一下按钮就能找人工客服。",
        ask="提问",
        question="您的问题",
        yours="您的提问",
        none_yet="您还没有提问。",
        states={
            "clerk": "已回复",
            "waiting": "等待人工客服",
            "staff": "人工客服正在为您服务",
            "done": "已结束",
        },
        speaks="我会说{languages}，用您习惯的语言就好。",
        staff_only="这是给店内同事用的。您可以这样提问：*/clerk ask* 问题",
        refresh="刷新",
    ),
)

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
    at_most_before="低于|不超过|不高于|少于|最多|不到",
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
    phrases=PHRASES,
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
    order_filler="好的|嗯|对|那|不好意思|你好|您好|我的|我|是|邮箱|邮件|号码|号|的|和|下单|用|谢谢|请|这是",
    promises=PromiseWords(
        promised="同事会|同事可以|客服会|我们会(?:尽快|联系|安排|处理|补|查|发邮件)",
        asked="请?(?:把|发|告诉|提供|回复|附上|写信|说明|留下|写)[^。]*(?:我|我们|这里|发来|一下)?",
        condition="\\s*(?:如果|若|要是|当|只要|万一)",
    ),
    turns=TURNS,
    another_question="[,，;；。]?\\s*(?:还有|另外|顺便问一下|顺便|以及|再问一下)[,，]?",
    abuse=CHINESE_ABUSE,
)

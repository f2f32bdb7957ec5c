"""Conversations in Chinese, of all kinds."""

from benchmarks.conversation.patterns import SILENT, bind, only, some, talk, turn
from benchmarks.conversation.products import (
    BAGS,
    BOTTLE,
    EMBER,
    FINCH,
    FLOOR,
    FOLD,
    HELMETS,
    HERON,
    LOCKS,
    ORDER,
    PANNIER,
    QUAY,
    SEAT,
    SQUALL,
    TINKER,
    ULOCK,
    WINTER,
    WREN,
)

talk(
    "zh-facts", "zh", "product",
    turn("{p}怎么样|有{p}吗|介绍一下{p}", "named", prod=only("{id}"), fact="{p}"),
    turn("{q}", "ctx", "attr", fact="{a}"),
    turn("多少钱|价格呢|它卖多少", "ctx", fact="{price}"),
    turn("{silent}", "ctx", "attr", fact=SILENT, handover=True),
    each=bind("p id q a price silent",
              ("雀城市头盔", FINCH, "有多重", "340", "59", "是意大利做的吗"),
              ("港湾驮包", PANNIER, "能放14寸电脑吗", "14 英寸", "75", "是纯素的吗"),
              ("余烬前灯", EMBER, "多少流明", "600", "45", "带遥控器吗"),
              ("鹳儿童座椅", SEAT, "最大能坐多少公斤", "22", "139", "有杯架吗"),
              ("喜鹊水壶", BOTTLE, "可以进洗碗机吗", "洗碗机", "12", "保温吗")),
)  # fmt: skip
talk(
    "zh-page", "zh", "page",
    turn("{q}", "page", "stock", fact="{a}", must_not="{no}"),
    turn("{q2}", "page", "ctx", "stock", fact="{a2}"),
    turn("多少钱|什么价", "page", "ctx", fact="{price}"),
    each=bind("id q a no q2 a2 price",
              (FINCH, "有黑色的吗", "现货", "白", "L码呢", "缺货", "59"),
              (SQUALL, "藏青的有吗", "现货", "黄", "S码有没有", "缺货", "119"),
              (PANNIER, "橙色还有货吗", "缺货", "(?!)", "那黑色的", "现货", "75"),
              (WINTER, "M码有吗", "缺货", "(?!)", "L呢", "现货", "42")),
    page="/products/{id}",
)  # fmt: skip
talk(
    "zh-wish", "zh", "wish",
    turn("想买个{kind}|推荐{kind}|看看{kind}", prod=some("{all}")),
    turn("{most}以内的|不超过{most}的|{most}块以下", "ctx", "refine",
         prod={"max_price": "{most}", "any_of": ["{cheap}"]}),
    turn("有{colour}的吗|{colour}的呢|要{colour}的", "ctx", "refine", prod=some("{of_colour}")),
    turn("第一个多少钱|第一款什么价", "ctx", fact=r"\d"),
    each=bind("kind all most cheap colour of_colour",
              ("头盔", HELMETS, "60", [FINCH, WREN], "白色", FINCH),
              ("包", BAGS, "50", [QUAY, TINKER], "蓝色", QUAY),
              ("车锁", LOCKS, "80", LOCKS, "红色", FOLD)),
)  # fmt: skip
talk(
    "zh-cheaper", "zh", "wish",
    turn("{q}", prod=some("{id}")),
    turn("太贵了|有便宜点的吗|再便宜一点的", "ctx", "refine", prod={"max_price": "{below}"},
         fact="没有"),
    turn("还有别的吗|换一个看看", "ctx", "refine", prod={"max_price": 1000}, fact="没有",
         ask=["no_products"]),
    each=bind("q id below", ("有公路头盔吗", HERON, "128"), ("U型锁", ULOCK, "68"),
              ("落地打气筒", FLOOR, "54")),
)  # fmt: skip
talk(
    "zh-order", "zh", "order",
    turn("{q}", replies=["order_status"], ask=["both"]),
    turn("{n} {e}|邮箱{e}，单号{n}|单号是{n}，{e}", "ctx", "ident", must="{n}", **ORDER),
    turn("{next}", "ctx", replies="{then}", handover=True),
    each=bind("q n e next then",
              ("我的快递到哪儿了", "5002", "jonas@example.org", "还要几天", ["shipping_time"]),
              ("帮我看看发货没有", "5001", "ida@example.com", "那取消吧", ["order_cancel"]),
              ("包裹怎么没动静", "5003", "li.na@example.cn", "收到了，但是破了个洞",
               ["order_damaged"])),
)  # fmt: skip
talk(
    "zh-order-at-once", "zh", "order",
    turn("{q}", "ident", must="{n}", **ORDER),
    turn("谢谢|好的谢谢|知道了", "social", replies=["thanks"], fact="."),
    each=bind("q n",
              ("5002 jonas@example.org 到哪了", "5002"), ("5001，ida@example.com", "5001"),
              ("订单5003，li.na@example.cn，查一下", "5003"),
              ("单号SC-2026-0417邮箱mara@example.net发货了没", "0417")),
)  # fmt: skip
talk(
    "zh-order-split", "zh", "order",
    turn("订单{n}到哪里了|{n}发货了吗", "ident", ask=["email"]),
    turn("{e}|邮箱是{e}", "ctx", "ident", must="{n}", **ORDER),
    turn("可以改地址吗|我想换个尺码", "ctx", replies=["order_change_address", "exchange_item"],
         handover=True),
    each=bind("n e", ("5002", "jonas@example.org"), ("5003", "li.na@example.cn")),
)  # fmt: skip
talk(
    "zh-returns", "zh", "returns",
    turn("东西不喜欢可以退吗|能退货不", replies=["return_policy"]),
    turn("怎么弄|要怎么操作", "ctx", replies=["return_how"]),
    turn("要钱吗|运费算谁的", "ctx", replies=["return_cost"]),
    turn("钱多久能退给我|什么时候能拿到钱", "ctx", replies=["refund_time"]),
    turn("好的|明白了", "social", replies=["thanks"], fact="."),
    each=({}, {}),
)  # fmt: skip
talk(
    "zh-shipping", "zh", "shipping",
    turn("邮费多少|寄过来要多少钱", replies=["shipping_cost"]),
    turn("要多久|几天能到", "ctx", replies=["shipping_time"]),
    turn("寄到瑞士呢|挪威也行吗", "ctx", replies=["shipping_international"]),
    turn("路上坏了怎么办|要是到的时候碎了呢", "ctx", replies=["order_damaged"]),
    each=({}, {}),
)  # fmt: skip
talk(
    "zh-several", "zh", "several",
    turn("{q}", "multi", facts=["{a}", "{b}"]),
    turn("{q2}", "ctx", replies="{then}"),
    each=bind("q a b q2 then",
              ("运费多少？几天到？", "€5", "2–4", "国外呢", ["shipping_international"]),
              ("可以退吗？退货运费谁付", "30 天", "€4", "多久退款", ["refund_time"]),
              ("能用支付宝吗，另外优惠码在哪填", "支付宝", "优惠码", "只能用一个吗",
               ["promo_code"])),
)  # fmt: skip
talk(
    "zh-do-not", "zh", "order",
    turn("{q}", must_not="都可以取消", handover=True, fact="^(?!订单)", choices=True),
    turn("{q2}", "ctx", must="5001", **ORDER, ask=["both"]),
    each=bind("q q2", ("千万别取消我的单子", "只是问问到哪了，5001 ida@example.com"),
              ("我不是要取消", "查一下状态，5001，ida@example.com")),
)  # fmt: skip
talk(
    "zh-person", "zh", "person",
    turn("{q}", handover=True),
    turn("好的|我等着", "ctx", handover=True, fact=".", replies=["thanks"]),
    each=bind("q", ("给我换个真人",), ("叫你们客服出来",)),
)  # fmt: skip
talk(
    "zh-social", "zh", "social",
    turn("你好|哈喽|晚上好", "social", replies=["greeting"]),
    turn("能开发票吗|周日营业吗|你们修车不", replies=["invoice", "opening_hours", "workshop"],
         ask=["both"]),
    turn("嗯|好|知道了", "social", fact=".", must_not="发票附在"),
    turn("没有了|不用了|没别的事了", "social", fact=".", replies=["goodbye", "thanks"]),
    turn("再见|拜拜|88", "social", replies=["goodbye", "thanks"], fact="."),
    each=({}, {}, {}),
)  # fmt: skip
talk(
    "zh-correct", "zh", "correction",
    turn("{q}", prod=some("{one}"), fact="."),
    turn("{q2}", "ctx", "correction", prod=only("{other}"), fact="{a}"),
    each=bind("q one q2 other a",
              ("雀头盔多少钱", FINCH, "不好意思，我说的是苍鹭头盔", HERON, "129"),
              ("码头车把包有灰色吗", QUAY, "不对，要蓝色的", QUAY, "蓝")),
)  # fmt: skip

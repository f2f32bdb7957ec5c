"""Chinese, as far as reports, topics, comments and redaction need it."""

from typing import Final

from feedback.languages.chinese_names import CHINESE_NAMES
from feedback.languages.chinese_report import REPORT
from feedback.languages.pack import EntityWords, Language

COMMON: Final = "的了吗呢我你是在有和就不都也这那个么啊吧请问可以能要怎么什么给到"
KIND: Final = "谢谢 很好 不错 有用 满意 快 清楚 喜欢 好用 方便"
UNKIND: Final = "没用 不对 错 慢 差 糟 不清楚 看不懂 失望 不满意 不好 不方便"
FONTS: Final = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "SimHei",
    "PingFang SC", "Microsoft YaHei",
)  # fmt: skip

ENTITIES: Final = EntityWords(
    order_before=r"(?:[订訂]单|訂單|单号|單號)(?:编号|編號|号码|號碼|号|號)?\s*(?:是|为|為)?[\s:#(]*|第(?=\S{3,40}[号號][订訂])",
    order_after=r"\s*[号號]?(?:这个|這個|那个|那個|的)?[订訂][单單]",
    units="元|块|塊|美元|美金|刀|折|厘米|公分|毫米|英?寸|公斤|千克|克|毫升|升|斤|码|碼|件|个|個|只|双|雙|套|人|次|岁|歲"
    "|天|周|月|年|小时|小時|分钟|分鐘|点|點|%|多[块塊元个個]|[号號](?!\\s*(?:这个|的)?[订訂])",
    currencies="美元|美金|欧元|歐元|英镑|英鎊|日元|日圓|韩元|韓元|港币|港幣|第纳尔|元|块钱|塊錢|块|塊|刀",
    phone=r"(?:电话|電話|手机|手機|联系方式|聯絡電話)(?:号码|號碼|号|號)?\s*(?:是|为|為)?[\s:]*",
    postcode=r"(?:邮政编码|郵遞區號|邮编|郵編)\s*(?:是|为|為)?[\s:]*",
    street_before="(?:街|路|道|巷|弄|胡同|小区|小區|大厦|大廈|栋|棟|室)\\s*",
)

CHINESE: Final = Language(
    locale="zh",
    name="中文",
    script=r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    spaced=False,
    report=REPORT,
    fonts=FONTS,
    font_package="fonts-noto-cjk",
    personal=CHINESE_NAMES,
    common=frozenset(COMMON),
    kind=tuple(KIND.split()),
    unkind=tuple(UNKIND.split()),
    entities=ENTITIES,
)

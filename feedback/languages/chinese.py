"""Chinese, as far as reports, topics, comments and redaction need it."""

from collections.abc import Mapping
from typing import Final

from feedback.languages.chinese_names import CHINESE_NAMES
from feedback.languages.pack import EntityWords, Language

COMMON: Final = "的了吗呢我你是在有和就不都也这那个么啊吧请问可以能要怎么什么给到"
KIND: Final = "谢谢 很好 不错 有用 满意 快 清楚 喜欢 好用 方便"
UNKIND: Final = "没用 不对 错 慢 差 糟 不清楚 看不懂 失望 不满意 不好 不方便"
FONTS: Final = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "SimHei",
    "PingFang SC", "Microsoft YaHei",
)  # fmt: skip

REPORT: Final[Mapping[str, str]] = {
    "better": "更好：由店员回答的顾客，人均收入比未由它回答的{change}（{low} 至 {high}）。",
    "worse": "更差：由店员回答的顾客，人均收入比未由它回答的{change}（{low} 至 {high}）。",
    "better_cvr": "更好：由店员回答的顾客中下单的比例比未由它回答的{change}（{low} 至 {high}）。",
    "worse_cvr": "更差：由店员回答的顾客中下单的比例比未由它回答的{change}（{low} 至 {high}）。",
    "no_effect": "没有看出效果：计划的结束日已到，下单的增减都在偶然范围之内。"
    "若有 {effect} 或更大的效果，很可能已经看到。",
    "not yet": "数据还不够，暂时看不出店员带来了什么：{wait}。",
    "more": "高 {percent}",
    "less": "低 {percent}",
    "wait_weeks": "要看出 10% 的效果，大约还需要 {weeks} 周",
    "wait_week": "要看出 10% 的效果，大约还需要一周",
    "wait_years": "要看出 10% 的效果，按目前的顾客数量需要两年以上（{weeks} 周），效果更大则更快",
    "wait_unknown": "有了第一批订单之后才能估计需要多久",
    "wait_small": "如果有 10% 的效果，现在应该已经看得出来，所以效果即使有也更小",
    "wait_srm": "各组人数与设定的比例不符，因此暂不下结论",
    "wait_planned": "按计划最迟在 {until} 得出结论",
    "wait_matching": "两组中订单与顾客对应的方式不同，因此暂不下结论",
    "wait_contradiction": "下单比例与人均收入的方向相反，因此暂不下结论",
    "wait_one_shopper": "少了一位顾客结论就不成立，因此暂不下结论",
    "plan_planned": "计划：第 {look} 次查看，共 {of} 次；最迟 {until} 得出结论{detectable}。"
    "对照组占顾客的 {holdout}。",
    "plan_detectable": "；届时很可能看得出的最小效果为 {effect}",
    "plan_over": "计划的 {of} 周已于 {until} 结束。",
    "plan_anytime": "没有计划结束日：可以随时查看，区间不含零时即有结论。"
    "`shopclerk plan` 会说明有计划的好处。",
    "plan_before": "这个实验在早先的版本下开始，沿用当时的计划：只由人均收入下结论，可以随时查看。"
    "`shopclerk plan --start` 开始新的计划。",
    "plan_measures": "下结论的指标：下单顾客的比例，以及人均收入（每位顾客最多计 {cap}）。"
    "两者合起来二十次中至多错一次。",
    "influence": "消费最多的一位顾客占收入的 {champion}（店员）和 {holdout}（对照组）。",
    "compared_all": "所发生的事属于这段时间；比较则包括实验开始以来的所有顾客。",
    "open_hint": "在得出结论之前，这些数字单独都不能证明什么。",
    "wait_no_holdout": "对照组里没有人，无从比较",
    "interval": "95% 区间",
    "pvalue": "校正后的 p",
    "adjusted_p": "除下结论的两项外，各指标的 p 值按指标个数校正"
    "（Benjamini–Hochberg），每次查看时都成立。",
    "adjusted": "人均收入（原始）：{raw}。"
    "每位顾客最多计 {cap}，并扣除此前订单的影响后：{adjusted}。"
    "两者都不用来下结论。",
    "planned_end": "计划的结束日已过：只看一次的区间为 {low} 至 {high}。",
    "ledger": "自开始以来增加的收入",
    "added_clerk": "店员与对照组相比，自开始以来：{added}。",
    "added_model": "模型 {version} 与前一个相比（{shoppers} 位顾客）：{added}。",
    "added": "{amount}（{low} 至 {high}）",
    "added_early": "还不能说：有一组下单的顾客不到 60 位",
    "added_unknown": "无从比较",
    "model_changes": "模型有什么变化",
    "model_promoted": "{day}：版本 {version} 接任。{questions} 个留出问题中答对 {right}，"
    "版本 {parent} 为 {before}；共学习了 {examples} 个例子。",
    "model_first": "{day}：版本 {version} 接任，共学习了 {examples} 个例子。",
    "model_refused": "{day}：试了一个新模型，没有采用：{questions} 个留出问题中答对 {right}，"
    "版本 {parent} 为 {before}。",
    "model_refused_plain": "{day}：试了一个新模型，没有采用。",
    "model_failed": "{day}：重新训练失败，一切照旧；原因见工作台的模型页。",
    "model_unchanged": "模型没有变化。",
    "asked_most": "问得最多的",
    "times": "{times} 次",
    "once": "1 次",
    "write_reply": "写回复",
    "week": "这段时间",
    "resolved_line": "无需人工即解决：{dialogues} 个对话中的 {resolved} 个（{share}）；"
    "其中 {confirmed} 个由顾客确认，{open} 个还太新，不能判断。",
    "thumbs_line": "点赞：{thumbs} 次评价中的 {up} 次（{share}）。",
    "answer_line": "模型回答所需时间的中位数：{ms} 毫秒。",
    "staff_line": "转接后客服在 {minutes} 分钟内回答（中位数）。",
    "comments_line": "评论：{positive} 条好评，{negative} 条差评，{neutral} 条中性。",
    "topics": "顾客问了什么",
    "topic": "主题",
    "questions": "问题",
    "trend": "趋势",
    "handed": "转给客服",
    "down": "踩",
    "earned": "其后的收入（归因）",
    "words": "词语",
    "growing": "增多（此前 {before}）",
    "shrinking": "减少（此前 {before}）",
    "steady": "与此前相当（{before}）",
    "unanswered": "没有好答复的问题",
    "disliked": "踩多于赞的回复",
    "by_week": "按首次接触的周",
    "by_locale": "按语言",
    "by_version": "按模型版本",
    "by_channel": "按渠道",
    "by_topic": "按首个问题的主题（仅这段时间）",
    "chart_axis": "店员相对对照组的提升",
    "chart_footer": "顾客：{shoppers}。截至 {until}。",
    "measures": "依据",
    "measure": "指标",
    "shoppers": "顾客",
    "holdout": "对照组",
    "champion": "店员",
    "none": "没有店员",
    "challenger": "挑战者",
    "uplift": "提升",
    "no_interval": "数据太少",
    "period": "自 {since} 至 {until}（不含）。",
    "period_all": "截至 {until} 的全部数据。",
    "intervals": "区间无论查看多少次都成立：下结论的两项合计 95%，其余各 95%。",
    "attributed": "归因，并非因果：{assisted}在对话后的协助窗口内产生（{assisted_amount}）；"
    "其中{direct}买的正是在聊天中点击的商品（{direct_amount}）。",
    "orders": "{count} 个订单",
    "order": "1 个订单",
    "bridges": "能对应到顾客的订单：{paid} 个已付款订单中的 {matched} 个（{share}）{by}。",
    "no_orders": "这段时间没有已付款的订单。",
    "hand_overs": "转给客服：{dialogues} 个对话中的 {handed} 个（{share}）{by}。",
    "no_dialogues": "这段时间没有对话。",
    "reason_asked_for_person": "要求人工",
    "reason_no_fitting_reply": "没有合适的回复",
    "reason_unsure": "没有把握",
    "reason_outdated_reply": "回复已不在回复库",
    "reason_missing_fact": "缺少店铺信息",
    "reason_order_needs_person": "没有找到订单",
    "reason_thumbs_down": "踩",
    "reason_promised": "答应由同事处理",
    "reason_abuse": "辱骂",
    "reason_other": "由客服接手",
    "replies": "出现最多的回复",
    "reply": "{reply_id}：出现 {shown}，点击 {clicked}，赞 {up}，踩 {down}，"
    "其后订单 {orders}（归因）",
    "pages": "引用最多的页面",
    "page": "{title}：引用 {shown}，打开 {clicked}，赞 {up}，踩 {down}，"
    "其后转人工 {handed_over}，其后订单 {orders}（归因）",
    "actions": "订单操作",
    "actions_done": "已办理 {done} 项：机器人独立完成 {alone}，同事同意后 {approved}，"
    "人工办理 {by_hand}；撤销 {undone}。",
    "actions_saved": "约为客服节省 {minutes} 分钟（独立完成每项 6 分钟，有同事参与每项 3 分钟）；"
    "退还 {refunded}。",
    "actions_ended": "未办理：同事未同意 {declined}，商店系统拒绝 {refused}，过期 {expired}，"
    "顾客中途离开 {left}。",
    "actions_left_at": "多数在询问以下内容时离开：{asked}。",
    "todo": "可以做什么",
    "staff_answers": "团队的答复",
    "staff_first": "首次答复：{count}次，一半在{median}内，{share}按时（目标{target}）",
    "staff_next": "后续答复：{count}次，一半在{median}内，{share}按时（目标{target}）",
    "staff_unanswered": "未答复即关闭：{count}",
    "staff_reminded": "提醒{reminders}次，通知频道{escalations}次",
    "do_wait": "一切照旧；计划每周一查看一次。",
    "do_end": "不需要做什么：店员没有可测量的害处，仍保留十分之一作对照，以便察觉变化。"
    "`shopclerk plan` 会说明更长的实验能看出什么。",
    "do_matching": "让每个订单在购物车属性里带上签名令牌 `shopclerk_shopper`，"
    "使两组以同样的方式对应。",
    "do_one_shopper": "看看最大的顾客：员工或经销商可用 `shopclerk exclude` 排除。",
    "do_plan": "请看 `shopclerk plan`：对照组只有十分之一时，得出结论要比一半时久得多。",
    "do_keep": "保留店员。缩小对照组可以减少损失，变差时仍然看得出来。",
    "do_stop": "查看上面被踩的回复和工作台，并回退模型。",
    "do_srm": "检查是否有页面或机器人只到达其中一组，以及对照组比例是否中途改过。",
    "do_holdout": "留出一部分顾客作对照：`shopclerk plan` 会说明多少、多久。",
    "do_bridges": "能对应的订单很少：请把签名令牌 `shopclerk_shopper` 放进购物车属性。",
    "do_hand_overs": "转给客服的对话很多：请在工作台为最常见的问题写回复。",
    "do_thumbs": "{reply_id} 的踩多于赞：请再读一遍。",
    "note_srm": "警告：各组人数与设定的比例不符（p = {pvalue:.1e}）。",
    "note_other_currency": "另有 {orders} 个 {currency} 订单不在这些金额之内。",
    "note_same_answers": "A/A 模式：对照组也得到模型的回答，预期没有差别；"
    "除“数据还不够”以外的结论都是误报。",
    "note_strata": "比例曾经改过：只在同一比例（共 {count} 种）下分组的顾客之间比较。",
    "note_topics_by_words": "模型不在：主题只按词语归类。",
    "note_open_windows": "{shoppers} 位顾客刚来不久，他们的订单可能还会有。",
}

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

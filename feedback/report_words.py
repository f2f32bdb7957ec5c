"""The report's sentences, in English and Chinese."""

from collections.abc import Mapping
from typing import Final

ENGLISH: Final[Mapping[str, str]] = {
    "better": "Better: shoppers the clerk answered brought {change} revenue each than those"
    " answered without it ({low} to {high}).",
    "worse": "Worse: shoppers the clerk answered brought {change} revenue each than those"
    " answered without it ({low} to {high}).",
    "not yet": "Not enough data yet to say what the clerk adds: {wait}.",
    "more": "{percent} more",
    "less": "{percent} less",
    "wait_weeks": "about {weeks} more weeks",
    "wait_week": "about one more week",
    "wait_years": "more than two years at today's number of shoppers ({weeks} weeks)",
    "wait_unknown": "how long it takes can be told after the first orders",
    "wait_small": "an effect of 10 % would have been seen by now, so it is smaller, if there is"
    " one at all",
    "wait_srm": "the verdict is withheld, because the arms' sizes contradict the configured shares",
    "wait_no_holdout": "there is nobody in the holdout to compare with",
    "rps": "Revenue per shopper",
    "cvr": "Shoppers who bought",
    "aov": "Order value",
    "ctr": "Clicked replies",
    "click_cvr": "Purchases per click",
    "measure": "Measure",
    "shoppers": "Shoppers",
    "holdout": "Holdout",
    "champion": "Clerk",
    "challenger": "Challenger",
    "uplift": "Uplift",
    "no_interval": "too little data",
    "period": "From {since} up to {until}.",
    "period_all": "All up to {until}.",
    "intervals": "Intervals hold at every weekly look (95 %, confidence sequence).",
    "attributed": "Attributed, not caused: {assisted} followed a dialogue within the assisted"
    " window ({assisted_amount}); of these {direct} had the very product clicked in the chat"
    " ({direct_amount}).",
    "orders": "{count} orders",
    "order": "1 order",
    "bridges": "Matched to a shopper: {matched} of {paid} paid orders ({share}){by}.",
    "no_orders": "No paid orders in this time.",
    "hand_overs": "Handed over to the staff: {handed} of {dialogues} dialogues ({share}){by}.",
    "no_dialogues": "No dialogues in this time.",
    "replies": "Replies shown most",
    "reply": "{reply_id}: shown {shown}, clicked {clicked}, {up} up, {down} down,"
    " orders after it {orders} (attributed)",
    "todo": "What to do",
    "do_wait": "Leave the holdout as it is and look again next week.",
    "do_keep": "Keep the clerk. A smaller holdout costs less and still shows when it gets worse.",
    "do_stop": "Look at the replies with thumbs down above and at the desk, and roll back the"
    " model.",
    "do_srm": "Check whether pages or bots reach only one arm, and whether the holdout's share was"
    " changed on the way.",
    "do_holdout": "Set SHOPCLERK_HOLDOUT_SHARE, to 0.1 for example.",
    "do_bridges": "Few orders could be matched: put the signed token `shopclerk_shopper` into the"
    " cart's attributes.",
    "do_hand_overs": "Many dialogues were handed over: write replies for the commonest questions at"
    " the desk.",
    "do_thumbs": "{reply_id} got more thumbs down than up: read it again.",
    "note_srm": "Warning: the arms' sizes contradict the configured shares (p = {pvalue:.1e}).",
    "note_other_currency": "{orders} orders in {currency} are not in these amounts.",
    "note_same_answers": "A/A mode: the holdout has the model's answers too, so no difference is"
    " expected, and any verdict but “not yet” is a false alarm.",
    "note_strata": "The shares were changed: shoppers dealt under the same shares ({count} sets) are"
    " compared with each other only.",
    "note_topics_by_words": "The model was away: topics are grouped by words alone.",
    "note_open_windows": "{shoppers} shoppers came so lately that their orders may still follow.",
}

CHINESE: Final[Mapping[str, str]] = {
    "better": "更好：由店员回答的顾客，人均收入比未由它回答的{change}（{low} 至 {high}）。",
    "worse": "更差：由店员回答的顾客，人均收入比未由它回答的{change}（{low} 至 {high}）。",
    "not yet": "数据还不够，暂时看不出店员带来了什么：{wait}。",
    "more": "高 {percent}",
    "less": "低 {percent}",
    "wait_weeks": "大约还需要 {weeks} 周",
    "wait_week": "大约还需要一周",
    "wait_years": "按目前的顾客数量需要两年以上（{weeks} 周）",
    "wait_unknown": "有了第一批订单之后才能估计需要多久",
    "wait_small": "如果有 10% 的效果，现在应该已经看得出来，所以效果即使有也更小",
    "wait_srm": "各组人数与设定的比例不符，因此暂不下结论",
    "wait_no_holdout": "对照组里没有人，无从比较",
    "rps": "人均收入",
    "cvr": "下单顾客比例",
    "aov": "平均订单金额",
    "ctr": "被点击的回复",
    "click_cvr": "每次点击的购买",
    "measure": "指标",
    "shoppers": "顾客",
    "holdout": "对照组",
    "champion": "店员",
    "challenger": "挑战者",
    "uplift": "提升",
    "no_interval": "数据太少",
    "period": "自 {since} 至 {until}（不含）。",
    "period_all": "截至 {until} 的全部数据。",
    "intervals": "区间在每周查看时都成立（95%，置信序列）。",
    "attributed": "归因，并非因果：{assisted}在对话后的协助窗口内产生（{assisted_amount}）；"
    "其中{direct}买的正是在聊天中点击的商品（{direct_amount}）。",
    "orders": "{count} 个订单",
    "order": "1 个订单",
    "bridges": "能对应到顾客的订单：{paid} 个已付款订单中的 {matched} 个（{share}）{by}。",
    "no_orders": "这段时间没有已付款的订单。",
    "hand_overs": "转给客服：{dialogues} 个对话中的 {handed} 个（{share}）{by}。",
    "no_dialogues": "这段时间没有对话。",
    "replies": "出现最多的回复",
    "reply": "{reply_id}：出现 {shown}，点击 {clicked}，赞 {up}，踩 {down}，"
    "其后订单 {orders}（归因）",
    "todo": "可以做什么",
    "do_wait": "保持对照组不变，下周再看。",
    "do_keep": "保留店员。缩小对照组可以减少损失，变差时仍然看得出来。",
    "do_stop": "查看上面被踩的回复和工作台，并回退模型。",
    "do_srm": "检查是否有页面或机器人只到达其中一组，以及对照组比例是否中途改过。",
    "do_holdout": "设置 SHOPCLERK_HOLDOUT_SHARE，例如 0.1。",
    "do_bridges": "能对应的订单很少：请把签名令牌 `shopclerk_shopper` 放进购物车属性。",
    "do_hand_overs": "转给客服的对话很多：请在工作台为最常见的问题写回复。",
    "do_thumbs": "{reply_id} 的踩多于赞：请再读一遍。",
    "note_srm": "警告：各组人数与设定的比例不符（p = {pvalue:.1e}）。",
    "note_other_currency": "另有 {orders} 个 {currency} 订单不在这些金额之内。",
    "note_same_answers": "A/A 模式：对照组也得到模型的回答，预期没有差别；除“数据还不够”以外的结论都是误报。",
    "note_strata": "比例曾经改过：只在同一比例（共 {count} 种）下分组的顾客之间比较。",
    "note_topics_by_words": "模型不在：主题只按词语归类。",
    "note_open_windows": "{shoppers} 位顾客刚来不久，他们的订单可能还会有。",
}

WORDS: Final[Mapping[str, Mapping[str, str]]] = {"en": ENGLISH, "zh": CHINESE}

"""Strings of the report: its sentences in English and Chinese; metrics bring their own titles."""

from collections.abc import Iterator, Mapping
from typing import Final

from feedback.experiments import Metric


class Words(Mapping[str, str]):
    """The report's sentences in one language, by name."""

    def __init__(self, locale: str, sentences: Mapping[str, str]) -> None:
        """Take the sentences of `locale`."""
        self.locale = locale
        self._sentences = sentences

    def __getitem__(self, name: str) -> str:
        """The sentence of that name."""
        return self._sentences[name]

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self._sentences)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._sentences)

    def title(self, metric: Metric) -> str:
        """What the metric is called in this language; in English where it does not say."""
        return metric.titles.get(self.locale, metric.titles["en"])


_ENGLISH: Final[Mapping[str, str]] = {
    "better": "Better: shoppers the clerk answered brought {change} revenue each than those"
    " answered without it ({low} to {high}).",
    "worse": "Worse: shoppers the clerk answered brought {change} revenue each than those"
    " answered without it ({low} to {high}).",
    "not yet": "Not enough data yet to say what the clerk adds: {wait}.",
    "more": "{percent} more",
    "less": "{percent} less",
    "wait_weeks": "an effect of 10 % would be seen in about {weeks} more weeks",
    "wait_week": "an effect of 10 % would be seen in about one more week",
    "wait_years": "an effect of 10 % would take more than two years at today's number of shoppers"
    " ({weeks} weeks), a larger one less",
    "wait_unknown": "how long it takes can be told after the first orders",
    "wait_small": "an effect of 10 % would have been seen by now, so it is smaller, if there is"
    " one at all",
    "wait_srm": "the verdict is withheld, because the arms' sizes contradict the configured shares",
    "wait_no_holdout": "there is nobody in the holdout to compare with",
    "interval": "95 % interval",
    "pvalue": "p, adjusted",
    "adjusted_p": "p of all measures but the first is adjusted for their number"
    " (Benjamini–Hochberg) and holds at every look.",
    "adjusted": "Revenue per shopper as it is: {raw}. With each order counted up to {cap} and"
    " earlier orders allowed for: {adjusted}. The first alone decides.",
    "planned_end": "The planned end is over: the interval of a single look is {low} to {high}.",
    "ledger": "Added since the start",
    "added_clerk": "The clerk, against the holdout, since the start: {added}.",
    "added_model": "Model {version}, against the one before it ({shoppers} shoppers): {added}.",
    "added": "{amount} ({low} to {high})",
    "added_early": "{amount} so far, too little data for an interval",
    "added_unknown": "there is nobody to compare with",
    "model_changes": "What changed in the model",
    "model_promoted": "{day}: version {version} took over. It got {right} of {questions} held-out"
    " questions right, version {parent} {before}; it learned from {examples} examples.",
    "model_first": "{day}: version {version} took over, having learned from {examples} examples.",
    "model_refused": "{day}: a new model was tried and not taken: it got {right} of {questions}"
    " held-out questions right, version {parent} {before}.",
    "model_refused_plain": "{day}: a new model was tried and not taken.",
    "model_failed": "{day}: retraining failed; nothing changed. The desk's page of the model says"
    " why.",
    "model_unchanged": "Nothing changed in the model.",
    "asked_most": "Asked most",
    "times": "{times} times",
    "once": "once",
    "write_reply": "Write the reply",
    "week": "This time",
    "resolved_line": "Resolved without a person: {resolved} of {dialogues} dialogues ({share});"
    " {confirmed} of them said so, {open} are too young to tell.",
    "thumbs_line": "Thumbs up: {up} of {thumbs} ({share}).",
    "answer_line": "The model's median time to an answer: {ms} ms.",
    "staff_line": "After a hand-over a person answered within {minutes} minutes (median).",
    "comments_line": "Comments: {positive} kind, {negative} unkind, {neutral} neither.",
    "topics": "What shoppers asked about",
    "topic": "Topic",
    "questions": "Questions",
    "trend": "Trend",
    "handed": "Handed over",
    "down": "Thumbs down",
    "earned": "Revenue after it (attributed)",
    "example": "Example",
    "growing": "growing ({before} before)",
    "shrinking": "shrinking ({before} before)",
    "steady": "as before ({before})",
    "unanswered": "Questions without a good reply",
    "disliked": "Replies with more thumbs down than up",
    "by_week": "By week of the first contact",
    "by_locale": "By language",
    "by_version": "By model version",
    "by_channel": "By channel",
    "by_topic": "By what was asked first, this time only",
    "chart_axis": "Uplift of the clerk over the holdout",
    "chart_footer": "Shoppers: {shoppers}. Up to {until}.",
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
    "reason_asked_for_person": "asked for a person",
    "reason_no_fitting_reply": "no reply fits",
    "reason_unsure": "not sure",
    "reason_outdated_reply": "reply no longer in the book",
    "reason_missing_fact": "a fact of the shop is missing",
    "reason_order_needs_person": "order not found",
    "reason_thumbs_down": "thumbs down",
    "reason_abuse": "abuse",
    "reason_other": "by the staff",
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
    "note_strata": "The shares were changed: shoppers dealt under the same shares ({count}"
    " sets) are compared with each other only.",
    "note_topics_by_words": "The model was away: topics are grouped by words alone.",
    "note_open_windows": "{shoppers} shoppers came so lately that their orders may still follow.",
}

_CHINESE: Final[Mapping[str, str]] = {
    "better": "更好：由店员回答的顾客，人均收入比未由它回答的{change}（{low} 至 {high}）。",
    "worse": "更差：由店员回答的顾客，人均收入比未由它回答的{change}（{low} 至 {high}）。",
    "not yet": "数据还不够，暂时看不出店员带来了什么：{wait}。",
    "more": "高 {percent}",
    "less": "低 {percent}",
    "wait_weeks": "要看出 10% 的效果，大约还需要 {weeks} 周",
    "wait_week": "要看出 10% 的效果，大约还需要一周",
    "wait_years": "要看出 10% 的效果，按目前的顾客数量需要两年以上（{weeks} 周），效果更大则更快",
    "wait_unknown": "有了第一批订单之后才能估计需要多久",
    "wait_small": "如果有 10% 的效果，现在应该已经看得出来，所以效果即使有也更小",
    "wait_srm": "各组人数与设定的比例不符，因此暂不下结论",
    "wait_no_holdout": "对照组里没有人，无从比较",
    "interval": "95% 区间",
    "pvalue": "校正后的 p",
    "adjusted_p": "除第一项外，各指标的 p 值按指标个数校正"
    "（Benjamini–Hochberg），每次查看时都成立。",
    "adjusted": "人均收入（原始）：{raw}。"
    "每个订单最多计 {cap}，并扣除此前订单的影响后：{adjusted}。"
    "只由原始数字下结论。",
    "planned_end": "计划的结束日已过：只看一次的区间为 {low} 至 {high}。",
    "ledger": "自开始以来增加的收入",
    "added_clerk": "店员与对照组相比，自开始以来：{added}。",
    "added_model": "模型 {version} 与前一个相比（{shoppers} 位顾客）：{added}。",
    "added": "{amount}（{low} 至 {high}）",
    "added_early": "目前 {amount}，数据太少，没有区间",
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
    "example": "例子",
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
    "reason_asked_for_person": "要求人工",
    "reason_no_fitting_reply": "没有合适的回复",
    "reason_unsure": "没有把握",
    "reason_outdated_reply": "回复已不在回复库",
    "reason_missing_fact": "缺少店铺信息",
    "reason_order_needs_person": "没有找到订单",
    "reason_thumbs_down": "踩",
    "reason_abuse": "辱骂",
    "reason_other": "由客服接手",
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
    "note_same_answers": "A/A 模式：对照组也得到模型的回答，预期没有差别；"
    "除“数据还不够”以外的结论都是误报。",
    "note_strata": "比例曾经改过：只在同一比例（共 {count} 种）下分组的顾客之间比较。",
    "note_topics_by_words": "模型不在：主题只按词语归类。",
    "note_open_windows": "{shoppers} 位顾客刚来不久，他们的订单可能还会有。",
}

WORDS: Final[Mapping[str, Words]] = {
    "en": Words("en", _ENGLISH),
    "zh": Words("zh", _CHINESE),
}


def words_in(locale: str) -> Words:
    """The report's words in a language; English where there are none in it."""
    return WORDS.get(locale, WORDS["en"])

"""English sentences of the weekly report, by name."""

from collections.abc import Mapping
from typing import Final

REPORT: Final[Mapping[str, str]] = {
    "better": "Better: shoppers the clerk answered brought {change} revenue each than those"
    " answered without it ({low} to {high}).",
    "worse": "Worse: shoppers the clerk answered brought {change} revenue each than those"
    " answered without it ({low} to {high}).",
    "better_cvr": "Better: {change} of the shoppers the clerk answered bought something than of"
    " those answered without it ({low} to {high}).",
    "worse_cvr": "Worse: {change} of the shoppers the clerk answered bought something than of"
    " those answered without it ({low} to {high}).",
    "no_effect": "No effect shown: the planned end came, and neither more nor fewer bought than"
    " chance explains. An effect of {effect} or more would most likely have been seen.",
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
    "wait_planned": "the plan decides by {until} at the latest",
    "wait_matching": "the verdict is withheld, because orders are matched to shoppers in other ways"
    " in one arm than in the other",
    "wait_contradiction": "the verdict is withheld, because the share of buyers and the revenue per"
    " shopper point in opposite directions",
    "wait_one_shopper": "the verdict is withheld, because it would not stand without one shopper",
    "plan_planned": "Plan: look {look} of {of}; decided by {until} at the latest{detectable}. Held"
    " out: {holdout} of the shoppers.",
    "plan_detectable": "; the smallest effect likely to be seen by then is {effect}",
    "plan_over": "The plan's {of} weeks are over since {until}.",
    "plan_anytime": "No end is planned: the comparison may be read at any time, and decides when"
    " the interval leaves zero out. `shopclerk plan` says what a plan would gain.",
    "plan_before": "This experiment began under an earlier version and keeps its plan: revenue per"
    " shopper alone decides, at any time. `shopclerk plan --start` begins a new one.",
    "plan_measures": "What decides: the share of shoppers who buy, and their revenue, each shopper"
    " counted up to {cap}. Both together are wrong at most once in twenty.",
    "influence": "Of the revenue, the shopper who spent most is {champion} (clerk) and {holdout}"
    " (holdout).",
    "compared_all": "What happened is of this time; the comparison counts everybody since the"
    " experiment began.",
    "open_hint": "As long as the verdict is open, none of these figures proves anything by itself.",
    "wait_no_holdout": "there is nobody in the holdout to compare with",
    "interval": "95 % interval",
    "pvalue": "p, adjusted",
    "adjusted_p": "p of all measures but those that decide is adjusted for their number"
    " (Benjamini–Hochberg) and holds at every look.",
    "adjusted": "Revenue per shopper as it is: {raw}. With each shopper counted up to {cap} and"
    " earlier orders allowed for: {adjusted}. Neither decides.",
    "planned_end": "The planned end is over: the interval of a single look is {low} to {high}.",
    "ledger": "Added since the start",
    "added_clerk": "The clerk, against the holdout, since the start: {added}.",
    "added_model": "Model {version}, against the one before it ({shoppers} shoppers): {added}.",
    "added": "{amount} ({low} to {high})",
    "added_early": "not to be told yet, fewer than 60 shoppers of one arm bought something",
    "added_unknown": "there is nobody to compare with",
    "comma": ", ",
    "adjusted_by": "Adjusted by what was known at the first contact (device, page, source,"
    " language, here before) and by earlier orders: {title} {interval}; {gain} less variance. It"
    " does not decide.",
    "adjusted_nothing": "What was known at the first contact explains nothing of who buys:"
    " adjusting by it gains nothing, and is left out.",
    "belief": "Read as a bet: with a probability of {better} more shoppers buy with the clerk; most"
    " likely {value} ({low} to {high}). Before anything was seen, two of three effects were taken"
    " to lie within ±10 %. It decides nothing.",
    "guard_harm": "Guardrail, worse with the clerk: {title} {interval}.",
    "guards_well": "Guardrails without harm shown: {titles}.",
    "saved_hand_overs": "Hand-overs avoided against the holdout, since the start: {count} ({low} to"
    " {high}): {hours} hours of your team.",
    "saved_unset": "What an hour of your team costs (`SHOPCLERK_STAFF_HOUR_COST`) is not set: it"
    " would stand here in money.",
    "saved_money": "That is worth {saved}.",
    "returned": "With what is left of the revenue added ({added}) it comes back {times} times: it"
    " cost {cost} to run.",
    "returned_staff": "The staff's time alone comes back {times} times: it cost {cost} to run.",
    "lasting": "Does it last? Buyers by week since the first contact",
    "lasting_week": "Week {week}: {champion} with the clerk, {holdout} without; {interval}",
    "segments": "Where it differs",
    "segments_hint": "Buyers; intervals hold at every look, p is adjusted for the number of rows"
    " (Holm). Without a small p a difference between rows is chance.",
    "of_device": "Device",
    "of_page": "First page",
    "of_source": "Came from",
    "of_been_before": "Here before",
    "of_locale": "Language",
    "of_channel": "Channel",
    "of_version": "Model version",
    "do_wait_anytime": "Leave everything as it is; it decides by itself once there is enough.",
    "nothing_yet": "Nothing to tell yet of: {titles}.",
    "path_hint": "From {first} to {last}: the line is what was added up to the"
    "n, the band its interval, the thin line nothing.",
    "bought": "bought",
    "trait_phone": "phone",
    "trait_computer": "computer",
    "trait_home": "home page",
    "trait_product": "product page",
    "trait_basket": "basket",
    "trait_list": "list of products",
    "trait_other": "other",
    "trait_direct": "typed the address",
    "trait_shop": "another page of the shop",
    "trait_search": "search engine",
    "trait_social": "social network",
    "trait_paid": "advertisement",
    "trait_mail": "newsletter",
    "trait_yes": "yes",
    "trait_no": "no",
    "visitors": "Having a clerk, for everybody who visits",
    "visitors_better": "Better: visitors who were shown the clerk bought for {change} than those"
    " who were shown none ({low} to {high}).",
    "visitors_better_cvr": "Better: {change} of the visitors who were shown the clerk bought"
    " something than of those who were shown none ({low} to {high}).",
    "visitors_worse": "Worse: visitors who were shown the clerk bought for {change} than those who"
    " were shown none ({low} to {high}).",
    "visitors_worse_cvr": "Worse: {change} of the visitors who were shown the clerk bought"
    " something than of those who were shown none ({low} to {high}).",
    "visitors_no_effect": "No effect shown: the planned end came, and visitors with and without the"
    " clerk bought alike. An effect of {effect} or more would most likely have been seen.",
    "visitors_open": "Not enough data yet to say what having a clerk adds: {wait}.",
    "visitors_no_token": "no order was found by a visitor's token yet; if some of them bought, the"
    " field `shopclerk_shopper` is missing in your checkout",
    "visitors_too_few": "fewer than 60 visitors of one arm bought something; {until}",
    "visitors_sums": "With the clerk {clerk_cvr} of {clerk} visitors bought, without it {none_cvr}"
    " of {none}; revenue a visitor {clerk_rps} and {none_rps}.",
    "visitors_cvr": "Buyers more or fewer by the clerk: {interval}.",
    "visitors_added": "Added by having a clerk, since the start: {added}.",
    "visitors_plan": "Plan: look {look} of {of}; decided by {until} at the latest. {none} of the"
    " visitors are shown no clerk until then.",
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
    "turns_line": "Messages of the shopper in a resolved dialogue: {turns} (median of {resolved}).",
    "lost_line": "Lost, with nobody called: {lost} dialogues, most often after {after}.",
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
    "words": "Words",
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
    "measures": "What it rests on",
    "shoppers": "Shoppers",
    "holdout": "Holdout",
    "champion": "Clerk",
    "none": "No clerk",
    "challenger": "Challenger",
    "uplift": "Uplift",
    "no_interval": "too little data",
    "period": "From {since} up to {until}.",
    "period_all": "All up to {until}.",
    "intervals": "Intervals hold however often one looks: 95 % together for the two measures that"
    " decide, 95 % each for the others.",
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
    "reason_promised": "a colleague was promised",
    "reason_abuse": "abuse",
    "reason_other": "by the staff",
    "replies": "Replies shown most",
    "reply": "{reply_id}: shown {shown}, clicked {clicked}, {up} up, {down} down,"
    " orders after it {orders} (attributed)",
    "pages": "Pages quoted most",
    "page": "{title}: quoted {shown}, opened {clicked}, {up} up, {down} down,"
    " handed over after it {handed_over}, orders after it {orders} (attributed)",
    "actions": "Order actions",
    "actions_done": "{done} carried out: {alone} by the clerk alone, {approved} after a colleague's"
    " yes, {by_hand} by hand; {undone} undone.",
    "actions_saved": "About {minutes} minutes of the staff's time saved (6 for one done alone, 3"
    " with a colleague); {refunded} given back.",
    "actions_ended": "Not carried out: {declined} declined, {refused} refused by the shop's system,"
    " {expired} expired, {left} left by the shopper.",
    "actions_left_at": "Most were left when they were asked for: {asked}.",
    "actions_corrected": "{corrected} summaries were not what the shopper meant, most of:"
    " {actions}. At /desk/actions you say what was wanted, and the model learns it.",
    "todo": "What to do",
    "staff_answers": "Answers of your team",
    "staff_first": "first answers: {count}, half of them within {median}, {share} in time"
    " (target {target})",
    "staff_next": "further answers: {count}, half of them within {median}, {share} in time"
    " (target {target})",
    "staff_unanswered": "closed without an answer: {count}",
    "staff_reminded": "reminders: {reminders}, told to the channel: {escalations}",
    "do_wait": "Leave everything as it is; the plan has its looks every Monday.",
    "do_end": "Nothing has to be done: the clerk does no measurable harm, and a tenth stays held"
    " out to notice if that changes. `shopclerk plan` says what a longer experiment would see.",
    "do_matching": "Let every order carry the signed token `shopclerk_shopper` in the cart's"
    " attributes, so that it is matched in both arms alike.",
    "do_one_shopper": "Look at the largest customer: one of the staff or a reseller is left out by"
    " `shopclerk exclude`.",
    "do_plan": "See `shopclerk plan`: at a tenth held out an answer takes many times as long as at"
    " half.",
    "do_keep": "Keep the clerk. A smaller holdout costs less and still shows when it gets worse.",
    "do_stop": "Look at the replies with thumbs down above and at the desk, and roll back the"
    " model.",
    "do_srm": "Check whether pages or bots reach only one arm, and whether the holdout's share was"
    " changed on the way.",
    "do_holdout": "Hold some shoppers out: `shopclerk plan` says how many, and for how long.",
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

"""Metric registry: each metric of the report is one object, a ratio of two sums over shoppers.

A metric named here is computed in every arm with its uplift and interval, and stands in the text,
the page and the JSON of the report, in Slack's table and in the picture as it says itself; no other
module knows it. How one is added: docs/extending/metric.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, cast, get_args

# What is known of each shopper, within the outcome window after their exposure: bought at all,
# purchases in any currency, orders and revenue in the report's currency, the same revenue cut at
# the cap, what was given back and revenue before that, revenue before the exposure, orders all of
# whose costs are known, their revenue and what it is over the cost, impressions, those that were
# clicked, clicks, thumbs and thumbs up, recommendations shown and clicked, answers whose time was
# taken and the seconds they took, dialogues, those handed over, those resolved without a person and
# those with a complaint (a thumb down, or a grade of 1 or 2). `shopper_facts` computes them, under
# these names.
Fact = Literal[
    "buyers", "purchases", "orders", "revenue", "capped", "refunded", "gross", "before",
    "costed_orders", "costed", "profit", "impressions", "clicked", "clicks", "thumbs", "up",
    "offers", "taken", "timed", "waited", "dialogues", "handed", "resolved", "complaints",
]  # fmt: skip
FACTS: Final[tuple[Fact, ...]] = get_args(Fact)
AMOUNTS: Final[tuple[Fact, ...]] = (
    "revenue", "capped", "refunded", "gross", "before", "costed", "profit",
)  # fmt: skip
COUNTS: Final = tuple(fact for fact in FACTS if fact not in (*AMOUNTS, "waited"))

Unit = Literal["money", "share", "number", "seconds"]
Place = Literal["text", "page", "slack", "picture"]  # the JSON has all
TooFew = Literal["too_few_orders", "too_few_clicks", "too_few_thumbs", "too_few_dialogues"]

TABLES: Final[tuple[Place, ...]] = ("text", "page")
EVERYWHERE: Final[tuple[Place, ...]] = ("text", "page", "slack", "picture")


@dataclass(frozen=True)
class Metric:
    """A ratio of two facts, summed over an arm's shoppers; without a denominator, per shopper.

    `name` is its key in JSON: stored reports are read by it, so it is never changed. An interval
    needs 60 of `events` in both arms, of the numerator where none are named; with fewer, `too_few`
    is the reason given.
    """

    name: str
    numerator: Fact
    denominator: Fact | None
    unit: Unit
    titles: Mapping[str, str] = field(hash=False)  # by language, English for any other
    too_few: TooFew
    events: Fact | None = None
    places: tuple[Place, ...] = TABLES
    fewer_is_better: bool = False
    guards: bool = False  # harm shown in it is said, whatever the verdict
    bearable: float | None = None  # with the clerk, up to here, a guardrail shows no harm
    optional: bool = False  # a shop need not tell what it takes: nothing is said while it does not

    @property
    def counted(self) -> Fact:
        """The fact whose number decides whether there is an interval."""
        return self.events or self.numerator


RPS: Final = Metric(
    name="rps", numerator="revenue", denominator=None, unit="money",
    titles={"en": "Revenue per shopper", "zh": "人均收入"},
    events="buyers", too_few="too_few_orders", places=EVERYWHERE,
)  # fmt: skip
CAPPED: Final = Metric(
    name="rps_capped", numerator="capped", denominator=None, unit="money",
    titles={"en": "Revenue per shopper, capped", "zh": "人均收入（封顶）"},
    events="buyers", too_few="too_few_orders", places=("text", "page", "picture"),
)  # fmt: skip
CVR: Final = Metric(
    name="cvr", numerator="buyers", denominator=None, unit="share",
    titles={"en": "Shoppers who bought", "zh": "下单顾客比例"},
    too_few="too_few_orders", places=EVERYWHERE,
)  # fmt: skip
AOV: Final = Metric(
    name="aov", numerator="revenue", denominator="orders", unit="money",
    titles={"en": "Order value", "zh": "平均订单金额"},
    events="buyers", too_few="too_few_orders", places=EVERYWHERE,
)  # fmt: skip
CTR: Final = Metric(
    name="ctr", numerator="clicked", denominator="impressions", unit="share",
    titles={"en": "Clicked replies", "zh": "被点击的回复"},
    too_few="too_few_clicks", places=EVERYWHERE,
)  # fmt: skip
CLICK_CVR: Final = Metric(
    name="click_cvr", numerator="purchases", denominator="clicks", unit="share",
    titles={"en": "Purchases per click", "zh": "每次点击的购买"},
    too_few="too_few_orders", places=EVERYWHERE,
)  # fmt: skip
THUMBS_UP: Final = Metric(
    name="thumbs_up", numerator="up", denominator="thumbs", unit="share",
    titles={"en": "Thumbs up", "zh": "点赞"}, too_few="too_few_thumbs",
)  # fmt: skip
OFFER_CTR: Final = Metric(
    name="offer_ctr", numerator="taken", denominator="offers", unit="share",
    titles={"en": "Clicked recommendations", "zh": "被点击的推荐"}, too_few="too_few_clicks",
)  # fmt: skip
HANDED_OVER: Final = Metric(
    name="handed_over", numerator="handed", denominator="dialogues", unit="share",
    titles={"en": "Dialogues handed over", "zh": "转给客服的对话"},
    too_few="too_few_dialogues", fewer_is_better=True, guards=True,
)  # fmt: skip
RESOLVED: Final = Metric(
    name="resolved", numerator="resolved", denominator="dialogues", unit="share",
    titles={"en": "Resolved without a person", "zh": "无需人工即解决"},
    too_few="too_few_dialogues",
)  # fmt: skip
REFUNDED: Final = Metric(
    name="refund_rate", numerator="refunded", denominator="gross", unit="share",
    titles={"en": "Given back, of revenue", "zh": "退款占收入"},
    events="buyers", too_few="too_few_orders", fewer_is_better=True, guards=True,
)  # fmt: skip
COMPLAINED: Final = Metric(
    name="complaint_rate", numerator="complaints", denominator="dialogues", unit="share",
    titles={"en": "Dialogues with a complaint", "zh": "有投诉的对话"},
    too_few="too_few_dialogues", fewer_is_better=True, guards=True,
)  # fmt: skip
MARGIN: Final = Metric(
    name="margin", numerator="profit", denominator="costed", unit="share",
    titles={"en": "Margin, of revenue", "zh": "毛利占收入"},
    events="costed_orders", too_few="too_few_orders", guards=True, optional=True,
)  # fmt: skip
# A model takes longer than keyword search; up to a second nobody's thoughts wander (Nielsen 1993).
ANSWER_TIME: Final = Metric(
    name="answer_time", numerator="waited", denominator="timed", unit="seconds",
    titles={"en": "Time to answer", "zh": "回答用时"},
    events="timed", too_few="too_few_dialogues", fewer_is_better=True, guards=True, bearable=1.0,
)  # fmt: skip

PRIMARIES: Final = (CVR, CAPPED)  # they decide, half of alpha each; the plan names them
METRICS: Final = (
    CVR,
    CAPPED,
    RPS,
    AOV,
    CTR,
    CLICK_CVR,
    THUMBS_UP,
    OFFER_CTR,
    HANDED_OVER,
    RESOLVED,
    COMPLAINED,
    REFUNDED,
    MARGIN,
    ANSWER_TIME,
)


def covariances(metrics: Iterable[Metric]) -> tuple[tuple[Fact, Fact], ...]:
    """The pairs of facts whose covariance the intervals of these metrics need.

    The last is that of the adjusted revenue.

    >>> covariances([AOV, RPS])
    (('revenue', 'orders'), ('capped', 'before'))
    """
    pairs: list[tuple[Fact, Fact]] = [
        (metric.numerator, metric.denominator) for metric in metrics if metric.denominator
    ]
    return tuple(dict.fromkeys([*pairs, ("capped", "before")]))


class BadMetric(ValueError):
    """A metric of the shop's own that cannot be read."""


def own_metric(line: str) -> Metric:
    """A metric of the shop's own, as a line of the settings says it: `name=fact/fact`.

    >>> clicks = own_metric("clicks_per_dialogue=clicks/dialogues")
    >>> clicks.titles["en"], clicks.unit, clicks.counted
    ('Clicks per dialogue', 'number', 'clicks')
    >>> own_metric("orders_per_shopper=orders").denominator is None
    True

    Raises:
        BadMetric: it names no fact, or a metric that there is.
    """
    name, _, ratio = (part.strip() for part in line.partition("="))
    over, _, under = (part.strip() for part in ratio.partition("/"))
    wrong = [each for each in (over, under) if each not in FACTS and (each or each is over)]
    if not name.isidentifier() or wrong or name in {each.name for each in METRICS}:
        raise BadMetric(
            f"{line!r} is no metric: write name=fact/fact, or name=fact for one per shopper, with a"
            f" new name; facts are {', '.join(FACTS)}"
        )
    amount = over in AMOUNTS
    return Metric(
        name=name,
        numerator=cast(Fact, over),
        denominator=cast(Fact, under) if under else None,
        unit="money" if amount and under not in AMOUNTS else "number",
        titles={"en": name.replace("_", " ").capitalize()},
        events="buyers" if amount else None,
        too_few="too_few_orders",
    )


def said_in_settings(metric: Metric) -> str:
    """The line that `own_metric` reads.

    >>> said_in_settings(own_metric("clicks_per_dialogue=clicks/dialogues"))
    'clicks_per_dialogue=clicks/dialogues'
    """
    under = f"/{metric.denominator}" if metric.denominator else ""
    return f"{metric.name}={metric.numerator}{under}"

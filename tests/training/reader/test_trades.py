"""Lessons of trades: what a trade's pages state, in shops invented from them."""

import re

import numpy as np
import pytest

from serving.passage_search import COSINE
from training.reader.build import without_cosine
from training.reader.lessons import SLOT, invent_shop, read_facts, read_values
from training.reader.reading_set import lessons_of
from training.reader.trades import Trade, read_trades, trade_shops
from training.starter import read_page_facts

BAKERY = """
@cake: wedding cake = 婚礼蛋糕; fruit tart = 水果挞; cheesecake = 芝士蛋糕
@days: 2 = 2; 5 = 5; 10 = 10

## Orders / Ordering ahead = 订购 / 提前预订
* Please order a {cake} at least {days} days before. = {cake}请至少提前{days}天预订。
? how early do i book a {cake} = {cake}要提前多久订
? is {days} days enough = {days}天够吗

## About us / Our bakery = 关于我们 / 我们的面包店
* We have been baking for {days} years. = 我们烘焙已有{days}年。
"""


def trade_of(tmp_path, locale: str) -> Trade:
    file = tmp_path / "bakery.txt"
    file.write_text(BAKERY, encoding="utf-8")
    (trade,) = read_trades(locale, read_page_facts(file))
    return trade


def shop_of(trade: Trade, locale: str):
    """One that states all of it, three times over."""
    fillers = [fact for fact in read_facts(locale) if not fact.questions]
    asked = [fact for fact in trade.facts if fact.questions]
    facts = [*asked, *fillers]
    for seed in range(50):
        shop = invent_shop(facts, read_values(locale), np.random.default_rng(seed))
        if any("cake" in each.question or "蛋糕" in each.question for each in shop.asked):
            return shop
    raise AssertionError("no shop says it")


class TestTradesFacts:
    @pytest.mark.parametrize("locale", ["en", "zh"])
    def test_are_read_in_one_language(self, tmp_path, locale):
        """With their headings, and the values of their slots."""
        ordering, about = trade_of(tmp_path, locale).facts

        side = {"en": 0, "zh": 1}[locale]
        assert ("Orders", "订购")[side] == ordering.headings[0]
        assert ("fruit tart", "水果挞")[side] in ordering.values["cake"]
        assert () == about.questions

    def test_are_asked_for_by_name_but_not_by_number(self, tmp_path):
        """A rule of days holds whatever number of days is asked about."""
        ordering, _ = trade_of(tmp_path, "en").facts

        assert {"{cake}"} == ordering.names(ordering.statements[0])

    def test_of_number_of_days_are_answered_by_the_rule(self, tmp_path):
        """Whichever it says itself."""
        shop = shop_of(trade_of(tmp_path, "en"), "en")

        asked = [each for each in shop.asked if "enough" in each.question]
        assert all(each.answers for each in asked)

    def test_of_another_cake_are_no_answer(self, tmp_path):
        """A sentence that names a fruit tart does not say it of a wedding cake."""
        shop = shop_of(trade_of(tmp_path, "en"), "en")

        for each in shop.asked:
            for passage, sentence in each.answers:
                if cake := re.search("wedding cake|fruit tart|cheesecake", each.question):
                    assert cake[0] in shop.passages[passage].sentences[sentence]


class TestShopsOfTrades:
    @pytest.mark.parametrize("locale", ["en", "zh"])
    def test_state_what_answers_their_questions(self, locale):
        """Each trade that ships, once, with every value filled in."""
        trades = read_trades(locale)
        shops = list(trade_shops(locale, trades, 1, np.random.default_rng(2)))

        assert len(trades) == len(shops)
        for shop in shops:
            texts = [text for passage in shop.passages for text in passage.sentences]
            assert not [text for text in texts if SLOT.search(text)]
            assert not [each for each in shop.asked if SLOT.search(each.question)]
            silent = sum(not each.answers for each in shop.asked)
            assert 0.1 < silent / len(shop.asked) < 0.4

    def test_fill_each_slot_with_a_value_of_its_own_trade(self):
        """A bakery's sizes are none of a tyre's."""
        for trade in read_trades("en"):
            for fact in trade.facts:
                text = "".join((*fact.headings, *fact.statements, *fact.questions))
                assert {match[1] for match in SLOT.finditer(text)} <= fact.values.keys()

    def test_teach_without_the_cosine(self):
        """The encoder knows these very pages, and would tell more than it does elsewhere."""
        chance = np.random.default_rng(4)
        shop = next(trade_shops("en", read_trades("en")[:3], 1, chance))
        lessons = lessons_of(shop, lambda texts: chance.normal(size=(len(texts), 8)), chance)
        first = next(each for each in lessons if len(set(each.hints[:, COSINE])) > 1)

        taught = without_cosine(first)

        assert 1 == len(set(taught.hints[:, COSINE]))
        assert not taught.hints[:, COSINE + 1].any()
        assert np.array_equal(first.hints[:, :COSINE], taught.hints[:, :COSINE])

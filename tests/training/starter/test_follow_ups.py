"""Follow-ups: chains in, dialogues with their full questions out."""

from collections import Counter

import pytest

from serving.contract import SPEAKERS
from training.starter.derived import derived
from training.starter.follow_ups import chains, our_chains, read_chains
from training.starter.gather import HELD, our_follow_ups
from training.starter.phrases import BadPhrase, read_lines

SMALL = """\
@item [product]: tent = 帐篷; lamp = 台灯
## shown
> show me a {item} = 看看{item}
< here it is = 给您
? how much is it = 多少钱
? the price = 价格
! how much is the {item} = {item}多少钱
? and a {item'} = {item'}呢
! show me a {item'} = 看看{item'}
> do you sell a {item} = 卖{item}吗
? in red = 红的
! do you sell a red {item} = 卖红色{item}吗
"""


@pytest.fixture
def written(tmp_path):
    """Writes a chain file and reads it."""

    def written(text):
        path = tmp_path / "shop.txt"
        path.write_text(text, encoding="utf-8")
        return list(read_chains(path))

    return written


def said(turns):
    return [(turn.speaker, turn.text) for turn in turns]


class TestChains:
    def test_share_the_turns_above_them(self, written):
        """Questions in a row follow the same history; a shopper's turn begins another."""
        price, other, red = written(SMALL)

        assert ["shopper", "clerk", "shopper"] == [speaker for speaker, _ in price.turns]
        assert price.turns[:2] == other.turns[:2]
        assert 2 == len(price.turns[2][1])
        assert ["shopper", "shopper"] == [speaker for speaker, _ in red.turns]

    def test_keep_their_values_from_turn_to_turn(self, written):
        """What is asked in full is asked of what was named, or of what replaced it."""
        for chain in chains(written(SMALL), a_pattern=20, seed=1):
            shown = [turn.text for turn in chain.english]
            hidden = "[product]" in " ".join(shown)
            named = "tent" if "tent" in shown[0] else "lamp"
            asked = "tent" if "tent" in chain.full[0] else "lamp"

            assert hidden or (named == asked) == ("and a" not in shown[-1])
            assert "[product]" not in chain.full[0]

    def test_are_the_same_for_the_same_seed(self, written):
        """A build can be made again."""
        patterns = written(SMALL)

        assert list(chains(patterns, a_pattern=9, seed=3)) == list(
            chains(patterns, a_pattern=9, seed=3)
        )

    @pytest.mark.parametrize("line", ["no mark = 没有", "? {what} = {what}", "! nothing = 没有"])
    def test_of_a_bad_line_are_refused_by_its_number(self, written, line):
        """Whoever writes chains is told where to look."""
        with pytest.raises(BadPhrase, match=r"shop\.txt:2"):
            written(f"## s\n{line}\n")


class TestDerivedChains:
    @pytest.fixture
    def grown(self, tmp_path):
        """Chains made of one line about towns and one that names none."""
        path = tmp_path / "shop.txt"
        slots = "@town: Rome = 罗马; Oslo = 奥斯陆\n"
        text = f"{slots}## s\nshipping to {{town}} = 送{{town}}\n## t\nbye = 再见\n"
        path.write_text(text, encoding="utf-8")
        lines = list(read_lines(path))
        return [chain for seed in range(60) for chain in derived(lines, seed=seed)]

    def test_ask_for_another_value_in_few_words(self, grown):
        """ "and to Rome?" after a question about Oslo is the question about Rome."""
        short = [c for c in grown if "shop.s" == c.sense and len(c.english[-1].text.split()) < 3]
        changed = [
            c for c in short if {"Rome", "Oslo"} & set(c.english[-1].text.strip("?").split())
        ]

        assert changed
        for chain in changed:
            town = "Rome" if "Rome" in chain.english[-1].text else "Oslo"
            assert f"shipping to {town}" == chain.full[0]
            assert town not in chain.english[0].text

    def test_take_a_yes_for_what_the_clerk_asked(self, grown):
        """Or a number for one of the two that were offered."""
        answers = {"yes", "yes please", "1", "2", "the second one"}
        confirmed = [c for c in grown if c.english[-1].text in answers]

        assert confirmed
        assert all(chain.full[0] in chain.english[-2].text for chain in confirmed)

    def test_let_a_new_topic_stand_for_itself(self, grown):
        """Whatever was talked of before, the question is the newest turn."""
        switched = [c for c in grown if c.english[-1].text == c.full[0] and len(c.english) > 2]

        assert {"bye", "shipping to Rome", "shipping to Oslo"} == {c.full[0] for c in switched}


class TestChainsThatShip:
    def test_lead_to_hundreds_of_full_questions(self):
        """In several trades, with passages among them, without marks of the form left in."""
        patterns = our_chains()
        grown = list(chains(patterns, a_pattern=2, seed=1))
        texts = [turn.text for chain in grown for turn in (*chain.english, *chain.chinese)]

        assert len(patterns) >= 200
        assert {"shopper", "clerk"} == {chain.english[-1].speaker for chain in grown}
        assert all(turn.speaker in SPEAKERS for chain in grown for turn in chain.english)
        assert not [text for text in texts if set("(){}|=") & set(text)]

    def test_leave_out_the_trades_they_are_measured_on(self):
        """Several thousand are learned of some seventy trades; five are for measuring."""
        learned = Counter(c.sense.partition(".")[0] for c in our_follow_ups(seed=1))
        held = Counter(c.sense.partition(".")[0] for c in our_follow_ups(seed=1, held=True))

        assert sum(learned.values()) >= 10_000
        assert not set(HELD) & set(learned)
        assert set(HELD) == set(held)

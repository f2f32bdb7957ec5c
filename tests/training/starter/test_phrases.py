"""Phrases of our own: patterns in, sentences in two languages out."""

import pytest

from training.starter.phrases import FOLDER, BadPhrase, read_lines, sentences

SMALL = """\
# a comment
@item: tent = 帐篷; lamp = 台灯
## order_where
where is my {item} (please|) = 我的{item}(在哪|到哪了)
## goodbye
bye = 再见
"""


def lines_of(tmp_path, text):
    path = tmp_path / "shop.txt"
    path.write_text(text, encoding="utf-8")
    return list(read_lines(path))


class TestSentences:
    def test_put_the_same_slot_into_both_languages(self, tmp_path):
        """A translation stays one, whatever is chosen."""
        grown = list(sentences(lines_of(tmp_path, SMALL), a_line=8, seed=1))

        assert {"shop.order_where", "shop.goodbye"} == {s.sense for s in grown}
        assert all(("tent" in s.english) == ("帐篷" in s.chinese) for s in grown)
        assert 4 == len({s.english for s in grown if s.sense == "shop.order_where"})

    def test_are_the_same_for_the_same_seed(self, tmp_path):
        """A build can be made again."""
        lines = lines_of(tmp_path, SMALL)

        assert list(sentences(lines, a_line=3, seed=5)) == list(sentences(lines, a_line=3, seed=5))

    def test_hide_values_behind_their_placeholder(self, tmp_path):
        """What is asked of a tent is asked of a product; a slot without a placeholder stays."""
        slots = "@item [product]: tent = 帐篷\n@day: friday = 周五\n"
        text = f"{slots}## s\n{{item}} by {{day}} = {{day}}{{item}}\n"
        (grown,) = sentences(lines_of(tmp_path, text), a_line=1, seed=1)

        assert ("tent by friday", "周五帐篷") == (grown.english, grown.chinese)
        assert ("[product] by friday", "周五[product]") == grown.masked

    def test_know_another_value_and_the_forms_of_one(self, tmp_path):
        """A primed slot never repeats its twin; a form is the same value's on both sides."""
        text = """\
@act: cancel it|cancelled it = 取消|取消了; pay|paid = 付款|付了款
## how
how do i {act}, not {act'} = 怎么{act}，不是{act'}
## done != how
i {act.2} = 我{act.2}
"""
        grown = list(sentences(lines_of(tmp_path, text), a_line=9, seed=1))

        assert {"how do i cancel it, not pay", "how do i pay, not cancel it"} == {
            s.english for s in grown if s.unlike is None
        }
        assert {("i cancelled it", "我取消了"), ("i paid", "我付了款")} == {
            (s.english, s.chinese) for s in grown if s.unlike == "shop.how"
        }

    @pytest.mark.parametrize("line", ["no translation", "a = b = c", "where is {what} = {what}"])
    def test_of_a_bad_line_are_refused_by_its_number(self, tmp_path, line):
        """Whoever writes phrases is told where to look."""
        with pytest.raises(BadPhrase, match=r"shop\.txt:3"):
            lines_of(tmp_path, f"@item: a = b\n## s\n{line}\n")


class TestFilesThatShip:
    def test_hold_hundreds_of_senses_in_both_languages(self):
        """Each with several wordings, each sentence without marks of the form left in."""
        lines = [line for path in sorted(FOLDER.glob("*.txt")) for line in read_lines(path)]
        grown = list(sentences(lines, a_line=1, seed=1))

        assert len({line.sense for line in lines}) >= 350
        assert not [s for s in grown if set("(){}|=") & set(s.english + s.chinese)]
        chinese = [any("\u4e00" <= c <= "\u9fff" for c in s.chinese) for s in grown]
        assert sum(chinese) > 0.99 * len(grown)  # "DHL" is the same in both

"""The mutants that `benchmarks/mutation` makes of a module."""

import ast

import pytest

from benchmarks.mutation.mutants import mutants


def became(source):
    return {found.became for found in mutants(source)}


class TestMutants:
    @pytest.mark.parametrize(
        ("source", "expected"),
        [
            ("a < b", {"a <= b", "a >= b"}),
            ("a == b", {"a != b"}),
            ("a and b", {"a or b"}),
            ("not a", {"a"}),
            ("max(a, b)", {"min(a, b)", "pass"}),
            ("x = 20", {"21"}),
            ("x = True", {"False"}),
            ("x = a if b else c", {"c if b else a"}),
            ("x = [a for a in b if c]", {"for a in b"}),
            ("f(a)", {"pass"}),
        ],
    )
    def test_each_is_one_change(self, source, expected):
        """Of an operator, a constant, a condition, or a call that is left out."""
        assert expected == became(source)

    def test_what_says_and_does_nothing_is_left_alone(self):
        """Docstrings, annotations and decorators."""
        source = '@cached(1)\ndef f(a: "int" = None) -> Literal["b"]:\n    """Two."""\n'
        assert set() == became(source)

    def test_a_mutant_is_the_whole_module_with_one_change(self):
        """The others stand as they are, and the module itself is untouched."""
        found = [ast.unparse(one.tree) for one in mutants("x = a > 1\ny = a < 2")]

        assert "x = a >= 1\ny = a < 2" in found
        assert "x = a > 1\ny = a < 3" in found
        assert [1, 1, 2, 2, 1, 2] == [one.line for one in mutants("x = a > 1\ny = a < 2")]

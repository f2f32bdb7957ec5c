"""Stories of passwords: what is guessed first is refused, what people can keep in mind is taken."""

import pytest

from feedback.desk.passwords import is_easy


class TestIsEasy:
    @pytest.mark.parametrize(
        "password",
        ["1234567890", "0987654321", "12345678910", "aaaaaaaaaa", "abcabcabcabc", "qwertyuiop",
         "1q2w3e4r5t6y", "QWERTY12345", "iloveyou1234", "Welcome2026", "admin12345", "letmein2026",
         "P4ssw0rd2026!", "password123", "summer2026!", "woaini1314520", "hunter2hunter2",
         "mei-ling-2026", "Mei Ling 1999"],
    )  # fmt: skip
    def test_what_is_guessed_first(self, password):
        """
        Runs, repeats, famous words and years, the person's own name.
        """
        assert is_easy(password, "Mei Ling")

    @pytest.mark.parametrize(
        "password",
        ["correct horse battery", "a long enough password", "blue tram ticket", "kT9#vQ2m!x",
         "another good one", "绿色电车票和三只猫", "tulpen am montagmorgen"],
    )  # fmt: skip
    def test_what_is_taken(self, password):
        """
        Words that have nothing to do with each other, or ten characters of chance.
        """
        assert not is_easy(password, "Mei Ling")

"""Stories of currencies: as many decimals as ISO 4217 says, written and read."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from feedback.db.currencies import DECIMALS, decimals, number_of, read_number, rounded
from feedback.experiments.metric_registry import AOV
from feedback.report.numbers import money, shown_value

currencies = st.sampled_from(sorted(DECIMALS))
amounts = st.decimals(min_value=0, max_value=10**9, places=4)


class TestDecimals:
    @pytest.mark.parametrize(
        ("currency", "many"),
        [("JPY", 0), ("KRW", 0), ("ISK", 0), ("UGX", 0), ("USD", 2), ("HUF", 2), ("MGA", 2),
         ("BHD", 3), ("IQD", 3), ("JOD", 3), ("KWD", 3), ("LYD", 3), ("OMR", 3), ("TND", 3),
         ("CLF", 4), ("XXX", 2), (None, 2)],
    )  # fmt: skip
    def test_are_iso_4217s(self, currency, many):
        """Where the currency is not known, two."""
        assert many == decimals(currency)

    @given(currencies, amounts)
    def test_what_is_written_is_read_as_it_was(self, currency, amount):
        """In every currency, with its marks between thousands."""
        written = number_of(rounded(amount, currency), currency)

        assert rounded(amount, currency) == read_number(written, currency)

    def test_a_reports_amounts_have_them_too(self):
        """Money and averages."""
        assert "12.345 KWD" == shown_value(AOV, 12.345, "KWD")
        assert ("5,990 JPY", "+1.235 TND") == (money(5990, "JPY"), money(1.2346, "TND", sign=True))
        assert Decimal("12.345") == rounded(Decimal("12.3451"), "KWD")

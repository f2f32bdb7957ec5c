"""A table as int8: near what it was, and the same when it is written again."""

from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from training.model import QuantisedTable, read_table


def table() -> np.ndarray:
    """Rows of very unlike sizes, one of them empty."""
    rows = (
        np.random.default_rng(1).normal(0.0, 1.0, (50, 16)) * np.geomspace(1e-2, 3.0, 50)[:, None]
    )
    rows[7] = 0.0
    return rows.astype(np.float32)


def read(quantised: QuantisedTable) -> np.ndarray:
    """As a version that was loaded gives it back."""
    return read_table(SimpleNamespace(levels=quantised.levels, scale=quantised.scale))


class TestAQuantisedTable:
    def test_is_about_half_a_level_off_at_most(self):
        """Of each row's own size, however small."""
        rows = table()

        off = np.abs(QuantisedTable(rows).rows(tf.range(50)).numpy() - rows)

        assert (off <= 0.6 * np.abs(rows).max(axis=1, keepdims=True) / 127 + 1e-7).all()

    def test_written_again_is_the_same_to_the_last_bit(self):
        """So a re-export changes no answer."""
        first = read(QuantisedTable(table()))

        assert first.tobytes() == read(QuantisedTable(first)).tobytes()

    def test_gives_any_rows_in_any_order(self):
        """Inside the graph as outside of it."""
        quantised = QuantisedTable(table())

        assert read(quantised)[[3, 3, 1]] == pytest.approx(quantised.rows([3, 3, 1]).numpy())

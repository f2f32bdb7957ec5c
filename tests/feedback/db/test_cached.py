"""What is read at most so often."""

import threading
from concurrent.futures import ThreadPoolExecutor

from feedback.db.cached import Cached


class Source:
    """A clock, and readings that may be held up."""

    def __init__(self):
        self.now, self.readings = 0.0, 0
        self.begun, self.open = threading.Event(), threading.Event()
        self.open.set()

    def read(self):
        self.begun.set()
        assert self.open.wait(10)
        self.readings += 1
        return self.readings

    def time(self):
        return self.now


class TestPaced:
    def test_only_one_reads_what_is_old(self):
        """While it does, the others are given what there was."""
        source = Source()
        paced = Cached(source.read, 1.0, source.time)
        assert 1 == paced()
        source.now = 2.0
        source.begun.clear()
        source.open.clear()

        with ThreadPoolExecutor(1) as pool:
            reader = pool.submit(paced)
            assert source.begun.wait(10)
            assert [1, 1, 1] == [paced() for _ in range(3)]
            source.open.set()
            assert 2 == reader.result(10)

        assert 2 == paced()
        assert 2 == source.readings

    def test_one_that_fails_leaves_it_to_the_next(self):
        """The old value goes on, and nobody is locked out."""
        source = Source()
        paced = Cached(source.read, 1.0, source.time)
        paced()
        source.now, good = 2.0, source.read
        paced._read = lambda: 1 / 0
        for _ in range(2):
            try:
                paced()
            except ZeroDivisionError:
                continue
            raise AssertionError("the failure was hidden")
        paced._read = good

        assert 2 == paced()

    def test_without_a_pace_each_asks(self):
        """As tests do, and commands that run once."""
        source = Source()
        paced = Cached(source.read, 0.0, source.time)

        assert [1, 2, 3] == [paced() for _ in range(3)]

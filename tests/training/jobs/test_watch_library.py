"""When the reply book of the store is taken into the model: soon, once for many changes."""

import pytest

from training.jobs.watch_library import AT_MOST_S, SETTLE_S, LibraryWatch, Poller


class World:
    """A store whose stamp a test changes, a clock it moves, and what was asked for."""

    def __init__(self):
        self.now = 100.0
        self.stamp = ("book 1", 1)
        self.outdated = False
        self.refreshed = 0
        self.watch = LibraryWatch(
            stamp=lambda: self.stamp,
            is_outdated=lambda: self.outdated,
            refresh=self.refresh,
            monotonic=lambda: self.now,
        )

    def refresh(self):
        self.refreshed += 1
        self.outdated = False
        self.stamp = (self.stamp[0], self.stamp[1] + 1)

    def wait(self, seconds, *, look_every=1.0):
        ends = self.now + seconds
        while self.now < ends:
            self.now += look_every
            self.watch.look()

    def write(self, stamp):
        self.stamp = (stamp, self.stamp[1])
        self.outdated = True


@pytest.fixture
def world():
    world = World()
    world.wait(10)
    return world


class TestWatching:
    def test_a_new_reply_is_taken_in_soon_and_once(self, world):
        """A few seconds after it was written; the version this makes is no change itself."""
        world.write("book 2")
        world.wait(SETTLE_S + 2)
        assert 1 == world.refreshed

        world.wait(60)
        assert 1 == world.refreshed

    def test_many_changes_make_one_version(self, world):
        """An import of ten seconds is waited for."""
        for number in range(10):
            world.write(f"book {number + 2}")
            world.wait(1)
        assert 0 == world.refreshed

        world.wait(SETTLE_S + 2)
        assert 1 == world.refreshed

    def test_whoever_never_stops_writing_is_not_waited_for(self, world):
        """A quarter of a minute, then it is taken as it is."""
        for number in range(int(AT_MOST_S) + 2):
            world.write(f"book {number + 2}")
            world.wait(1)

        assert 1 == world.refreshed

    def test_what_was_written_while_nobody_looked_is_found_at_the_start(self):
        """The first look compares, whatever the stamp was before."""
        world = World()
        world.outdated = True
        world.wait(SETTLE_S + 2)

        assert 1 == world.refreshed

    def test_a_change_that_the_model_does_not_read_makes_nothing(self, world):
        """A price."""
        world.stamp = ("book 2", 1)
        world.wait(60)

        assert 0 == world.refreshed

    def test_a_failure_is_not_repeated_until_something_changes(self, world):
        """A reply book that can not be taken in would otherwise train all day."""
        tried = []

        def broken():
            tried.append(1)
            raise OSError("disk full")

        world.watch._refresh = broken
        world.write("book 2")
        for _ in range(30):
            world.now += 1
            try:
                world.watch.look()
            except OSError:
                continue
        assert 1 == len(tried)


class TestLooking:
    def test_goes_on_after_a_failure_and_ends_when_told(self):
        """The store may be away for a moment."""
        import threading

        looked, enough = [], threading.Event()

        def look():
            looked.append(1)
            if len(looked) == 3:
                enough.set()
            raise OSError("away")

        looking = Poller("a test", look, every_s=0.01)
        looking.start()
        assert enough.wait(10)
        looking.stop()
        assert len(looked) >= 3

"""Several model servers behind one address, taken through a rollout together."""

import pytest

from serving.client.tfserving import AVAILABLE, END, LOADING
from serving.errors import VersionNotLoaded
from serving.ranker import RankerUnavailable
from serving.versions.folder import VersionFolder
from serving.versions.replicas import Replicas, addresses_of
from serving.versions.rollout import Rollout
from tests.serving.fakes import FakeModelServer, write_version

ONE, OTHER = "127.0.0.1:8500", "127.0.0.2:8500"


class Away(FakeModelServer):
    """Nobody is there."""

    def status(self, version=None):
        raise RankerUnavailable("away")


def replicas(**servers):
    found = {ONE: servers["one"], OTHER: servers["other"]}
    return Replicas([ONE, OTHER], found.__getitem__)


@pytest.fixture
def folder(tmp_path):
    folder = VersionFolder(tmp_path)
    for _ in range(2):
        folder.publish(write_version())
    return folder


class TestRollout:
    def test_each_is_taken_through_each_step(self, folder):
        """A label never reaches one before its version."""
        one, other = FakeModelServer(), FakeModelServer()
        rollout = Rollout(folder, replicas(one=one, other=other))
        rollout.promote(1)

        rollout.promote(2)

        assert one.configs == other.configs
        assert {"stable": 2} == one.labels == other.labels

    def test_the_label_waits_for_the_slowest(self, folder):
        """Until all have loaded."""
        one, other = FakeModelServer(), FakeModelServer()
        other.slow = {2}
        both = replicas(one=one, other=other)

        def catch_up(_):
            assert {"stable": 1} == one.labels == other.labels
            other.slow.clear()

        Rollout(folder, both).promote(1)
        Rollout(folder, both, sleep=catch_up).promote(2)

        assert {"stable": 2} == one.labels == other.labels

    def test_what_one_can_not_load_is_promoted_nowhere(self, folder):
        """The labels stay on both."""
        one, other = FakeModelServer(), FakeModelServer(broken={2})
        rollout = Rollout(folder, replicas(one=one, other=other))
        rollout.promote(1)

        with pytest.raises(VersionNotLoaded, match="broken"):
            rollout.promote(2)

        assert {"stable": 1} == one.labels == other.labels == rollout.labels()

    def test_one_that_is_away_keeps_nobody_waiting(self, folder):
        """It starts from the config file when it is back."""
        one = FakeModelServer()
        rollout = Rollout(folder, replicas(one=one, other=Away()))

        rollout.promote(1)

        assert {"stable": 1} == one.labels

    def test_all_away_is_an_outage(self, folder):
        """The first model may come before its servers; later ones are not promoted in silence."""
        rollout = Rollout(folder, replicas(one=Away(), other=Away()))
        rollout.promote(1)

        with pytest.raises(RankerUnavailable, match="away"):
            rollout.promote(2)

        assert {"stable": 1} == rollout.labels()


class TestStates:
    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ({"loaded": {1}}, {"loaded": {1}}, AVAILABLE),
            ({"loaded": {1}}, {"loaded": {1}, "slow": {1}}, LOADING),
            ({"loaded": {1}}, {"loaded": {1}, "broken": {1}}, END),
        ],
    )
    def test_what_holds_for_all_is_told(self, one, other, expected):
        """The worst of them."""
        servers = []
        for facts in (one, other):
            server = FakeModelServer(broken=facts.get("broken", ()))
            server.loaded, server.slow = facts["loaded"], facts.get("slow", set())
            servers.append(server)

        (state,) = replicas(one=servers[0], other=servers[1]).status()

        assert expected == state.state

    def test_what_one_has_never_seen_is_not_available(self):
        """It was told of it a moment later."""
        one, other = FakeModelServer(), FakeModelServer()
        one.loaded = {1}

        (state,) = replicas(one=one, other=other).status()

        assert AVAILABLE != state.state


class TestAddresses:
    def test_a_name_is_looked_behind(self):
        """Each server has an address of its own."""
        assert ["127.0.0.1:80"] == addresses_of(["localhost:80", "127.0.0.1:80"])

    def test_a_name_that_leads_nowhere_is_left_to_who_dials_it(self):
        """There it gets its message."""
        assert ["nowhere.invalid:80"] == addresses_of(["nowhere.invalid:80"])

"""Which versions are loaded and when: policies, polling, labels, retries, without TensorFlow."""

from pathlib import Path

import pytest
from google.protobuf import text_format

from serving.server.status_codes import FAILED_PRECONDITION, INVALID_ARGUMENT
from serving.server.version_manager import (
    AVAILABLE,
    END,
    MAX_RETRIES,
    NOT_FOUND,
    RETRY_SECONDS,
    RequestRefused,
    VersionManager,
    empty_config,
)


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Loader:
    """Loads a folder by its name; `broken` ones fail. Keeps what it was asked for."""

    def __init__(self):
        self.broken: set[str] = set()
        self.asked: list[str] = []

    def __call__(self, path: Path) -> str:
        self.asked.append(path.name)
        if path.name in self.broken:
            raise OSError(f"{path.name} is broken")
        return path.name


class Shop:
    """A manager over a folder of empty versions."""

    def __init__(self, base: Path):
        self.base = base
        self.load = Loader()
        self.clock = Clock()
        self.manager = VersionManager(self.load, monotonic=self.clock)

    def put(self, *names: str) -> None:
        for name in names:
            (self.base / name).mkdir(parents=True)

    def configure(self, more: str = "", *, base: Path | None = None) -> None:
        text = f'config {{ name: "clerk" base_path: "{base or self.base}" {more} }}'
        self.manager.configure(text_format.Parse(f"model_config_list {{ {text} }}", empty_config()))

    def work(self, more: str = "") -> dict[int, int]:
        """Configure, do one pass, and tell the states."""
        self.configure(more)
        self.manager.work()
        return self.states()

    def states(self) -> dict[int, int]:
        return {number: row.state for number, row in self.manager.states("clerk", None).items()}

    def answers(self, **asked) -> str:
        found, _ = self.manager.find("clerk", **{"version": None, "label": None, **asked})
        return str(found)


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path / "clerk")


def specific(*versions: int, **labels: int) -> str:
    wanted = " ".join(f"versions: {version}" for version in versions)
    marks = "".join(f' version_labels {{ key: "{k}" value: {v} }}' for k, v in labels.items())
    return f"model_version_policy {{ specific {{ {wanted} }} }} {marks}"


class TestPolicies:
    @pytest.mark.parametrize(
        ("policy", "expected"),
        [
            ("", {3}),
            ("model_version_policy { latest { num_versions: 2 } }", {2, 3}),
            ("model_version_policy { all {} }", {1, 2, 3}),
            (specific(1, 3), {1, 3}),
        ],
    )
    def test_the_policy_says_which_versions_are_loaded(self, shop, policy, expected):
        """The latest one if it says nothing."""
        shop.put("1", "2", "3")

        assert expected == set(shop.work(policy))

    def test_leading_zeros_count_and_other_names_do_not(self, shop):
        """A folder that is being written has a name that is no number."""
        shop.put("00007", "writing-1-x", "8.tmp")

        assert {7: AVAILABLE} == shop.work()
        assert "00007" == shop.answers()


class TestComingAndGoing:
    def test_an_old_version_answers_until_a_new_one_can(self, shop):
        """A new version that does not load takes nobody's place."""
        shop.put("1")
        shop.work()
        shop.put("2")
        shop.load.broken = {"2"}

        assert {2: END, 1: AVAILABLE} == shop.work()
        assert "1" == shop.answers()

    def test_what_was_unloaded_stays_listed(self, shop):
        """As ended, without an error."""
        shop.put("1")
        shop.work()
        shop.put("2")

        assert {2: AVAILABLE, 1: END} == shop.work()
        assert "" == shop.manager.states("clerk", 1)[1].error

    def test_an_empty_folder_unloads_everything(self, shop):
        """As the stock server does."""
        shop.put("1")
        shop.work()
        (shop.base / "1").rmdir()

        assert {1: END} == shop.work()

    def test_a_folder_that_vanishes_changes_nothing(self, shop):
        """A mount that is away for a moment costs no answer."""
        shop.put("1")
        shop.work()
        shop.base.rename(shop.base.with_name("away"))

        assert {1: AVAILABLE} == shop.work()

    def test_a_broken_version_is_tried_again_later_and_not_for_ever(self, shop):
        """Five more times, a minute apart."""
        shop.put("1")
        shop.load.broken = {"1"}
        shop.configure()
        for _ in range(20):
            shop.manager.work()
            shop.manager.work()
            shop.clock.now += RETRY_SECONDS

        assert 1 + MAX_RETRIES == len(shop.load.asked)

    def test_a_mended_version_that_is_asked_for_anew_is_tried_at_once(self, shop):
        """Nobody waits for the minute to end."""
        shop.put("1", "2")
        shop.load.broken = {"2"}
        shop.work(specific(1, 2))
        shop.work(specific(1))
        shop.load.broken = set()

        assert {1: AVAILABLE, 2: AVAILABLE} == shop.work(specific(1, 2))

    def test_a_pass_that_was_overtaken_unloads_nothing(self, shop):
        """While it loaded 3, somebody asked for 1 again."""
        shop.put("1", "2", "3")
        shop.work(specific(1, 2))

        def ask_for_1_meanwhile(path):
            shop.configure(specific(1, 2))
            return path.name

        shop.manager._load = ask_for_1_meanwhile
        shop.configure(specific(2, 3))
        shop.manager.work()

        assert "1" == shop.answers(version=1)


class TestLabels:
    def test_a_label_leads_to_its_version(self, shop):
        """Also to one that is not the latest."""
        shop.put("1", "2")
        shop.work(specific(1, 2))
        shop.configure(specific(1, 2, stable=1))

        assert "1" == shop.answers(label="stable")

    @pytest.mark.parametrize("name", ["clerk", "nobody"])
    def test_an_unknown_label_is_named(self, shop, name):
        """Whether or not the model is known."""
        shop.put("1")
        shop.work()

        with pytest.raises(
            RequestRefused, match="Unrecognized servable version label: x"
        ) as raised:
            shop.manager.find(name, version=None, label="x")

        assert INVALID_ARGUMENT == raised.value.code

    def test_a_label_to_what_is_not_loaded_is_refused(self, shop):
        """And the labels stay as they were."""
        shop.put("1", "2")
        shop.work(specific(1))
        shop.configure(specific(1, stable=1))

        with pytest.raises(
            RequestRefused, match="version 2 of model clerk, which is not"
        ) as raised:
            shop.configure(specific(1, 2, stable=2))

        assert FAILED_PRECONDITION == raised.value.code
        assert "1" == shop.answers(label="stable")

    def test_a_refused_config_can_be_prepared_for(self, shop):
        """Its versions are loaded beside the old, which keeps the label meanwhile."""
        shop.put("1", "2")
        shop.work(specific(1))
        shop.configure(specific(1, stable=1))
        wanted = text_format.Parse(
            f'model_config_list {{ config {{ name: "clerk" base_path: "{shop.base}"'
            f" {specific(2, stable=2)} }} }}",
            empty_config(),
        )

        shop.manager.prepare(wanted)
        shop.manager.work()
        assert "1" == shop.answers(label="stable")
        shop.manager.configure(wanted)
        shop.manager.work()

        assert "2" == shop.answers(label="stable")
        assert {2: AVAILABLE, 1: END} == shop.states()


class TestRefusing:
    def test_a_relative_path_is_refused(self, shop):
        """Relative to what?"""
        with pytest.raises(RequestRefused, match="Expected model clerk to have an absolute path"):
            shop.configure(base=Path("here"))

    @pytest.mark.parametrize(
        ("name", "version", "message"),
        [
            ("x", None, r"Latest\(x\)"),
            ("clerk", 9, r"Specific\(clerk, 9\)"),
        ],
    )
    def test_what_is_not_there_is_not_found(self, shop, name, version, message):
        """Worded as the stock server does."""
        shop.put("1")
        shop.work()

        with pytest.raises(RequestRefused, match=message) as raised:
            shop.manager.find(name, version=version, label=None)

        assert NOT_FOUND == raised.value.code

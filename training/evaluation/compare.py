"""Champion against challenger: both answer the same questions, for the gate to judge by."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Final, NamedTuple

import numpy as np
from scipy.cluster.vq import kmeans2

from feedback.experiments import LoggedReply, OffPolicy, estimate
from feedback.signals import Logged
from serving.contract import has_history, last_turn, render_dialogue
from training.data import Pair, as_asked, locales_of
from training.evaluation import gate
from training.evaluation.evaluate import LoadedVersion, undisturbed_ms
from training.evaluation.gate import LARGE, Comparison, Cost
from training.evaluation.read_pages import check_reading, compare_reading
from training.evaluation.served import Behave, compare_served
from training.evaluation.verdict import Verdict
from training.evaluation.wishes import AskedWish, asked_wishes, check_actions, compare_actions
from training.reader import NO_LESSONS, LessonPages

MOST_TOPICS: Final = 12
MOST_LABELLED: Final = (
    60  # questions of a reply, the newest: more would tell no more, and take time
)
SEED: Final = 7
TIMED: Final = 60  # questions whose time is taken, of each model
MEGABYTE: Final = 1_000_000

Array = np.ndarray[Any, Any]


class VersionComparison(NamedTuple):
    """Everything the gate judges by."""

    parts: list[Comparison]
    groups: list[Comparison]
    served: list[Comparison]
    actions: list[Comparison]
    pages: list[Comparison]
    labelled: list[Comparison]
    pinned: gate.Pins | None
    off_policy: OffPolicy | None
    costs: tuple[Cost, Cost] | None

    def predicted(self) -> dict[str, Any]:
        """The off-policy estimates, to be stored and compared with what shoppers then did."""
        found = self.off_policy
        if found is None:
            return {}
        named = {name: getattr(found, name) for name in ("ips", "snips", "dr", "logged")}
        told = {name: one._asdict() for name, one in named.items() if one is not None}
        return {"answers": found.answers, "support": found.support, **told}

    def judge(self) -> Verdict:
        """The gate's verdict."""
        return gate.judge(
            self.parts,
            groups=self.groups,
            served=self.served,
            labelled=self.labelled,
            pinned=self.pinned,
            off_policy=self.off_policy,
            costs=self.costs,
        ).also([*map(check_actions, self.actions), *map(check_reading, self.pages)])


class GateQuestions(NamedTuple):
    """The questions that champion and challenger are compared by."""

    held_out: Sequence[Pair] = ()  # neither has learned from them
    newest: Sequence[Pair] = ()  # those of them that were accepted last
    labelled: Sequence[Pair] = ()  # the staff named their reply; learned or not, oldest first
    pinned: Sequence[Pair] = ()  # have to be answered as the staff pinned them
    wishes: Sequence[AskedWish] = ()  # what shoppers want done, by the staff's word
    pages: LessonPages = NO_LESSONS  # what people said of quotations from the shop's pages


def compare_versions(
    challenger: Path,
    champion: Path,
    questions: GateQuestions,
    *,
    log: Sequence[Logged] = (),
    behave: Behave | None = None,
    clock: Callable[[], float] = perf_counter,
) -> VersionComparison:
    """Ask both.

    Args:
        challenger: the folder of the version that may be promoted.
        champion: the folder of the one in charge.
        questions: what both are asked.
        log: what the model in charge answered, and what became of it.
        behave: what the clerk does with a ranking; None: the log is not asked.
        clock: in seconds.
    """
    new, old = LoadedVersion(challenger), LoadedVersion(champion)
    held, pinned = questions.held_out, questions.pinned
    said_by_staff = newest_of_each(questions.labelled)
    asked = [*held, *pinned, *said_by_staff]
    now, before = (_right(version, asked) for version in (new, old))

    def part(name: str, places: Iterable[int]) -> Comparison:
        chosen = list(places)
        return gate.compare(name, [before[i] for i in chosen], [now[i] for i in chosen])

    latest = set(questions.newest)
    parts = [part("all", range(len(held)))]
    if latest:
        parts.append(part("newest accepted", (i for i, p in enumerate(held) if p in latest)))
    slices = _slices(old, held)
    groups = [part(name, places) for name, places in slices.items()]
    pins = range(len(held), len(held) + len(pinned))
    pins_lost = [last_turn(asked[i].dialogue) for i in pins if not now[i]]
    of_reply: defaultdict[str, list[int]] = defaultdict(list)
    for place, pair in enumerate(said_by_staff, start=len(held) + len(pinned)):
        of_reply[str(pair.reply_id)].append(place)
    dialogues = [pair.dialogue for pair in asked[:TIMED]]
    return VersionComparison(
        parts,
        groups,
        compare_served(
            old.rank([pair.dialogue for pair in held]),
            new.rank([pair.dialogue for pair in held]),
            [str(pair.reply_id) for pair in held],
            slices,
            behave,
        )
        if behave is not None and held
        else [],
        _compare_actions(old, new, questions.wishes),
        compare_reading(questions.pages, new.embed, old.read, new.read) if old.reads_pages else [],
        [part(reply_id, of_reply[reply_id]) for reply_id in sorted(of_reply)],
        gate.Pins(part("pinned", pins), pins_lost) if pinned else None,
        by_log(new, log, behave) if behave is not None and log else None,
        _costs(old, new, (champion, challenger), dialogues, clock) if dialogues else None,
    )


def _compare_actions(
    old: LoadedVersion, new: LoadedVersion, labelled: Sequence[AskedWish]
) -> list[Comparison]:
    wishes = [*asked_wishes(), *labelled]
    dialogues = [wish.dialogue for wish in wishes]
    return compare_actions(wishes, old.actions(dialogues), new.actions(dialogues))


def _slices(champion: LoadedVersion, held: Sequence[Pair]) -> dict[str, list[int]]:
    """The held-out questions by language, by whether they follow others, and by large topic."""
    found = {
        locale: [i for i, pair in enumerate(held) if pair.locale == locale]
        for locale in locales_of(held)
    }
    followed = [has_history(pair.dialogue) for pair in held]
    if any(followed):
        found["follow-up"] = [i for i, yes in enumerate(followed) if yes]
        found["lone"] = [i for i, yes in enumerate(followed) if not yes]
    return found | {f"topic {name}": places for name, places in topics(champion, held).items()}


def newest_of_each(labelled: Sequence[Pair], most: int = MOST_LABELLED) -> list[Pair]:
    """The newest questions of each reply, at most so many."""
    found: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in labelled:
        if pair.reply_id is not None and pair.by_staff:
            found[pair.reply_id].append(pair)
    return [pair for pairs in found.values() for pair in pairs[-most:]]


def topics(champion: LoadedVersion, held: Sequence[Pair]) -> dict[str, list[int]]:
    """Large topics among the questions: replies that mean alike, by the champion's own vectors.

    Replies are grouped, not questions, so that a topic's name (its commonest reply) means something
    to the staff. Small shops have one topic, which is everything: then there is none.
    """
    wanted = min(MOST_TOPICS, len(held) // (2 * LARGE))
    names = sorted({pair.reply_id for pair in held if pair.reply_id})
    if wanted < 2 or len(names) < 2 * wanted:
        return {}
    vectors = champion.embed([pair.dialogue for pair in held])
    rows = {name: row for row, name in enumerate(names)}
    places = defaultdict(list)
    for place, pair in enumerate(held):
        if pair.reply_id:
            places[pair.reply_id].append(place)
    centres = np.array([vectors[places[name]].mean(axis=0) for name in names])
    _, labels = kmeans2(centres, wanted, minit="++", seed=SEED)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for name in names:
        members[int(labels[rows[name]])] += places[name]
    return {
        Counter(str(held[i].reply_id) for i in found).most_common(1)[0][0]: sorted(found)
        for found in members.values()
        if len(found) >= LARGE
    }


def by_log(challenger: LoadedVersion, log: Sequence[Logged], behave: Behave) -> OffPolicy:
    """What the log says of a challenger."""
    asked = [render_dialogue([as_asked("shopper", each.question)]) for each in log]
    known = {each.reply_id for each in log}
    events = []
    for each, ranking in zip(log, challenger.rank(asked), strict=True):
        ids = {candidate.reply_id for candidate in ranking.candidates} | known
        wanted = {act: p for act, p in behave(ranking).items() if act in ids}
        reward = float(each.accepted)
        events.append(LoggedReply(each.shopper_id, each.reply_id, each.propensity, reward, wanted))
    return estimate(events)


def _right(version: LoadedVersion, pairs: Sequence[Pair]) -> list[bool]:
    return [bool(right) for right in version.answer(pairs).right]


def _costs(
    old: LoadedVersion,
    new: LoadedVersion,
    folders: tuple[Path, Path],
    dialogues: Sequence[str],
    clock: Callable[[], float],
) -> tuple[Cost, Cost]:
    old_ms, new_ms = undisturbed_ms([old, new], dialogues, clock)
    champion, challenger = (
        round(
            sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE, 3
        )
        for folder in folders
    )
    return Cost(old_ms, champion), Cost(new_ms, challenger)

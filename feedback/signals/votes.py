"""Reads the votes of shoppers: thumbs and pressed buttons, without those that came in bursts."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlmodel import Session, col, select

from feedback.db import Click, Rating

BURST: Final = timedelta(hours=1)
BURST_VOTES: Final = 10  # from one address in that time: an office shares one, a farm has many


class Votes(NamedTuple):
    """The votes that count, by impression."""

    thumbs: Mapping[str, set[str]]  # up, down, both where several people pressed
    presses: Mapping[str, str]  # the reply whose button was pressed first
    origins: Mapping[str, str]  # a hash of the address a vote came from
    set_aside: int  # votes in bursts, from one address each

    def disliked(self) -> Iterator[str]:
        """The impressions with a thumb down."""
        return (impression_id for impression_id, seen in self.thumbs.items() if "down" in seen)


def read_votes(session: Session) -> Votes:
    """All of them; an address that votes too often at once is left out with thumbs and presses."""
    thumbs = [
        Vote(each.impression_id, each.voter, each.value, each.origin, each.rated_at)
        for each in session.exec(select(Rating))
    ]
    newest_first = col(Click.clicked_at).desc()
    presses = [
        Vote(each.impression_id, each.target, "choice", each.origin, each.clicked_at)
        for each in session.exec(select(Click).where(Click.kind == "choice").order_by(newest_first))
    ]
    left_out = bursts([*thumbs, *presses])
    kept = [vote for vote in [*presses, *thumbs] if vote[:2] not in left_out]
    rated: defaultdict[str, set[str]] = defaultdict(set)
    for vote in kept:
        if vote.value != "choice":
            rated[vote.impression_id].add(vote.value)
    return Votes(
        thumbs=rated,
        presses={each.impression_id: each.voter for each in kept if each.value == "choice"},
        origins={each.impression_id: each.origin for each in kept if each.origin},
        set_aside=len(left_out),
    )


class Vote(NamedTuple):
    """A thumb or a button pressed; `origin`: a hash of where it came from, None: not known."""

    impression_id: str
    voter: str  # of a button: the reply it stands for
    value: str  # up, down, choice
    origin: str | None
    at: datetime


def bursts(
    votes: Iterable[Vote], *, within: timedelta = BURST, most: int = BURST_VOTES
) -> set[tuple[str, str]]:
    """The votes (impression, voter) of every burst: more than `most` from one place in so short.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    >>> votes = [Vote(f"i{n}", "v", "up", "here", noon) for n in range(3)]
    >>> sorted(bursts(votes, most=2)), bursts(votes, most=3)
    ([('i0', 'v'), ('i1', 'v'), ('i2', 'v')], set())
    """
    by_origin: defaultdict[str, list[Vote]] = defaultdict(list)
    for vote in votes:
        if vote.origin is not None:
            by_origin[vote.origin].append(vote)
    found: set[tuple[str, str]] = set()
    for theirs in by_origin.values():
        recent: deque[Vote] = deque()
        for vote in sorted(theirs, key=lambda each: each.at):
            recent.append(vote)
            while vote.at - recent[0].at > within:
                recent.popleft()
            if len(recent) > most:
                found.update((each.impression_id, each.voter) for each in recent)
    return found

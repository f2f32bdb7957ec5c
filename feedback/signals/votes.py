"""Reads the votes of shoppers: thumbs and pressed buttons, without those that came in bursts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlmodel import Session, col, select

from feedback.db import Click, Rating
from feedback.signals.trust_rules import Vote, bursts


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

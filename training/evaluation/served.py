"""What shoppers would get of champion and challenger: right answers, and wrong ones; pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from serving.ranker import Ranking
from training.evaluation import gate
from training.evaluation.gate import Comparison

# A clerk's acts for a ranking, each with its probability; what is no reply's id is no answer.
Behave = Callable[[Ranking], Mapping[str, float]]

NEVER: Final = 2.0  # a confidence that nothing reaches


def compare_served(
    champion: Sequence[Ranking],
    challenger: Sequence[Ranking],
    wanted: Sequence[str],
    slices: Mapping[str, Sequence[int]],
    behave: Behave,
) -> list[Comparison]:
    """Right answers over all and by group, and wrong ones, at each version's own thresholds.

    A version made before thresholds answers at the policy's own, which was chosen for another
    confidence. Beside one of those the challenger answers as many questions as the champion, those
    it is surest of: then neither wins by saying more.

    Args:
        champion: what it answers to each held-out question.
        challenger: the same.
        wanted: the right reply of each.
        slices: places of the questions of each group.
        behave: what the clerk does with a ranking.
    """
    before = [_act(ranking, behave) for ranking in champion]
    if _has_thresholds(champion) != _has_thresholds(challenger):
        challenger = answering(challenger, sum(act is not None for act in before))
    now = [_act(ranking, behave) for ranking in challenger]
    asked = list(zip(before, now, wanted, strict=True))
    right = [(was == reply, is_now == reply) for was, is_now, reply in asked]
    clean = [(was in (None, reply), is_now in (None, reply)) for was, is_now, reply in asked]
    groups = slices if len(slices) > 1 else {}
    return [
        _part("answered rightly", right),
        _part("not answered wrongly", clean),
        *(
            _part(f"answered rightly, {name}", [right[i] for i in places])
            for name, places in groups.items()
        ),
    ]


def answering(rankings: Sequence[Ranking], count: int) -> list[Ranking]:
    """The same, with the threshold at which the `count` surest are answered."""
    surest = sorted((ranking.confidence for ranking in rankings), reverse=True)
    answer_at = surest[count - 1] if count else NEVER
    return [ranking._replace(answer_at=answer_at) for ranking in rankings]


def _has_thresholds(rankings: Sequence[Ranking]) -> bool:
    return any(ranking.answer_at is not None for ranking in rankings)


def _act(ranking: Ranking, behave: Behave) -> str | None:
    """The reply that the clerk says most often; None: it offers several, or passes on."""
    chances = behave(ranking)
    act = max(chances, key=lambda each: chances[each])
    said = {candidate.reply_id for candidate in ranking.candidates}
    return act if act in said else None


def _part(name: str, both: Sequence[tuple[bool, bool]]) -> Comparison:
    return gate.compare(name, (was for was, _ in both), (is_now for _, is_now in both))

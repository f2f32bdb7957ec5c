"""A recommender that says what the test tells it."""

from serving.ranker import LabelUnknown, RankerUnavailable, Recommendation


class ScriptedRecommender:
    """Recommends what the test says; remembers what it was asked."""

    def __init__(self) -> None:
        """Recommend nothing yet."""
        self.scores: dict[str, float] = {}
        self.asked: list[tuple[str, str]] = []
        self.away = False
        self.labels = ("stable", "canary")

    def recommend(self, dialogue: str, *, label: str) -> list[Recommendation]:
        """The scripted scores, as they were written down."""
        self.asked.append((dialogue, label))
        if self.away:
            raise RankerUnavailable("clerk:8500 did not answer in 0.2 s")
        if label not in self.labels:
            raise LabelUnknown(f"no version is labelled {label!r}")
        return [Recommendation(*pair) for pair in self.scores.items()]

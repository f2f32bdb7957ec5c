"""Sentences for people about what a retraining came to."""

from pathlib import Path

from feedback.db import RetrainRun
from serving.versions import VersionFolder
from training.data import lineage
from training.evaluation import Comparison


def promoted(run: RetrainRun, folder: VersionFolder) -> str:
    """What the version that was promoted has learned, and what it gets right."""
    version, champion = run.version, run.parent_version
    if champion is None:
        replies = len(lineage(_path(folder, version))["reply_ids"])
        return (
            f"Version {version} answers now, the first model: it learned {run.examples:,}"
            f" questions and accepted dialogues for {replies} replies.{_taken(run)}"
        )
    known = 0
    if champion in folder.versions():
        known = lineage(folder.path(champion)).get("examples", 0)
    everything = Comparison(**run.scores["parts"]["all"])
    return (
        f"Version {version} answers now: it learned from {max(0, run.examples - known):,} more"
        f" questions and accepted dialogues ({run.examples:,} in all) and gets"
        f" {100 * everything.challenger:.1f} % of {everything.n} held-out questions right;"
        f" version {champion} got {100 * everything.champion:.1f} %.{_taken(run)}"
    )


def _taken(run: RetrainRun) -> str:
    """The topic that another takes most from, and what mends it."""
    for topic in run.scores.get("taken_topics", ())[:1]:
        return (
            f" Few of the questions about {topic['reply_id']} would be recognised: of"
            f" {topic['asked']} labelled ones, {topic['lost']} would get {topic['by']} had they not"
            " been learned. Label more of them, or make one reply of the two."
        )
    return ""


def _path(folder: VersionFolder, version: int | None) -> Path:
    return folder.path(version or 0)

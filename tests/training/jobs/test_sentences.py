"""What people are told of a retraining."""

from feedback.db import RetrainRun
from serving.versions import VersionFolder
from tests.factories import NOW
from training.jobs.sentences import promoted

WHOLE = {"name": "all", "n": 40, "champion": 0.9, "challenger": 0.95, "won": 2, "lost": 0}
TAKEN = {"reply_id": "pickup", "by": "delivery_time", "lost": 4, "asked": 5}


def told(tmp_path, **scores):
    run = RetrainRun(
        run_id="r",
        trigger="schedule",
        state="running",
        stage="decide",
        started_at=NOW,
        version=2,
        parent_version=1,
        examples=30,
        scores={"parts": {"all": WHOLE}, **scores},
    )
    return promoted(run, VersionFolder(tmp_path))


class TestPromoted:
    def test_names_a_topic_that_another_takes_from_and_what_mends_it(self, tmp_path):
        """Its labelled questions were learned, so no gate sees them lost."""
        assert told(tmp_path, taken_topics=[TAKEN]).endswith(
            "version 1 got 90.0 %. Few of the questions about pickup would be recognised: of 5"
            " labelled ones, 4 would get delivery_time had they not been learned. Label more of"
            " them, or make one reply of the two."
        )

    def test_says_nothing_of_it_where_there_is_none(self, tmp_path):
        assert told(tmp_path).endswith("version 1 got 90.0 %.")

"""The client over real gRPC: what it reads, when it tries again, how it names a failure."""

import json
import subprocess
import sys
import time

import grpc
import numpy as np
import pytest
from hypothesis import given, strategies as st

from serving.client.tensors import BadTensor, from_proto, to_proto
from serving.client.tfserving import TFServingRanker
from serving.errors import BadAddress
from serving.ranker import (
    Candidate,
    Draft,
    LabelUnknown,
    RankerUnavailable,
    Recommendation,
    ReplyScore,
)
from tests.serving.fakes import ScriptedPrediction, reply_outputs, serve


@pytest.fixture
def connect():
    """Start a scripted server and connect a client to it."""
    started = []

    def start(servicer, *, timeout=2.0):
        server, address = serve(servicer)
        client = TFServingRanker(address, timeout=timeout)
        started.append((server, client))
        return client

    yield start
    for server, client in started:
        client.close()
        server.stop(None)


class TestRanking:
    @pytest.mark.parametrize("packed", [False, True], ids=["typed fields", "tensor_content"])
    def test_reads_both_forms_of_tensors(self, connect, packed):
        """A server may pack its answers (--enable_serialization_as_tensor_content)."""
        ranking = connect(ScriptedPrediction(packed=packed)).rank("hi", locale="en", label="stable")

        assert (Candidate("hi", 0.5),) == ranking.candidates
        assert ("model", 7) == (ranking.served_by, ranking.version)
        assert 0.9 == pytest.approx(ranking.confidence)

    def test_asks_the_labelled_version_for_the_signature_rank(self, connect):
        """The label decides which version answers."""
        servicer = ScriptedPrediction()

        connect(servicer).rank("hi", locale="en", label="canary")

        spec = servicer.requests[0].model_spec
        assert ("clerk", "canary", "rank") == (spec.name, spec.version_label, spec.signature_name)

    def test_reads_what_the_turn_does_in_the_same_call(self, connect):
        """Acts and order actions by name, each with its probability."""

        def outputs(count):
            return {
                **reply_outputs(count),
                "act": np.array([["ask", "thank"]] * count, dtype=object),
                "act_probability": np.array([[0.75, 0.25]] * count, np.float32),
                "action": np.array([["none"]] * count, dtype=object),
                "action_probability": np.ones((count, 1), np.float32),
            }

        servicer = ScriptedPrediction(outputs=outputs)

        ranking = connect(servicer).rank("\x11hi\x12Hello!\x11thanks", locale="en", label="stable")

        assert {"ask": 0.75, "thank": 0.25} == ranking.acts
        assert {"none": 1.0} == ranking.actions
        assert 1 == len(servicer.requests)

    def test_a_version_without_heads_is_asked_with_the_last_turn_alone(self, connect):
        """It was taught lone questions: turns before one led it astray."""
        servicer = ScriptedPrediction()

        ranking = connect(servicer).rank(
            "\x11hi\x12Hello!\x11my size?", locale="en", label="stable"
        )

        assert (("hi", 0.5),) == tuple(each[:2] for each in ranking.candidates)
        assert ({}, {}) == (ranking.acts, ranking.actions)
        assert [b"\x11my size?"] == list(from_proto(servicer.requests[-1].inputs["dialogue"]))

    def test_tries_again_when_the_server_is_just_coming_back(self, connect):
        """UNAVAILABLE is tried again within the deadline."""
        servicer = ScriptedPrediction([grpc.StatusCode.UNAVAILABLE] * 2)

        assert connect(servicer).rank("hi", locale="en", label="stable").candidates
        assert 3 == len(servicer.requests)

    def test_tries_again_when_the_server_gave_up_before_we_did(self, connect):
        """A full queue there ends a call early; there is time for another."""
        servicer = ScriptedPrediction([grpc.StatusCode.DEADLINE_EXCEEDED])

        assert connect(servicer).rank("hi", locale="en", label="stable").candidates
        assert 2 == len(servicer.requests)

    def test_never_waits_past_its_deadline(self, connect):
        """However often it may try."""
        servicer = ScriptedPrediction([grpc.StatusCode.UNAVAILABLE] * 1_000)
        began = time.monotonic()

        with pytest.raises(RankerUnavailable):
            connect(servicer, timeout=0.3).rank("hi", locale="en", label="stable")

        assert time.monotonic() - began < 2.0
        assert len(servicer.requests) > 1

    @pytest.mark.parametrize("text", ["x" * 200_000, "x" * (64 << 20)], ids=["long", "64 MB"])
    def test_a_text_nobody_typed_is_not_sent(self, connect, text):
        """It is our own mistake, and no outage of the server."""
        servicer = ScriptedPrediction()

        with pytest.raises(ValueError, match="100000 at most"):
            connect(servicer).rank(text, locale="en", label="stable")
        assert [] == servicer.requests

    @pytest.mark.parametrize("count", [0, 5_000])
    def test_an_empty_and_an_endless_batch_are_not_sent(self, connect, count):
        """Nor are more texts than a call may hold."""
        servicer = ScriptedPrediction()

        with pytest.raises(ValueError, match="between 1 and 4096"):
            connect(servicer).rank_many(["x"] * count)
        assert [] == servicer.requests

    def test_half_a_character_is_sent_as_a_question_mark(self, connect):
        """A lone surrogate is no text, and no reason to fail."""
        servicer = ScriptedPrediction()

        connect(servicer).rank("a\ud800b", locale="en", label="stable")

        assert [b"a?b"] == list(from_proto(servicer.requests[0].inputs["dialogue"]))

    def test_an_id_that_is_no_text_is_read_all_the_same(self, connect):
        """Nobody's answer is lost to a byte."""

        def outputs(count):
            return {**reply_outputs(count), "reply_id": np.array([[b"\xff"]] * count, dtype=object)}

        client = connect(ScriptedPrediction(outputs=outputs))

        assert "\ufffd" == client.rank("hi", locale="en", label="stable").candidates[0].reply_id

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("confidence", np.array([np.nan], np.float32)),
            ("score", np.array([[np.inf]], np.float32)),
            ("reply_id", np.array([[1.0]], np.float32)),
            ("score", np.array([["x"]], dtype=object)),
        ],
    )
    def test_an_answer_that_is_none_is_unavailable(self, connect, name, values):
        """Numbers that are none, ids that are numbers: keyword search answers instead."""
        client = connect(ScriptedPrediction(outputs=lambda n: {**reply_outputs(n), name: values}))

        with pytest.raises(RankerUnavailable, match=f"answered {name}"):
            client.rank("hi", locale="en", label="stable")

    def test_other_failures_are_final_and_named(self, connect):
        """The address and the reason are in the message."""
        servicer = ScriptedPrediction([grpc.StatusCode.INVALID_ARGUMENT], details="bad tensor")
        client = connect(servicer)

        with pytest.raises(RankerUnavailable, match="bad tensor") as raised:
            client.rank("hi", locale="en", label="stable")

        assert client.address in str(raised.value)
        assert 1 == len(servicer.requests)

    def test_a_label_to_nowhere_is_told_apart(self, connect):
        """The trial of a challenger may just have ended."""
        details = "Unrecognized servable version label: canary"
        client = connect(ScriptedPrediction([grpc.StatusCode.INVALID_ARGUMENT], details=details))

        with pytest.raises(LabelUnknown, match="canary"):
            client.rank("hi", locale="en", label="canary")

    def test_nobody_there_is_an_answer_in_time(self):
        """A dead address fails within the deadline, with the remedy."""
        client = TFServingRanker("127.0.0.1:1", timeout=0.2)

        with pytest.raises(RankerUnavailable, match="shopclerk check"):
            client.rank("hi", locale="en", label="stable")
        client.close()

    def test_an_answer_of_another_shape_is_no_answer(self, connect):
        """A model that is not ours says so itself."""

        def without_score(count):
            return {"reply_id": np.full((count, 1), "hi", dtype=object)}

        client = connect(ScriptedPrediction(outputs=without_score))

        with pytest.raises(RankerUnavailable, match="'score': None"):
            client.rank("hi", locale="en", label="stable")


class TestRecommending:
    def test_reads_products_best_first(self, connect):
        """Of the labelled version."""

        def outputs(count):
            ids = np.array([["mug", "茶壶"]] * count, dtype=object)
            return {"product_id": ids, "score": np.array([[2.5, -0.5]] * count, np.float32)}

        servicer = ScriptedPrediction(outputs=outputs)
        found = connect(servicer).recommend("\x11a mug", label="canary")

        assert [Recommendation("mug", 2.5), Recommendation("茶壶", -0.5)] == found
        spec = servicer.requests[0].model_spec
        assert ("canary", "recommend") == (spec.version_label, spec.signature_name)
        assert [b"\x11a mug"] == list(from_proto(servicer.requests[0].inputs["dialogue"]))

    def test_a_version_without_products_recommends_none(self, connect):
        """The tensors are there, and empty."""

        def outputs(count):
            return {
                "product_id": np.zeros((count, 0), dtype=object),
                "score": np.zeros((count, 0), np.float32),
            }

        assert [] == connect(ScriptedPrediction(outputs=outputs)).recommend("hi", label="stable")

    def test_a_version_made_before_there_were_products_is_unavailable(self, connect):
        """Words alone search then."""
        details = 'Serving signature key "recommend" not found.'
        servicer = ScriptedPrediction([grpc.StatusCode.FAILED_PRECONDITION], details=details)

        with pytest.raises(RankerUnavailable, match="recommend"):
            connect(servicer).recommend("hi", label="stable")


class TestDrafting:
    def test_reads_a_draft_for_each_dialogue(self, connect):
        """Its text, and how likely the model finds it."""

        def outputs(count):
            texts = np.array([f"draft {number}" for number in range(count)], dtype=object)
            return {"text": texts, "log_prob": np.full(count, -2.5, np.float32)}

        servicer = ScriptedPrediction(outputs=outputs)

        assert [Draft("draft 0", -2.5), Draft("draft 1", -2.5)] == connect(servicer).draft(
            ["hi", "ho"], label="stable"
        )
        assert "draft" == servicer.requests[0].model_spec.signature_name

    def test_scores_each_reply_after_its_own_dialogue(self, connect):
        """Two inputs in one call."""

        def outputs(count):
            return {
                "log_prob": np.full(count, -4.0, np.float32),
                "tokens": np.arange(count, dtype=np.int32),
            }

        servicer = ScriptedPrediction(outputs=outputs)
        found = connect(servicer).score(["hi", "ho"], ["Hello!", "您好"], label="stable")

        assert [ReplyScore(-4.0, 0), ReplyScore(-4.0, 1)] == found
        sent = servicer.requests[0]
        assert "score" == sent.model_spec.signature_name
        assert {
            "dialogue": [b"hi", b"ho"],
            "reply": [b"Hello!", "您好".encode()],
        } == {name: list(from_proto(tensor)) for name, tensor in sent.inputs.items()}

    def test_each_dialogue_has_one_reply(self, connect):
        """Said before anything is sent."""
        servicer = ScriptedPrediction()

        with pytest.raises(ValueError, match="2 dialogues and 1 replies"):
            connect(servicer).score(["hi", "ho"], ["Hello!"], label="stable")
        assert [] == servicer.requests

    def test_fewer_answers_than_questions_is_no_answer(self, connect):
        """Nobody guesses whose is missing."""

        def outputs(count):
            return {
                "text": np.full(count - 1, "x", dtype=object),
                "log_prob": np.zeros(count - 1, np.float32),
            }

        client = connect(ScriptedPrediction(outputs=outputs))

        with pytest.raises(RankerUnavailable, match="shapes"):
            client.draft(["hi", "ho"], label="stable")


class TestAddresses:
    def test_a_dead_one_among_several_is_passed_over(self):
        """Calls go to whoever answers."""
        server, address = serve(ScriptedPrediction())
        client = TFServingRanker([address, "127.0.0.1:1"])

        assert 7 == client.rank("hi", locale="en", label="stable").version
        client.close()
        server.stop(None)

    @pytest.mark.parametrize(
        "addresses",
        ["serving", "serving:http", "a:8500,b:8500", ["serving-a:8500", "serving-b:8500"]],
    )
    def test_what_can_not_be_dialled_is_named_at_once(self, addresses):
        """Not at the first shopper's question."""
        with pytest.raises(BadAddress, match="host:port"):
            TFServingRanker(addresses)

    def test_a_companys_web_proxy_is_passed_by(self, connect, monkeypatch):
        """It knows nothing of loopback."""
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        monkeypatch.delenv("no_proxy", raising=False)

        assert connect(ScriptedPrediction()).rank("hi", locale="en", label="stable").candidates


class TestImporting:
    @pytest.mark.slow
    def test_loads_no_tensorflow_and_leaves_the_way_open_for_it(self):
        """A bot never loads TensorFlow; a trainer in the same process still can."""
        script = (
            "import sys, serving.client.tfserving\n"
            "assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules\n"
            "import tensorflow as tf\n"
            "assert tf.constant(1).numpy() == 1\n"
        )

        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=False
        )

        assert 0 == done.returncode, done.stderr

    @pytest.mark.slow
    def test_costs_a_bot_little(self):
        """Where numpy and gRPC are loaded anyway, less than 0.5 s of work and 60 MB."""
        script = (
            "import json, os, time, numpy, grpc\n"
            "def held():\n"
            "    pages = int(open('/proc/self/statm').read().split()[1])\n"
            "    return pages * os.sysconf('SC_PAGE_SIZE') / 2**20\n"
            "before, began = held(), time.process_time()\n"
            "import serving.client.tfserving\n"
            "print(json.dumps([time.process_time() - began, held() - before]))\n"
        )

        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )

        seconds, megabytes = json.loads(done.stdout)
        assert seconds < 0.5
        assert 0 < megabytes < 60


class TestTensors:
    @given(st.lists(st.text(max_size=20), max_size=8))
    def test_texts_come_back_as_their_bytes(self, texts):
        """Any text survives the wire."""
        array = np.array(texts, dtype=np.object_)

        assert [text.encode() for text in texts] == list(from_proto(to_proto(array)))

    @given(st.lists(st.floats(width=32, allow_nan=False), max_size=12))
    def test_numbers_come_back_unchanged(self, numbers):
        """Any float32 survives the wire."""
        array = np.array(numbers, dtype=np.float32)

        assert np.array_equal(array, from_proto(to_proto(array)))

    @pytest.mark.parametrize(("sent", "expected"), [([], [0, 0, 0]), ([1, 2], [1, 2, 2])])
    def test_values_left_out_repeat_the_last_one(self, sent, expected):
        """TensorFlow's shorthand; none at all are zeros."""
        proto = to_proto(np.array(sent, np.int32))
        proto.tensor_shape.dim[0].size = 3

        assert expected == list(from_proto(proto))

    def test_a_few_bytes_that_claim_terabytes_are_refused(self):
        """By the client and the embedded server alike."""
        proto = to_proto(np.zeros(1, np.float32))
        proto.tensor_shape.dim[0].size = 1 << 40

        with pytest.raises(BadTensor, match="too large"):
            from_proto(proto)

    @pytest.mark.parametrize("content", [b"abc", b"abcd" * 2])
    def test_packed_bytes_that_do_not_fill_the_shape_are_refused(self, content):
        """Too few, too many, or no whole number of them."""
        proto = to_proto(np.zeros(1, np.float32))
        proto.tensor_content = content

        with pytest.raises(BadTensor, match="bytes do not fill"):
            from_proto(proto)

    def test_values_that_do_not_fill_the_shape_are_refused(self):
        """A lying tensor is named, not read past its end."""
        proto = to_proto(np.zeros(3, np.float32))
        proto.tensor_shape.dim[0].size = 2

        with pytest.raises(BadTensor, match="3 values do not fill"):
            from_proto(proto)

    def test_an_unknown_type_is_refused(self):
        """With what can be sent instead."""
        with pytest.raises(BadTensor, match="float32"):
            to_proto(np.zeros(1, np.complex128))

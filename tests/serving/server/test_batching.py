"""Many callers, one run: everybody gets their own rows, whoever else is in the batch."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from serving.errors import BadParameters, CallFailed
from serving.server.batching import UNAVAILABLE, Batcher
from serving.server.status_codes import FAILED_PRECONDITION, INVALID_ARGUMENT
from serving.server.tfs_parameter_files import BatchingParameters, read_parameters


class Graph:
    """Squares numbers, refuses negative ones; keeps the sizes of its runs, and may be held up."""

    def __init__(self):
        self.runs: list[int] = []
        self.open = threading.Event()
        self.open.set()

    def __call__(self, numbers):
        self.open.wait(10)
        self.runs.append(len(numbers))
        if (numbers < 0).any():
            raise ValueError("negative")
        return [numbers * numbers, -numbers]


@pytest.fixture
def graph():
    return Graph()


def held(batcher, graph, calls):
    """The outcomes of `calls` made while a first call holds the graph: they share its next run."""
    graph.open.clear()
    with ThreadPoolExecutor(len(calls) + 1) as pool:
        first = pool.submit(batcher, np.array([1]))
        while batcher._waiting or not batcher._leading:
            time.sleep(0.001)
        futures = []
        for number, call in enumerate(calls, start=1):
            futures.append(pool.submit(batcher, call))
            while len(batcher._waiting) < number and not futures[-1].done():
                time.sleep(0.001)
        graph.open.set()
        first.result(10)
        return [future.exception(10) or future.result() for future in futures]


def one_thread(**more):
    return BatchingParameters(num_batch_threads=1, **more)


class TestAnswers:
    @settings(max_examples=30, deadline=None)
    @given(
        st.lists(st.lists(st.integers(0, 99), min_size=1, max_size=4), min_size=1, max_size=12),
        st.sampled_from([(), (2, 4, 8)]),
    )
    def test_everybody_gets_their_own_rows(self, calls, allowed):
        """In whatever batches they were put, filled up or not."""
        parameters = BatchingParameters(max_batch_size=8, allowed_batch_sizes=allowed)
        batcher = Batcher(Graph(), parameters)
        with ThreadPoolExecutor(len(calls)) as pool:
            found = list(pool.map(lambda call: batcher(np.array(call)), calls))

        assert [[n * n for n in call] for call in calls] == [list(one) for one, _ in found]
        assert [[-n for n in call] for call in calls] == [list(other) for _, other in found]

    def test_those_who_wait_share_a_run(self, graph):
        """Three calls, one run of the graph."""
        batcher = Batcher(graph, one_thread())

        found = held(batcher, graph, [np.array([2]), np.array([3, 4]), np.array([5])])

        assert [1, 4] == graph.runs
        assert [[4], [9, 16], [25]] == [list(squares) for squares, _ in found]

    def test_a_lone_caller_waits_for_nobody(self, graph):
        """It runs in its own thread, at once."""
        batcher = Batcher(graph, BatchingParameters())

        assert [9] == list(batcher(np.array([3]))[0])
        assert 0 == batcher._leading

    def test_where_callers_come_side_by_side_each_run_waits_for_the_usual_crowd(self, graph):
        """Three who always come together are one run; without the wait the first would be alone."""
        batcher = Batcher(graph, one_thread(crowd_timeout_micros=10_000_000))
        batcher._crowd = 3.0  # as it was a moment ago

        with ThreadPoolExecutor(3) as pool:
            found = list(pool.map(lambda n: batcher(np.array([n]))[0], (5, 6, 7), timeout=10))

        assert [3] == graph.runs
        assert [[25], [36], [49]] == [list(one) for one in found]

    def test_a_crowd_is_waited_for_no_longer_than_is_said(self, graph):
        """Whoever comes alone afterwards is answered, and soon waits for nobody any more."""
        batcher = Batcher(graph, one_thread(crowd_timeout_micros=1_000))
        held(batcher, graph, [np.array([n]) for n in (2, 3, 4)])

        for _ in range(20):
            assert [81] == list(batcher(np.array([9]))[0])

        assert 1 == round(batcher._crowd)

    def test_a_lone_caller_never_waits_for_a_crowd(self, graph):
        """However long it would be waited for."""
        batcher = Batcher(graph, one_thread(crowd_timeout_micros=3_600_000_000))

        for number in range(50):
            assert [number * number] == list(batcher(np.array([number]))[0])

    def test_one_that_is_refused_spoils_no_other(self, graph):
        """TensorFlow Serving would fail them all."""
        batcher = Batcher(graph, one_thread())

        first, second, third = held(batcher, graph, [np.array([2]), np.array([-1]), np.array([3])])

        assert isinstance(second, ValueError)
        assert ([4], [9]) == (list(first[0]), list(third[0]))

    def test_rows_of_other_shapes_are_run_apart(self, graph):
        """Without padding they are no one array."""
        batcher = Batcher(graph, one_thread())

        found = held(batcher, graph, [np.ones((1, 2)), np.ones((1, 3))])

        assert [1, 1, 1] == graph.runs
        assert [(1, 2), (1, 3)] == [squares.shape for squares, _ in found]

    def test_with_padding_they_are_filled_up(self):
        """By zeros, up to the longest."""
        graph = Graph()
        batcher = Batcher(graph, one_thread(pad_variable_length_inputs=True))
        graph.open.clear()
        with ThreadPoolExecutor(3) as pool:
            first = pool.submit(batcher, np.ones((1, 1)))
            while not batcher._leading or batcher._waiting:
                time.sleep(0.001)
            others = [pool.submit(batcher, np.full((1, size), 2)) for size in (1, 3)]
            while len(batcher._waiting) < 2:
                time.sleep(0.001)
            graph.open.set()
            found = [future.result(10)[0].tolist() for future in (first, *others)]

        assert [[[1]], [[4, 0, 0]], [[4, 4, 4]]] == found

    def test_an_empty_batch_is_answered_alone(self, graph):
        """Nothing in, nothing out."""
        assert 0 == len(Batcher(graph, BatchingParameters())(np.array([], int))[0])

    def test_a_long_one_is_split_where_that_is_wanted(self, graph):
        """And put together again."""
        parameters = BatchingParameters(
            max_batch_size=10, max_execution_batch_size=4, enable_large_batch_splitting=True
        )

        squares, _ = Batcher(graph, parameters)(np.arange(10))

        assert [n * n for n in range(10)] == list(squares)
        assert [4, 4, 2] == graph.runs

    def test_nobody_is_forgotten_under_load(self):
        """Forty callers, each asked for two hundred answers, through two threads of the graph."""
        batcher = Batcher(Graph(), BatchingParameters(max_batch_size=7))

        def ask(number):
            return all(
                [number * number] == list(batcher(np.array([number]))[0]) for _ in range(200)
            )

        with ThreadPoolExecutor(40) as pool:
            assert all(pool.map(ask, range(40), timeout=120))
        assert (0, 0) == (batcher._leading, batcher._rows)


class TestRefusals:
    def refused(self, call):
        with pytest.raises(CallFailed) as raised:
            call()
        return raised.value.code, str(raised.value)

    def test_too_many_rows(self, graph):
        """Worded as TensorFlow Serving does."""
        batcher = Batcher(graph, BatchingParameters(max_batch_size=4))

        assert (
            INVALID_ARGUMENT,
            "Task size 5 is larger than maximum input batch size 4",
        ) == self.refused(lambda: batcher(np.arange(5)))

    def test_a_full_queue(self, graph):
        """Clients try again, or elsewhere."""
        parameters = one_thread(max_batch_size=1, max_enqueued_batches=2)

        found = held(Batcher(graph, parameters), graph, [np.array([n]) for n in (2, 3, 4)])

        assert isinstance(found[2], CallFailed)
        assert UNAVAILABLE == found[2].code
        assert "The batch scheduling queue to which this task was submitted is full" == str(
            found[2]
        )

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            ([np.array(1)], "must have at least one dimension"),
            ([np.ones(1), np.ones(2)], "must have equal 0th-dimension size"),
        ],
    )
    def test_what_has_no_rows(self, graph, inputs, message):
        """Before it is put beside others."""
        code, told = self.refused(lambda: Batcher(graph, BatchingParameters())(*inputs))

        assert INVALID_ARGUMENT == code
        assert told.endswith(message)

    def test_a_graph_that_answers_with_other_rows(self):
        """Whose they are can not be told; each caller is answered alone then."""
        batcher = Batcher(lambda numbers: [np.array([numbers.sum()])], one_thread())

        code, told = self.refused(lambda: batcher._run_together([_task([1, 2]), _task([3])]))

        assert FAILED_PRECONDITION == code
        assert told.startswith("Batched output tensor's 0th dimension does not equal")


def _task(numbers):
    from serving.server.batching import _Task

    return _Task([np.array(numbers)], len(numbers))


class TestFiles:
    def test_parameters_are_read_by_the_stock_servers_names(self, tmp_path):
        """The same file serves both."""
        path = tmp_path / "batching.txt"
        path.write_text(
            "max_batch_size { value: 64 }\nbatch_timeout_micros { value: 500 }\n"
            "max_enqueued_batches { value: 20 }\nnum_batch_threads { value: 4 }\n"
            "allowed_batch_sizes: 8\nallowed_batch_sizes: 64\n"
            "enable_large_batch_splitting { value: true }\n"
            "pad_variable_length_inputs: true\nthread_pool_name { value: 'x' }\n"
        )

        assert BatchingParameters(64, 500, 20, 4, 0, (8, 64), True, True) == read_parameters(path)

    @pytest.mark.parametrize(
        "text",
        [
            "max_batch_sice { value: 64 }",
            "allowed_batch_sizes: 8\nallowed_batch_sizes: 4",
            "max_batch_size { value: 64 } allowed_batch_sizes: 32",
            "max_batch_size { value: 0 }",
            "\x00",
        ],
    )
    def test_what_contradicts_itself_is_named(self, tmp_path, text):
        """With the file."""
        path = tmp_path / "batching.txt"
        path.write_text(text)

        with pytest.raises(BadParameters, match=r"batching\.txt"):
            read_parameters(path)

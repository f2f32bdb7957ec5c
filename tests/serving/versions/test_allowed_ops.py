"""What a SavedModel may do, read from its graph without loading it."""

import subprocess
import sys

import pytest

from serving.errors import BrokenVersion
from serving.versions.allowed_ops import check_operations
from tests.serving.conftest import ENVIRONMENT
from tests.serving.fakes import graph_of


@pytest.fixture
def check(tmp_path):
    """Check a graph as if it were a version's."""

    def check(model) -> None:
        (tmp_path / "saved_model.pb").write_bytes(model.SerializeToString())
        check_operations(tmp_path)

    return check


def add_function(model, name, *operations):
    function = model.meta_graphs[0].graph_def.library.function.add()
    function.signature.name = name
    for number, operation in enumerate(operations):
        function.node_def.add(name=f"{name}_{number}", op=operation)
    return function


def call(nodes, name, function):
    node = nodes.add(name=name, op="StatefulPartitionedCall")
    node.attr["f"].func.name = function
    return node


@pytest.fixture
def saved():
    """A graph with a saver, as TensorFlow writes it."""
    model = graph_of("Placeholder")
    add_function(model, "traced_save", "ShardedFilename", "SaveV2", "MergeV2Checkpoints")
    add_function(model, "traced_restore", "RestoreV2", "AssignVariableOp")
    graph = model.meta_graphs[0].graph_def
    call(graph.node, "save", "traced_save")
    call(graph.node, "restore", "traced_restore")
    saver = model.meta_graphs[0].saver_def
    saver.save_tensor_name, saver.restore_op_name = "save:0", "restore"
    return model


class TestAllowed:
    def test_arithmetic_and_a_saver_of_its_own(self, check, saved):
        """Every SavedModel holds the operations that save and restore its variables."""
        check(saved)

    def test_a_function_is_read_like_the_rest(self, check, saved):
        """By its own name as an operation, too."""
        add_function(saved, "answer", "MatMul", "Softmax")
        saved.meta_graphs[0].graph_def.node.add(name="served", op="answer")

        check(saved)


class TestRefused:
    @pytest.mark.parametrize(
        "operation", ["WriteFile", "ReadFile", "MatchingFiles", "PyFunc", "ImmutableConst", "Send"]
    )
    def test_an_operation_that_reaches_beyond_tensors(self, check, saved, operation):
        """Wherever it hides: here in a branch of a function nobody seems to call."""
        add_function(saved, "branch", operation)

        with pytest.raises(BrokenVersion, match=operation):
            check(saved)

    def test_saving_while_it_answers(self, check, saved):
        """SaveV2 writes any file; it may stand behind the saver alone."""
        call(saved.meta_graphs[0].graph_def.node, "served", "traced_save")

        with pytest.raises(BrokenVersion, match="outside of its saver"):
            check(saved)

    def test_saving_behind_a_function_that_answers(self, check, saved):
        """However many calls lie between."""
        inner = add_function(saved, "inner")
        call(inner.node_def, "hidden", "traced_save")
        outer = add_function(saved, "outer")
        outer.node_def.add(name="by_its_name", op="inner")
        call(saved.meta_graphs[0].graph_def.node, "served", "outer")

        with pytest.raises(BrokenVersion, match="outside of its saver"):
            check(saved)

    def test_reading_a_checkpoint_while_it_answers(self, check, saved):
        """RestoreV2 reads files that are none of its own."""
        saved.meta_graphs[0].graph_def.node.add(name="served", op="RestoreV2")

        with pytest.raises(BrokenVersion, match="RestoreV2 outside"):
            check(saved)

    @pytest.mark.parametrize("name", ["save:0", "^save", "restore"])
    def test_a_saver_that_is_part_of_the_answer(self, check, saved, name):
        """As an input of what is served, or awaited by it."""
        node = saved.meta_graphs[0].graph_def.node.add(name="served", op="Identity")
        node.input.append(name)

        with pytest.raises(BrokenVersion, match="part of what it answers"):
            check(saved)

    def test_a_signature_that_answers_with_the_saver(self, check, saved):
        """A Predict call would save then."""
        saved.meta_graphs[0].signature_def["rank"].outputs["x"].name = "save:0"

        with pytest.raises(BrokenVersion, match="part of what it answers"):
            check(saved)

    @pytest.mark.parametrize("filename", ["../../etc/passwd", "", "a/b"])
    def test_an_asset_that_lies_elsewhere(self, check, saved, filename):
        """Assets are files of the version."""
        saved.meta_graphs[0].asset_file_def.add(filename=filename)

        with pytest.raises(BrokenVersion, match="asset"):
            check(saved)

    def test_another_form_of_the_graph_beside_it(self, check, saved, tmp_path):
        """TensorFlow might read that one instead."""
        (tmp_path / "saved_model.pbtxt").write_text("")

        with pytest.raises(BrokenVersion, match="pbtxt"):
            check(saved)

    def test_what_is_no_graph(self, tmp_path):
        """Text, say."""
        (tmp_path / "saved_model.pb").write_text("evil")

        with pytest.raises(BrokenVersion, match="can not be read"):
            check_operations(tmp_path)

    @pytest.mark.slow
    def test_a_real_model_that_writes_a_file_while_it_answers(self, tmp_path):
        """TensorFlow saves it without a word."""
        script = (
            "import sys, tensorflow as tf\n"
            "class Evil(tf.Module):\n"
            "    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])\n"
            "    def rank(self, dialogue):\n"
            "        tf.io.write_file('/tmp/harm', 'x')\n"
            "        return {'x': dialogue}\n"
            "evil = Evil()\n"
            "tf.saved_model.save(evil, sys.argv[1], signatures={'rank': evil.rank})\n"
        )
        command = [sys.executable, "-c", script, str(tmp_path)]
        subprocess.run(command, check=True, env=ENVIRONMENT, capture_output=True)

        with pytest.raises(BrokenVersion, match="WriteFile"):
            check_operations(tmp_path)

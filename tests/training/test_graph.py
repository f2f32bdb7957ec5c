"""Which recurrence an exported graph holds: the fused one of a GPU, the portable one elsewhere."""

import pytest

pytestmark = pytest.mark.slow


def traced(monkeypatch, *, gpu):
    """The encoder's operations, and the shape of what it says, traced as with or without a GPU."""
    import importlib

    import tensorflow as tf

    from training.data.corpus import to_features
    from training.model.config import ModelConfig
    from training.model.encoder import Encoder

    keras_rnn = importlib.import_module("keras.src.backend.tensorflow.rnn")
    monkeypatch.setattr(keras_rnn, "_is_gpu_available", lambda: gpu)
    monkeypatch.setattr("training.model.gru_step.is_quicker", lambda: not gpu)
    config = ModelConfig(buckets=4_096, width=8, units=8, dimensions=8)
    encoder = Encoder(config)
    encoder.build()
    encode = tf.function(lambda texts: encoder(to_features(texts, config)))
    graph = encode.get_concrete_function(tf.TensorSpec([None], tf.string))
    definition = graph.graph.as_graph_def()
    nodes = [*definition.node, *(n for f in definition.library.function for n in f.node_def)]
    return {node.op for node in nodes}, graph.structured_outputs.shape


class TestRecurrence:
    def test_is_portable_where_there_is_no_gpu(self, monkeypatch):
        """A version trained here is served anywhere."""
        operations, shape = traced(monkeypatch, gpu=False)

        assert [None, 8] == shape.as_list()
        assert not [name for name in operations if "Cudnn" in name]
        assert any("While" in name for name in operations)

    def test_is_fused_where_there_is_one(self, monkeypatch):
        """One cuDNN operation each way instead of a loop, and the same shape of answer."""
        operations, shape = traced(monkeypatch, gpu=True)

        assert [None, 8] == shape.as_list()
        assert "CudnnRNNV3" in operations
        assert not [name for name in operations if "While" in name]

    def test_gives_equal_answers_either_way_on_a_gpu(self, monkeypatch):
        """Compared where a GPU is at hand."""
        import tensorflow as tf

        from training.data.corpus import to_features
        from training.model.config import ModelConfig
        from training.model.encoder import Encoder

        if not tf.config.list_physical_devices("GPU"):
            pytest.skip("needs an NVIDIA GPU and a TensorFlow built for it")
        config = ModelConfig(buckets=4_096, width=8, units=8, dimensions=8)
        texts = tf.constant(["where is my order", "", "退货怎么办 thanks a lot"])
        said = []
        for fused in (True, False):
            monkeypatch.setattr("training.model.gru_step.is_quicker", lambda loop=not fused: loop)
            encoder = Encoder(config)
            encoder.build()
            said.append(encoder(to_features(texts, config)).numpy())

        assert said[0] == pytest.approx(said[1], abs=1e-4)

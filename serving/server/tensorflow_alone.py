"""TensorFlow without Keras: a server of SavedModels runs graphs and has no layers.

`import tensorflow` loads Keras, and that pandas and Matplotlib, where they are installed. Without
them the process takes 480 MB instead of 588, and 2.5 s of processor time to start instead of 3.8.
"""

from serving.optional_modules import left_out

with left_out("keras"):
    import tensorflow as tf
    from tensorflow.core.protobuf import config_pb2

__all__ = ["config_pb2", "tf"]

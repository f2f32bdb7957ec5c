from .calibrate import Calibration as Calibration
from .checkpoint import Checkpoint as Checkpoint
from .draft_quality import drafts_of as drafts_of, restore_drafts as restore_drafts
from .epochs import Progress as Progress
from .export import (
    VersionContents as VersionContents,
    encoder_weights as encoder_weights,
    save as save,
)
from .fit_decoder import DraftPairs as DraftPairs, fit_drafts as fit_drafts
from .fit_product_vectors import (
    Embed as Embed,
    ProductPair as ProductPair,
    Products as Products,
    embed_with as embed_with,
    fit_products as fit_products,
    from_product_examples as from_product_examples,
)
from .fit_reply_vectors import fit_beside as fit_beside
from .fit_version import (
    TrainingData as TrainingData,
    fit_model as fit_model,
    own_words as own_words,
    quietly as quietly,
)
from .learner import Learner as Learner
from .model_card import add_history as add_history, build_model_card as build_model_card
from .multi_worker import Workers as Workers
from .tensorflow_setup import import_tensorflow as import_tensorflow
from .warm_start import add_lineage as add_lineage

"""Hyperparameters of model and training; each version stores the ones it was made with."""

from dataclasses import dataclass, field, replace
from typing import Final

TOKEN_BUDGET: Final = 12_000_000  # read in one training: about five minutes on two cores


# With a starter: the encoder's share of the rate, by how many questions there are for a reply, and
# the dropout that is left (CLINC150 dev: 90.6 % at ten questions and 94.7 % at a hundred).
FEW_A_REPLY: Final = 30
FEW_RATE, MANY_RATE, SPOKEN_RATE = 0.1, 0.5, 1.0
STARTER_DROPOUT: Final = 0.2
STARTER_EPOCHS: Final = 4


@dataclass(frozen=True)
class ModelConfig:
    """What the model is made of; two versions with unequal values cannot share weights."""

    buckets: int = 65_536  # rows of the one table of words and character n-grams
    width: int = 192  # of a token's vector
    units: int = 192  # of the GRU, each way: the one dial
    dimensions: int = 256  # of the vectors that meet in the dot product
    max_tokens: int = 80  # newest kept: five or six turns; a lone question has about 10
    scale: float = 16.0  # dot products of unit vectors, spread wide enough for a softmax


@dataclass(frozen=True)
class DecoderConfig:
    """What the decoder is made of, and how it learns."""

    vocabulary: int = 4_000  # words at most, the commonest
    width: int = 192  # of a word's vector
    units: int = 256  # of the GRU: the one dial
    dropout: float = 0.1  # of words' vectors going in and coming out
    batch: int = 8
    learning_rate: float = 1.2e-2
    token_budget: int = 160_000  # reply tokens read in one training, in as many epochs as fit
    questions_a_text: int | None = 8  # more teach nothing new about its words; None keeps all


# Few texts are learned by heart, in many small steps. What is said in whole dialogues is not: there
# it counts to be right about turns never seen, and how often each was said.
SPOKEN_TOKENS: Final = 600_000


def for_dialogues(decoder: DecoderConfig) -> DecoderConfig:
    """The dials where whole dialogues teach the decoder."""
    return replace(
        decoder,
        dropout=0.3,
        batch=32,
        learning_rate=4e-3,
        token_budget=SPOKEN_TOKENS,
        questions_a_text=None,
    )


@dataclass(frozen=True)
class TrainConfig:
    """How weights are found; nothing here is needed to use them."""

    epochs: int = 10
    batch: int = 128
    learning_rate: float = 2e-3
    encoder_rate: float = 1.0  # times that for all weights but the replies' own vectors
    table_rate: float = 4.0  # times that for rows of the table: a rare n-gram is seen seldom
    weight_decay: float = 1e-4
    label_smoothing: float = 0.1
    dropout: float = 0.4  # of the pooled vector
    token_dropout: float = 0.15  # of whole tokens: a question must be known by any of its words
    piece_dropout: float = 0.15  # of words' own rows and n-grams: a typo must not change the sense
    text_weight: float = 0.3  # of telling replies apart by their words alone
    text_every: int = 8  # steps: long replies cost more than the questions themselves
    texts_a_step: int = 16  # reply texts encoded then, for that and to refresh the rest
    aside: float = 0.1  # share of the pairs kept aside for calibration
    patience: int = 5  # epochs without a better loss on those, then enough
    decoder: DecoderConfig = field(default_factory=DecoderConfig)
    crossed: int = 1_000  # pairs; up to so many are trained on several times, to see all held out
    take_in: int = 1  # last epochs, over the part kept aside too


@dataclass(frozen=True)
class Hyperparameters:
    """All that is chosen before a training: the network's size, how it is fitted, the seed."""

    model: ModelConfig = field(default_factory=ModelConfig)
    train: TrainConfig = field(default_factory=TrainConfig)
    seed: int = 1


def for_data(
    config: TrainConfig, *, pairs: int, replies: int, tokens: int, dialogues: bool, starter: bool
) -> TrainConfig:
    """Fit `config` to the data: small books in small batches, large ones within the token budget.

    Whole dialogues learn from what was said next, so there every reply's text counts in each step.
    With a starter the encoder knows most of what it needs, and moves less.
    """
    if starter:
        rate = FEW_RATE if pairs <= FEW_A_REPLY * replies else MANY_RATE
        config = replace(
            config,
            encoder_rate=SPOKEN_RATE if dialogues else rate,
            dropout=STARTER_DROPOUT,
            epochs=min(config.epochs, STARTER_EPOCHS),
            text_every=2 * config.text_every,
        )
    if pairs < 1_500:
        config = replace(config, batch=min(config.batch, 32), epochs=2 * config.epochs)
    elif pairs < 8_000:
        config = replace(config, batch=min(config.batch, 64))
    if dialogues:
        config = replace(
            config,
            text_weight=1.0,
            text_every=1,
            texts_a_step=config.batch,
            decoder=for_dialogues(config.decoder),
        )
    passes = max(1, round(TOKEN_BUDGET / max(tokens, 1)))
    return replace(config, epochs=min(config.epochs, passes))

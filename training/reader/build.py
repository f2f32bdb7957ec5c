"""Builds the reader's weights: invents shops, asks, teaches, calibrates, writes the file."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import tensorflow as tf

from serving.passage_search import COSINE, LIKELY
from training.data import to_features
from training.model import Encoder, ModelConfig, ReaderConfig, Speller, known_words
from training.reader.calibrate import calibrate
from training.reader.fit_reader import ReaderLearner, Tell, first_table
from training.reader.lessons import invent_shop, judged, pool, read_facts, read_values
from training.reader.reading_set import Embed, ReadingLesson, join, lessons_of
from training.reader.trades import read_trades, trade_shops
from training.reader.weights import FILE, UNCALIBRATED, pack
from training.starter import unpack_starter

LOCALES: Final = ("en", "zh")
SHOPS: Final = 16  # of each language, that state what every shop does
TRADE_SHOPS: Final = 1  # of each language and trade
POOL: Final = 150  # questions whose answers stand beside each other, as in a shop
LONGEST: Final = 400  # characters of an answer
PAIRS: Final = "productqa_answers_train.jsonl.gz"
CANDIDATES: Final = "productqa_evidence.jsonl.gz"  # a development part: calibrates, teaches nothing
BATCH: Final = 256
EPOCHS: Final = 1

Array = np.ndarray[Any, Any]


def build_reader(
    data: Path | None, *, out: Path = FILE, seed: int = 1, epochs: int = EPOCHS, tell: Tell
) -> dict[str, Any]:
    """Teach a reader and write its weights to `out`.

    Args:
        data: the folder of permitted data sets; None: our own lessons alone.
        out: the file of weights.
        seed: of every choice made.
        epochs: passes over the lessons.
        tell: takes lines for people.
    """
    encoder, embed = starter_encoder()
    chance = np.random.default_rng(seed)
    lessons = list(invented(embed, chance))
    tell(f"{len(lessons):,} lessons of invented shops")
    if data is not None:
        lessons += asked_of_products(data / PAIRS, embed, chance)
    tell(f"{len(lessons):,} lessons in all")
    aside = [] if data is None else list(with_candidates(data / CANDIDATES, embed, chance))
    config = ReaderConfig()
    table = first_table(encoder, config.width)
    learner = ReaderLearner(join([*lessons, *aside]), config, seed)
    learner.reader.table.assign(table)
    rows = np.arange(len(lessons) + len(aside))
    learner.fit(rows[: len(lessons)], epochs=epochs, seed=seed, tell=tell)
    calibration = UNCALIBRATED
    if aside:
        held = join(aside)
        likely = held.hints[..., list(LIKELY)].sum(axis=-1)
        calibration = calibrate(*learner.answers(rows[len(lessons) :]), likely)
    tell(f"calibrated on {len(aside):,} questions: {calibration}")
    pack(learner.reader, calibration, out)
    return {"lessons": len(lessons), "bytes": out.stat().st_size}


def invented(embed: Embed, chance: np.random.Generator) -> Iterator[ReadingLesson]:
    """Lessons of invented shops, in every language there are facts in."""
    for locale in LOCALES:
        facts, values = read_facts(locale), read_values(locale)
        general = (invent_shop(facts, values, chance) for _ in range(SHOPS))
        trades = trade_shops(locale, read_trades(locale), TRADE_SHOPS, chance)
        for shop in general:
            yield from lessons_of(shop, embed, chance)
        for shop in trades:
            yield from map(without_cosine, lessons_of(shop, embed, chance))


def without_cosine(lesson: ReadingLesson) -> ReadingLesson:
    """The lesson with every sentence as near to its question as they are on average.

    The encoder was taught the trades' pages: in lessons of them its cosine tells more than it does
    on pages that nobody wrote lessons about, and a reader that trusts it reads those worse.
    """
    hints = lesson.hints.copy()
    hints[:, COSINE] = hints[:, COSINE].mean()
    hints[:, COSINE + 1] = 0.0
    return lesson._replace(hints=hints)


def asked_of_products(
    path: Path, embed: Embed, chance: np.random.Generator
) -> Iterator[ReadingLesson]:
    """Lessons of people's questions about products, each among other products' answers."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    pairs = [(r["question"], r["evidence"]) for r in rows if len(r["evidence"]) <= LONGEST]
    order = chance.permutation(len(pairs))
    for start in range(0, len(order), POOL):
        shop = pool([pairs[i] for i in order[start : start + POOL]])
        yield from lessons_of(shop, embed, chance)


def with_candidates(
    path: Path, embed: Embed, chance: np.random.Generator
) -> Iterator[ReadingLesson]:
    """People's questions about products, each among sentences that people judged."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            shop = judged(row["question"], [(c["text"], c["label"]) for c in row["candidates"]])
            yield from lessons_of(shop, embed, chance, taken_away=0.0)


def starter_encoder() -> tuple[Encoder, Embed]:
    """The encoder that every version begins with, and the vectors it gives texts."""
    config = ModelConfig()
    encoder, speller = Encoder(config), Speller(known_words({}))
    encoder.build()
    for variable, value in zip(
        encoder.trainable_variables, unpack_starter(config) or (), strict=True
    ):
        variable.assign(value)
    work = tf.function(
        lambda texts: encoder(to_features(texts, config, speller)),
        input_signature=[tf.TensorSpec([None], tf.string)],
        autograph=False,
    )

    def embed(texts: Any) -> Array:
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found = np.zeros((len(texts), config.dimensions), np.float32)
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            found[part] = work(tf.constant([texts[i] for i in part])).numpy()
        return found

    return encoder, embed

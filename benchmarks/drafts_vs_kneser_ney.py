"""Perplexity of drafts: our GRU decoder against an interpolated Kneser-Ney 5-gram model.

    python benchmarks/drafts_vs_kneser_ney.py --train FILE --test FILE [--token-budget N]

The files hold dialogues, one a line. Both sides learn the clerks' turns of the first and are
measured on those of the second, as the same numbered words: one vocabulary, one "unknown", an end
after each turn. An unknown word costs both its log-probability and ln(50,000) more, so that a small
vocabulary flatters neither. Ours reads what was said before; the 5-gram only the turn itself.
Prints one JSON object: both perplexities a token, tokens, and seconds.
"""

import argparse
import json
import math
import os
import sys
from collections import Counter, defaultdict
from pathlib import Path
from time import perf_counter

ORDER = 5
BEGIN = -1  # before each turn
BATCH = 128


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", type=Path, nargs="+", required=True, help="dialogues")
    parser.add_argument("--test", type=Path, nargs="+", required=True, help="dialogues")
    parser.add_argument("--token-budget", type=int, default=2_000_000, help="reply tokens read")
    parser.add_argument("--encoder-epochs", type=int, default=4)
    parser.add_argument("--vocabulary", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1)
    print(json.dumps(compare(parser.parse_args()), indent=1))


def compare(asked):
    """Train and measure both."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from shopclerk.settings import quieten_tensorflow

    quieten_tensorflow()
    import tensorflow as tf

    from feedback.knowledge.importers.files import read_dialogues
    from training.data.corpus import Corpus
    from training.data.pairs import book_of_dialogues, from_dialogues
    from training.fitting import fit_version
    from training.model import config as dials
    from training.model.config import DecoderConfig, TrainConfig
    from training.model.vocabulary import ended

    bad = []
    dialogues = list(read_dialogues(asked.train, bad))
    train = list(from_dialogues(dialogues))
    test = list(from_dialogues(read_dialogues(asked.test, bad)))

    dials.SPOKEN_TOKENS = asked.token_budget
    config = TrainConfig(
        epochs=asked.encoder_epochs, decoder=DecoderConfig(vocabulary=asked.vocabulary)
    )
    came = []  # when which part of the training was told of

    def progress(share, text):
        came.append((perf_counter(), text.startswith("learning to draft")))
        tell(f"{share:.0%} {text}")

    started = perf_counter()
    book = book_of_dialogues(dialogues)
    fit = fit_version.fit_model(
        fit_version.TrainingData(book, train),
        dials.Hyperparameters(train=config, seed=asked.seed),
        progress=progress,
    )
    decoded = perf_counter()
    encoded = came[[drafting for _, drafting in came].index(True) - 1][0]
    drafter, encoder = fit.fitted.drafter, fit.fitted.encoder
    heard = Corpus([pair.dialogue for pair in test], encoder.config)
    score = tf.function(
        lambda ids, replies: drafter.score(drafter.hear(heard.features(ids)), replies),
        input_signature=[tf.TensorSpec([None], tf.int32), tf.TensorSpec([None], tf.string)],
    )
    log_prob, tokens = 0.0, 0
    order = sorted(range(len(test)), key=lambda place: len(test[place].text))
    for start in range(0, len(order), BATCH):
        part = order[start : start + BATCH]
        found = score(tf.constant(part), tf.constant([test[place].text for place in part]))
        log_prob += float(found["log_prob"].numpy().sum(dtype=float))
        tokens += int(found["tokens"].numpy().sum())
    scored = perf_counter()

    def numbered(pairs):
        return ended(drafter.vocabulary.numbers(tf.constant([p.text for p in pairs]))).to_list()

    learned, said = numbered(train), numbered(test)
    assert tokens == sum(map(len, said))
    counting = perf_counter()
    kneser_ney = KneserNey(learned, words=len(drafter.vocabulary) - 1)  # padding is never said
    counted = perf_counter()
    theirs = sum(map(kneser_ney.log_prob, said))
    return {
        "seed": asked.seed,
        "cores": os.cpu_count(),
        "bad_lines": len(bad),
        "vocabulary": len(drafter.vocabulary),
        "train_tokens": sum(map(len, learned)),
        "test_tokens": tokens,
        "test_unknown": sum(turn.count(1) for turn in said),
        "ours": {
            "perplexity": round(math.exp(-log_prob / tokens), 3),
            "encoder_seconds": round(encoded - started, 1),
            "train_seconds": round(decoded - encoded, 1),
            "test_seconds": round(scored - decoded, 1),
        },
        "kneser_ney": {
            "perplexity": round(math.exp(-theirs / tokens), 3),
            "train_seconds": round(counted - counting, 1),
            "test_seconds": round(perf_counter() - counted, 1),
            "discounts": [round(d, 3) for d in kneser_ney.discounts],
        },
    }


class KneserNey:
    """Interpolated Kneser-Ney with one discount an order, down to all words being alike.

    The longest n-grams, and those that begin a turn, are counted as said; shorter ones by how many
    different words stand before them.
    """

    def __init__(self, turns, words):
        self.words = words
        said = [Counter() for _ in range(ORDER)]
        for turn in turns:
            turn = (BEGIN, *turn)
            for end in range(1, len(turn)):
                for order in range(1, min(ORDER, end + 1) + 1):
                    said[order - 1][turn[end + 1 - order : end + 1]] += 1
        self.counts = said[:]
        for order in range(1, ORDER):
            shorter = Counter({gram: n for gram, n in said[order - 1].items() if gram[0] == BEGIN})
            shorter.update(gram[1:] for gram in said[order])
            self.counts[order - 1] = shorter
        self.discounts = [discount(Counter(counts.values())) for counts in self.counts]
        self.totals = [defaultdict(int) for _ in range(ORDER)]
        self.types = [defaultdict(int) for _ in range(ORDER)]
        for counts, totals, types in zip(self.counts, self.totals, self.types, strict=True):
            for gram, count in counts.items():
                totals[gram[:-1]] += count
                types[gram[:-1]] += 1

    def probability(self, before, word):
        """Of `word` after the tuple `before`."""
        found = 1.0 / self.words
        for order in range(1, min(ORDER, len(before) + 1) + 1):
            context = before[len(before) + 1 - order :]
            total = self.totals[order - 1].get(context)
            if total is None:
                break
            cut = self.discounts[order - 1]
            own = max(self.counts[order - 1].get((*context, word), 0) - cut, 0.0)
            found = (own + cut * self.types[order - 1][context] * found) / total
        return found

    def log_prob(self, turn):
        """Of all words of a turn, its end among them."""
        from training.fitting.draft_quality import UNKNOWN_WORDS
        from training.model.vocabulary import UNKNOWN

        turn = (BEGIN, *turn)
        return sum(
            math.log(self.probability(turn[max(0, end + 1 - ORDER) : end], turn[end]))
            - (math.log(UNKNOWN_WORDS) if turn[end] == UNKNOWN else 0.0)
            for end in range(1, len(turn))
        )


def discount(counts_of_counts):
    """n1 / (n1 + 2 n2), from how many n-grams were counted once and twice."""
    once, twice = counts_of_counts[1], counts_of_counts[2]
    return once / (once + 2 * twice) if once else 0.5


def tell(text):
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()

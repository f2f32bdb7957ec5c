"""The decoder: learns to say the right reply, and says how likely it finds one."""

import pytest

from tests.training.conftest import REPLIES, make_questions, small_config

pytestmark = pytest.mark.slow

SAID: dict[tuple[str | None, str], str] = {
    (line.reply_id, line.locale): line.text or "" for line in REPLIES
}
HOSTILE = ("PyFunc", "EagerPyFunc", "ReadFile", "WriteFile", "HashTable", "Sentencepiece")
STRANGE = ["", "\x00", b"\xff\xfe", "word " * 5_000, "<script>"]


def lessons():
    """Dialogues and the replies the small shop gives to them."""
    from training.data.pairs import from_questions

    answered = [line for line in make_questions() if line.reply_id]
    dialogues = [pair.dialogue for pair in from_questions(answered)]
    return dialogues, [SAID[line.reply_id, line.locale] for line in answered]


@pytest.fixture(scope="module")
def encoder():
    """As ranking has made it."""
    import keras

    from training.data.gather import gather_material
    from training.data.pairs import from_questions
    from training.fitting.epochs import run_epochs
    from training.fitting.learner import Learner

    keras.utils.set_random_seed(1)
    dials, pairs = small_config(), from_questions(make_questions())
    material = gather_material(REPLIES, pairs, None, dials.model, share_aside=0.1, seed=1)
    learner = Learner(material.examples, dials.model, dials.train, seed=1)
    learner.restart(material.learn)
    run_epochs(learner, material.learn, material.aside, lambda *_: None)
    return learner.encoder


def fit_small(encoder, **options):
    import numpy as np

    from training.data.corpus import Corpus
    from training.fitting.fit_decoder import DraftPairs, fit_drafts
    from training.model.config import DecoderConfig

    dialogues, texts = options.pop("lessons", None) or lessons()
    corpus = Corpus(dialogues, encoder.config)
    budget = options.pop("token_budget", 24_000)
    options["config"] = DecoderConfig(width=32, units=32, token_budget=budget)
    return fit_drafts(encoder, DraftPairs(corpus, np.arange(len(texts)), texts), **options)


@pytest.fixture(scope="module")
def drafter(encoder):
    return fit_small(encoder)


@pytest.fixture(scope="module")
def served(drafter, tmp_path_factory):
    """The signatures before and after a SavedModel was written and read."""
    import tensorflow as tf

    from training.data.corpus import to_features

    config = drafter.encoder.config
    text = tf.TensorSpec([None], tf.string)
    version = tf.Module()
    version.drafter = drafter
    # A drafter keeps no weights of the encoder it hears through: the version does.
    version.weights_ = [weight.value for weight in drafter.encoder.trainable_variables]
    version.draft_of = tf.function(
        lambda dialogue: drafter.draft(drafter.hear(to_features(dialogue, config))),
        input_signature=[text],
    )
    version.score_of = tf.function(
        lambda dialogue, reply: drafter.score(drafter.hear(to_features(dialogue, config)), reply),
        input_signature=[text, text],
    )
    folder = str(tmp_path_factory.mktemp("version"))
    signatures = {"draft": version.draft_of, "score": version.score_of}
    tf.saved_model.save(version, folder, signatures=signatures)
    return version, tf.saved_model.load(folder)


class TestDrafting:
    def test_says_the_right_reply(self, served):
        """Slots, punctuation and Chinese included."""
        import tensorflow as tf

        dialogues, texts = lessons()
        drafts = served[0].draft_of(tf.constant(dialogues))["text"].numpy()
        right = [draft.decode() == text for draft, text in zip(drafts, texts, strict=True)]

        assert sum(right) > 0.9 * len(right)

    def test_scores_its_draft_as_scoring_does(self, served):
        """The log-probability told with a draft is that of its text."""
        import numpy as np
        import tensorflow as tf

        dialogues = tf.constant([*lessons()[0][::10], *STRANGE])
        draft = served[0].draft_of(dialogues)
        scored = served[0].score_of(dialogues, draft["text"])

        np.testing.assert_allclose(draft["log_prob"], scored["log_prob"], atol=1e-3)

    def test_answers_whatever_is_asked(self, served):
        """Strange input gets a draft, an empty batch none."""
        import tensorflow as tf

        drafts = served[0].draft_of(tf.constant(STRANGE))
        assert all(drafts["text"].numpy())
        assert served[0].draft_of(tf.constant([], tf.string))["text"].shape[0] == 0


class TestScoring:
    def test_prefers_the_right_reply(self, served):
        """Of all the shop's replies."""
        import numpy as np
        import tensorflow as tf

        dialogues, texts = lessons()
        replies = sorted(set(texts))
        scores = [
            served[0].score_of(tf.constant(dialogues), tf.fill([len(dialogues)], reply))["log_prob"]
            for reply in replies
        ]
        best = [replies[place] for place in np.argmax(scores, axis=0)]
        assert np.mean([one == text for one, text in zip(best, texts, strict=True)]) > 0.9

    def test_counts_words_and_the_end(self, served):
        """Nothing is the end alone; past 200 nothing is read."""
        import numpy as np
        import tensorflow as tf

        replies = ["", "\x00", b"\xff", "We are open from nine to five.", "we " * 300]
        found = served[0].score_of(tf.fill([5], "hi"), tf.constant(replies))

        assert found["tokens"].numpy().tolist() == [1, 1, 1, 9, 200]
        assert np.isfinite(found["log_prob"]).all()
        assert (found["log_prob"].numpy() < 0).all()

    def test_charges_an_unknown_word_for_being_one_of_many(self, served):
        """Each costs at least ln 50,000."""
        import tensorflow as tf

        found = served[0].score_of(tf.constant(["hi"]), tf.constant(["Xylophonic zebras"]))
        assert found["log_prob"].numpy()[0] < -2 * 10.8

    def test_does_not_depend_on_what_stands_beside_it(self, served):
        """Padding costs nothing."""
        import numpy as np
        import tensorflow as tf

        dialogues, texts = (part[::13] for part in lessons())
        together = served[0].score_of(tf.constant(dialogues), tf.constant(texts))["log_prob"]
        alone = [
            served[0].score_of(tf.constant([one]), tf.constant([text]))["log_prob"][0]
            for one, text in zip(dialogues, texts, strict=True)
        ]
        np.testing.assert_allclose(together, alone, atol=1e-3)


class TestVersion:
    def test_answers_the_same_after_it_was_written_and_read(self, served):
        """Weights and words are inside."""
        import numpy as np
        import tensorflow as tf

        version, loaded = served
        dialogues = tf.constant([*lessons()[0][::9], *STRANGE])
        before, after = version.draft_of(dialogues), loaded.signatures["draft"](dialogues)
        replies = before["text"]
        scored = loaded.signatures["score"](dialogue=dialogues, reply=replies)

        assert before["text"].numpy().tolist() == after["text"].numpy().tolist()
        np.testing.assert_allclose(before["log_prob"], after["log_prob"], atol=1e-5)
        np.testing.assert_allclose(before["log_prob"], scored["log_prob"], atol=1e-3)

    def test_is_made_of_core_operations_only(self, served):
        """No Python, no files, no tables: a stock model server loads it."""
        kinds = {
            node.op
            for function in served[1].signatures.values()
            for graph in [function.graph.as_graph_def()]
            for nodes in [graph.node, *(f.node_def for f in graph.library.function)]
            for node in nodes
        }
        assert not [kind for kind in kinds if kind.startswith(HOSTILE)]

    def test_can_be_restored_for_another_export(self, served, encoder):
        """A version's weights and words make the same drafter again."""
        import tensorflow as tf

        from training.data.corpus import to_features
        from training.fitting.draft_quality import drafts_of, restore_drafts
        from training.model.config import DecoderConfig

        version, loaded = served
        again = restore_drafts(encoder, DecoderConfig(width=32, units=32), drafts_of(loaded))
        dialogues = tf.constant(lessons()[0][:4])
        drafts = again.draft(again.hear(to_features(dialogues, encoder.config)))["text"]

        assert version.draft_of(dialogues)["text"].numpy().tolist() == drafts.numpy().tolist()


class TestSearch:
    def test_says_no_trigram_twice_and_nothing_unknown(self, drafter):
        """Even where the decoder's weights are chance, and would go in circles."""
        import tensorflow as tf

        from training.data.corpus import to_features
        from training.model.beam_search import search
        from training.model.config import DecoderConfig
        from training.model.decoder import Decoder, listen
        from training.model.vocabulary import END, PAD, UNKNOWN

        encoder = drafter.encoder
        decoder = Decoder(DecoderConfig(width=8, units=8), 8, seed=3)
        decoder.build(encoder.config.dimensions, encoder.config.width + 2 * encoder.config.units)
        decoder.bias.assign([9.0, 9.0, -9.0, 1.0, 1.0, 0.0, 0.0, 0.0])
        dialogues = tf.constant(lessons()[0][::8])
        said = search(decoder, listen(encoder, to_features(dialogues, encoder.config)))
        for row in said.words.numpy().tolist():
            words = [word for word in row if word not in (PAD, END)]
            trigrams = list(zip(words, words[1:], words[2:], strict=False))
            assert len(words) > 10
            assert len(set(trigrams)) == len(trigrams)
            assert UNKNOWN not in words

    def test_knows_what_its_words_cost(self, drafter):
        """Word by word comes to the same as all words at once."""
        import numpy as np
        import tensorflow as tf

        from training.data.corpus import to_features
        from training.model.beam_search import search
        from training.model.decoder import listen, log_probs

        features = to_features(tf.constant(lessons()[0][::8]), drafter.encoder.config)
        heard = listen(drafter.encoder, features)
        said = search(drafter.decoder, heard)
        at_once = log_probs(drafter.decoder, said.words, heard)

        np.testing.assert_allclose(said.log_prob, np.sum(at_once, axis=1), atol=1e-3)


class TestLearning:
    def test_gives_the_same_drafter_for_the_same_seed(self, encoder):
        """Same data, seed and machine, same weights, to the last bit; another seed, others."""
        first, again, other = (
            fit_small(encoder, token_budget=2_000, seed=seed) for seed in (1, 1, 2)
        )
        weights = [[w.numpy().tobytes() for w in one.weights_] for one in (first, again, other)]

        assert weights[0] == weights[1]
        assert weights[0] != weights[2]

    def test_goes_on_from_an_earlier_decoder(self, encoder, drafter):
        """With a quarter of the tokens and a book that has changed, it is ahead of a new one."""
        import numpy as np
        import tensorflow as tf

        from training.data.corpus import to_features
        from training.fitting.draft_quality import DraftWeights

        dialogues, texts = lessons()
        texts = [text.replace("We", "We all") for text in texts]
        before = DraftWeights(
            list(drafter.words.numpy()), [weight.numpy() for weight in drafter.weights_]
        )

        def likely(parent):
            found = fit_small(encoder, lessons=(dialogues, texts), token_budget=600, parent=parent)
            features = to_features(tf.constant(dialogues), encoder.config)
            return float(np.sum(found.score(found.hear(features), tf.constant(texts))["log_prob"]))

        assert b" all" in fit_small(encoder, lessons=(dialogues, texts)).vocabulary.words
        assert likely(before) > likely(None)

    def test_leaves_the_encoder_as_it_is(self, encoder):
        """Drafting must not change what is answered."""
        before = [v.value.numpy().tobytes() for v in encoder.trainable_variables]
        fit_small(encoder, token_budget=2_000)
        assert before == [v.value.numpy().tobytes() for v in encoder.trainable_variables]

    def test_tells_how_far_it_is(self, encoder):
        """A share that only grows, and words for people."""
        told = []
        fit_small(
            encoder, token_budget=2_000, progress=lambda share, text: told.append((share, text))
        )
        shares = [share for share, _ in told]

        assert shares == sorted(shares)
        assert shares[-1] == pytest.approx(1.0)
        assert all(text for _, text in told)

    @pytest.mark.parametrize("texts", [[], ["", " "]])
    def test_of_nothing_still_makes_a_drafter(self, encoder, texts):
        """A shop may have no reply with a text yet; then a draft is empty."""
        import tensorflow as tf

        from training.data.corpus import to_features

        empty = fit_small(encoder, lessons=(["hi", "ho"][: len(texts)], texts))
        drafts = empty.draft(empty.hear(to_features(tf.constant(["hi"]), encoder.config)))
        assert drafts["text"].numpy().tolist() == [b""]

    def test_keeps_few_questions_a_text(self, encoder):
        """Different ones: the same question twice teaches nothing."""
        import numpy as np

        from training.data.corpus import Corpus
        from training.fitting.fit_decoder import few_a_text

        dialogues = ["a", "a", "b", "c", "d", "e"]
        corpus = Corpus(dialogues, encoder.config)
        texts = ["one", "one", "one", "one", "one", "two"]
        kept = few_a_text(
            corpus, np.arange(6), texts, np.arange(6), most=3, chance=np.random.default_rng(1)
        )
        assert kept.tolist()[-1] == 5
        assert len({dialogues[place] for place in kept}) == len(kept) == 4

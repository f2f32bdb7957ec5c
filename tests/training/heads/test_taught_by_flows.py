"""What flows and the desk teach: the head of the next version hears what the last one missed."""

import numpy as np
import pytest

from feedback.actions.labels import ActionLabels
from feedback.signals.examples import Gathered
from serving.contract import Turn, render_dialogue
from tests.bot.actions.acting_shop import ActingShop
from tests.training.conftest import small_config
from training.data.sources import TrainingSources
from training.jobs.collect import collect

pytestmark = pytest.mark.slow

SAID = "could you make this parcel of mine disappear"


def heard(lessons):
    """The probabilities of actions for `SAID`, by a small encoder and a head that was taught."""
    from training.data import Corpus
    from training.heads.fit import HeadWords, encode_turns, fit_heads
    from training.model import Encoder

    model = small_config().model
    encoder = Encoder(model)
    encoder.build()
    heads, _ = fit_heads(encoder, model, seed=1, taught=[HeadWords(*each) for each in lessons])
    asked = Corpus([render_dialogue([Turn("shopper", SAID)])], model)
    logits = encode_turns(encoder, asked) @ heads.actions.weights + heads.actions.bias
    shares = np.exp(logits[0] - logits[0].max())
    return dict(zip(heads.actions.names, shares / shares.sum(), strict=True))


def test_a_wish_that_was_lost_is_heard_once_the_desk_has_said_what_it_was(one_database):
    """From the chat over the desk's word and a retraining's data to the head's probabilities."""
    shop = ActingShop(one_database)
    labels = ActionLabels(one_database)
    shop.say(SAID)
    (lost,) = labels.lost(shop.shop.clock())
    sources = TrainingSources(
        shop.shop.book, gather=lambda: Gathered([]), gather_wishes=labels.lessons
    )
    before = collect(sources, shop.shop.clock(), teaches=False).data.about["wishes"]
    labels.put(lost.impression_id, "cancel_order", staff="Mei", now=shop.shop.clock())
    after = collect(sources, shop.shop.clock(), teaches=False).data.about["wishes"]

    assert ([], [("cancel_order", SAID)]) == (before, after)
    unheard, now = heard(before), heard(after)
    # One lesson beside hundreds: which act is first depends on the weights, that it rises does not.
    assert unheard["cancel_order"] < now["cancel_order"]

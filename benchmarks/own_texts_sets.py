"""Tickets and labelled sets of `own_texts_alone.py`: SGD's and STAR's dialogues, CLINC150."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from running import lines

READINGS = 16_000  # as a teacher's round


class TicketPair(NamedTuple):
    """A turn to be read, and what stands for it: of the same ticket, or its answer."""

    read: str
    beside: str


class LabelledSet(NamedTuple):
    """Texts as the encoder reads them, and what each is to be told by."""

    learn: list
    asked: list


def rendered(turns):
    from serving.contract import MAX_TURNS, clean_text, render_dialogue
    from training.data import as_asked

    spoken = [turn for turn in turns if turn["speaker"] != "action"]
    return render_dialogue(
        [as_asked(turn["speaker"], clean_text(turn["text"])) for turn in spoken][-MAX_TURNS:]
    )


def tickets(dialogues, way):
    """Pairs of texts by the way they are read."""
    found = []
    for dialogue in dialogues:
        turns = [turn for turn in dialogue["turns"] if turn["speaker"] != "action"]
        said = [[turn] for turn in turns if turn["speaker"] == "shopper"]
        if way == "same_ticket":
            found += [TicketPair(rendered(a), rendered(b)) for a, b in pairwise(said)]
        elif way == "denoise":
            found += [TicketPair(rendered(turn), rendered(turn)) for turn in said]
        else:
            found += [
                TicketPair(rendered(turns[: at + 1]), rendered(turns[at + 1 : at + 2]))
                for at in range(len(turns) - 1)
                if turns[at]["speaker"] == "shopper" and turns[at + 1]["speaker"] == "clerk"
            ]
    kept = np.random.default_rng(1).permutation(len(found))[:READINGS]
    return [found[i] for i in kept]


def replies_of(dialogues):
    """The clerk's turns in words, for the decoder's vocabulary."""
    return [t["text"] for each in dialogues for t in each["turns"] if t["speaker"] == "clerk"]


def by_service(data, dialogues):
    def first(dialogue):
        return rendered(dialogue["turns"][:1]), dialogue["services"][0].partition("_")[0]

    dev = lines(data / "sgd_dialogues_dev.jsonl.gz")
    return LabelledSet([first(each) for each in dialogues], [first(each) for each in dev])


def by_reply(data, dialogues):
    def picked(dialogue):
        turns = dialogue["turns"]
        for at, turn in enumerate(turns):
            if at and turn["speaker"] == "clerk" and turn.get("reply_id"):
                yield rendered(turns[:at]), turn["reply_id"]

    dev = lines(data / "star_dialogues_dev.jsonl.gz")
    return LabelledSet(
        *([pair for each in part for pair in picked(each)] for part in (dialogues, dev))
    )


def clinc150(data):
    def asked(part):
        found = lines(data / f"clinc150_questions_{part}.jsonl.gz")
        return [
            (rendered([{"speaker": "shopper", "text": q["question"]}]), q["reply_id"])
            for q in found
            if q["reply_id"]
        ]

    return LabelledSet(asked("train"), asked("dev"))

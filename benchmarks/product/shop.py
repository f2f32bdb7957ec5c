"""Synthetic shop for benchmarks: 200 replies, and as many different questions as wanted.

A question is put together from an opening, a way of asking, what is asked and a closing: some 11
words, as long as people's own, and so many combinations that a million hardly repeat.
"""

import random
from collections.abc import Iterator
from itertools import product
from typing import Final

from feedback.knowledge import QuestionLine, ReplyLine
from serving.contract import Turn, render_dialogue


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


ACTS: Final = _parts("return|exchange|track|cancel|repair|reserve|insure|wrap|resize|review")
THINGS: Final = _parts(
    "jacket|kettle|lamp|sofa|backpack|watch|blender|carpet|tent|guitar|mirror|bicycle|printer"
    "|pillow|necklace|boots|headphones|vase|desk|umbrella"
)
OPENINGS: Final = _parts(
    "hello|hi there|good morning|excuse me|quick question|sorry to bother you|hey"
    "|one more thing|please help|i am new here|listen|right so"
)
ASKS: Final = _parts(
    "how do i {act} my {kind} {thing}|can you {act} the {kind} {thing} for me"
    "|i would like to {act} a {kind} {thing}|is it possible to {act} this {kind} {thing}"
    "|what does it cost to {act} one {kind} {thing}|where can i {act} the {kind} {thing}"
    "|who do i ask to {act} my {kind} {thing}|am i too late to {act} that {kind} {thing}"
)
COLOURS: Final = _parts(
    "red|blue|green|black|white|grey|brown|pink|purple|yellow|orange|silver|golden|beige"
    "|turquoise|crimson|violet|ivory"
)
MAKES: Final = _parts(
    "small|large|cotton|leather|wooden|steel|plastic|folding|heavy|light|cheap|expensive|used"
    "|broken|second|old|round|square|woollen|glass"
)
CLOSINGS: Final = _parts(
    "please|thanks|today|before the weekend|it came last week|i bought it in {month}"
    "|for my {person}|as a gift|my {person} is asking|i ordered it in {month}"
    "|thank you so much|now"
)
MONTHS: Final = _parts("january|march|april|june|august|october|december")
PEOPLE: Final = _parts("mother|father|brother|sister|neighbour|wife|husband|boss|teacher|friend")

WANTED: Final = tuple(product(ACTS, THINGS))  # one reply each


def make_replies(count: int = len(WANTED)) -> list[ReplyLine]:
    """The first `count` replies of the book, at most 200."""
    return [
        ReplyLine(f"{act}_{thing}", f"To {act} your {thing}, open your account and choose {act}.")
        for act, thing in WANTED[:count]
    ]


def make_questions(count: int, *, seed: int, replies: int = len(WANTED)) -> Iterator[QuestionLine]:
    """`count` questions, each reply's as often as the next one's."""
    chance = random.Random(seed)
    for number in range(count):
        act, thing = WANTED[number % replies]
        kind = f"{chance.choice(COLOURS)} {chance.choice(MAKES)}"
        asked = chance.choice(ASKS).format(act=act, thing=thing, kind=kind)
        closing = chance.choice(CLOSINGS).format(
            month=chance.choice(MONTHS), person=chance.choice(PEOPLE)
        )
        yield QuestionLine(f"{chance.choice(OPENINGS)} {asked} {closing}", f"{act}_{thing}")


def make_dialogues(count: int, *, seed: int, turns: int = 1) -> list[tuple[str, str]]:
    """(the model's input, right reply): dialogues of so many questions, replied to in between."""
    lines = list(make_questions(count * turns, seed=seed))
    texts = {reply.reply_id: reply.text or "" for reply in make_replies()}
    made = []
    for start in range(0, len(lines), turns):
        asked = lines[start : start + turns]
        said = [
            turn
            for line in asked
            for turn in (
                Turn("shopper", line.question),
                Turn("clerk", texts[str(line.reply_id)]),
            )
        ]
        made.append((render_dialogue(said[:-1]), str(asked[-1].reply_id)))
    return made

"""The first wish of a dialogue's memory: asked again, said in vain, settled."""

from dataclasses import replace

from feedback.dialogues import ActionMemory, Wish


def asked_again(memory: ActionMemory, slot: str) -> ActionMemory:
    """One more question about `slot` is counted."""
    wish = memory.wishes[0]
    return _with_first(
        memory, replace(wish, asked={**wish.asked, slot: wish.asked.get(slot, 0) + 1})
    )


def said_in_vain(memory: ActionMemory, slot: str) -> ActionMemory:
    """What was said of `slot` so far counts no more: the shop's rules refuse it."""
    wish = memory.wishes[0]
    return _with_first(memory, replace(wish, void={**wish.void, slot: len(wish.said)}))


def first_settled(memory: ActionMemory) -> ActionMemory:
    """The memory once the first wish is over."""
    return replace(memory, wishes=memory.wishes[1:], summary=None, asks=(), question="")


def _with_first(memory: ActionMemory, wish: Wish) -> ActionMemory:
    return replace(memory, wishes=(wish, *memory.wishes[1:]))

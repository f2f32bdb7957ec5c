"""How much of request bodies is read, and held at once."""

import asyncio

import pytest
from starlette.types import Message, Receive

from bot.http.bodies import Bodies
from bot.http.problems import Problem


def sending(*sizes: int) -> Receive:
    """A sender of pieces of these sizes."""
    pieces = iter(sizes)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"x" * next(pieces), "more_body": True}

    return receive


class TestBodies:
    def test_a_body_is_stopped_at_its_cap(self) -> None:
        """Piece by piece, whatever length it claimed."""

        async def read() -> None:
            with Bodies().counted(sending(600, 600), cap=1_000) as bounded:
                await bounded()
                await bounded()

        with pytest.raises(Problem) as refused:
            asyncio.run(read())
        assert 413 == refused.value.status_code

    def test_of_all_together_no_more_is_held_than_allowed(self) -> None:
        """Who comes too much is asked to come again; what is done gives its room back."""

        async def read() -> tuple[int, str, int]:
            bodies = Bodies(most=1_000)
            with bodies.counted(sending(800), cap=900) as first:
                await first()
                with (
                    bodies.counted(sending(800), cap=900) as second,
                    pytest.raises(Problem) as busy,
                ):
                    await second()
            with bodies.counted(sending(800), cap=900) as third:
                again = await third()
            headers = busy.value.headers or {}
            return busy.value.status_code, headers["Retry-After"], len(again["body"])

        assert (503, "10", 800) == asyncio.run(read())

"""The look for what other processes wrote: each change wakes its dialogue's streams once."""

import asyncio
from datetime import UTC, datetime, timedelta

import anyio

from bot.http.notifier import Notifier
from bot.http.store_watch import StoreWatch

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_change_seen_by_several_looks_wakes_once():
    """The looks overlap: another process's clock may be behind ours."""
    changed = {"d1": NOON}
    looks = 0

    def changed_since(_: datetime) -> dict[str, datetime]:
        nonlocal looks
        looks += 1
        return dict(changed)

    async def run() -> list[bool]:
        notifier, woken = Notifier(), []
        watch = StoreWatch(
            notifier,
            changed_since,
            clock=lambda: NOON,
            seconds=0.01,
            limiter=anyio.CapacityLimiter(1),
        )
        with notifier.listening("d1") as event:
            watch.ensure()
            for later in (0, 0, 1):  # seconds after which the dialogue has changed
                changed["d1"] = NOON + timedelta(seconds=later)
                seen = looks
                while looks < seen + 2:
                    await asyncio.sleep(0.005)
                woken.append(event.is_set())
                event.clear()
        return woken

    assert [True, False, True] == asyncio.run(run())

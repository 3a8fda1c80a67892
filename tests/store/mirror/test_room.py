"""What makes room for what, whatever is put and used in whatever order."""

from __future__ import annotations

from contextlib import closing
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.store.mirror.mirror import Mirror
from tui.store.mirror.room import Pin
from tui.store.mirror.shape import Column, Record, Shape
from tui.store.mirror.wishes import Wish

SHAPE = Shape((Column("name", "text"),))
NAMES = ("a", "b", "c", "d")
ROOM = 0.4
"""Megabytes; a few puts fill it."""


def there(mirror: Mirror, name: str) -> set[object]:
    """The ids of the records of a collection; that is no use of it."""
    with closing(mirror.ordered("me", name, SHAPE, Wish()).begin()) as order:
        return {row.id for row in order.window(0, 100_000)}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_the_newest_never_goes_first_and_what_is_pinned_never(random: Random) -> None:
    pins: list[Pin] = []
    with closing(Mirror(None, megabytes=ROOM, pinned=lambda: pins)) as mirror:
        kept = {name: mirror.collection("me", name) for name in NAMES}
        for one in kept.values():
            one.begin(SHAPE)
        # The one that was used longest ago first.
        used, next_id = list(NAMES), 0
        before: dict[str, set[object]] = {name: set() for name in NAMES}
        for _ in range(random.randrange(3, 14)):
            name = random.choice(NAMES)
            used.remove(name)
            used.append(name)
            if random.random() < 0.3:
                kept[name].state()
                continue
            put = range(next_id, next_id + random.randrange(1, 60))
            next_id = put.stop
            weight = random.choice([10, 1000, 4000])
            records = [Record(n, (f"row {n}",), (f"row {n}",), b"x" * weight) for n in put]
            kept[name].put(records, SHAPE)
            now = {one: there(mirror, one) for one in NAMES}
            pinned = {one: {pin.id for pin in pins if pin.collection == one} for one in NAMES}
            lost = {one: before[one] - now[one] for one in NAMES}
            assert now[name] >= set(put), "what was just put is there"
            assert all(now[one] >= pinned[one] for one in NAMES)
            for place, one in enumerate(used):
                # Nothing of one that was used later goes while an earlier one has any to give.
                earlier = used[:place]
                assert not lost[one] or all(now[other] <= pinned[other] for other in earlier)
            for held in mirror.size().collections:
                assert held.records == len(now[held.name])
                assert not (lost[held.name] and held.complete)
            before = now
            if random.random() < 0.2:
                pins.append(Pin("me", name, random.choice(put)))

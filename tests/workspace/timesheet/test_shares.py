"""Lengths as they are entered: by block and by day, with sums that stay right."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tui.workspace.timers.reckoning.rounding import PERS, WAYS, Per, Rounding, Way
from tui.workspace.timesheet.shares import shares


def test_per_day_the_last_of_what_belongs_together_takes_the_difference() -> None:
    parts = [("mon", 1000), ("tue", 100), ("mon", 1000)]
    assert shares(Rounding("up", 15, "day"), parts) == [1000, 900, 1700]
    assert shares(Rounding("up", 15, "block"), parts) == [1800, 900, 1800]
    assert shares(Rounding("nearest", 60, "day"), [("mon", 500), ("mon", 400)]) == [0, 0]
    before = {"mon": (3000, 3600)}
    assert shares(Rounding("up", 15, "day"), [("mon", 3000)], before) == [2700]
    assert shares(Rounding("up", 15, "day"), [("mon", 100)], before) == [0], "it is in there"
    # What was counted under another name changes nothing.
    assert shares(Rounding("up", 15, "day"), [("tue", 900)], before) == [900]


PARTS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 40_000)), max_size=9)


@given(PARTS, st.sampled_from(WAYS), st.integers(5, 60), st.sampled_from(PERS))
def test_the_sum_of_each_day_is_a_rounded_one(
    parts: Sequence[tuple[str, int]], way: Way, minutes: int, per: Per
) -> None:
    rule = Rounding(way, minutes, per)
    found = shares(rule, parts)
    assert all(one >= 0 for one in found)
    for name in "ab":
        exact = sum(seconds for of, seconds in parts if of == name)
        rounded = sum(one for one, (of, _) in zip(found, parts, strict=True) if of == name)
        if per == "day":
            assert rounded == rule.length(exact)
        if way == "none":
            assert rounded == exact
        elif per == "block":
            assert rounded % (minutes * 60) == 0

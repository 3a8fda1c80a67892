"""Commands by a few of their letters."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.screens.deck.fuzzy import likeness


def slowly(letters: str, title: str) -> int | None:
    """The best of all ways to find the letters, each looked at by itself."""
    found = [
        sum(3 for place in places if place == 0 or not title[place - 1].isalnum())
        + sum(
            2 if here == last + 1 else 0
            for last, here in pairwise(places)
            if not (here == 0 or not title[here - 1].isalnum())
        )
        for places in combinations(range(len(title)), len(letters))
        if all(title[place] == letter for place, letter in zip(places, letters, strict=True))
    ]
    best = max(found, default=None)
    return best if best is not None and 2 * best > 3 * len(letters) else None


@settings(max_examples=300, deadline=None)
@given(st.text("ab ", min_size=2, max_size=5), st.text("ab .", max_size=10))
def test_the_best_way_to_find_the_letters_counts(letters: str, title: str) -> None:
    assert likeness(letters, title) == slowly(letters, title)


@pytest.mark.parametrize(
    ("letters", "better", "worse"),
    [
        ("tgth", "toggle theme", "straight of the"),
        ("adrw", "add row", "a hard raw"),
        ("undo", "undo", "underfoot"),
        ("gt", "go there", "night"),
    ],
)
def test_letters_that_begin_words_or_follow_each_other_are_better(
    letters: str, better: str, worse: str
) -> None:
    found = likeness(letters, better)
    assert found is not None
    assert found > (likeness(letters, worse) or 0)


@pytest.mark.parametrize(
    ("letters", "title"),
    [("in", "it was done"), ("a", "add"), ("xq", "add"), ("ba", "ab"), ("oo", "go")],
)
def test_letters_that_are_anywhere_are_none(letters: str, title: str) -> None:
    assert likeness(letters, title) is None

"""Tocks narrowed and searched by words, tags and authors; names that can be somebody's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.services.ticktocker import Tock
from tui.workspace.tocks.narrowed import match_from, narrowed, parts_of, user_named, why_not_user

TOCKS = [
    Tock(short_url="1", title="Régate d'hiver", tags=["sailing", "club"], author="Zoë",
         author_url="zoe-k"),
    Tock(short_url="2", title="Lunch on the quay", location="Tide Café", author="tidecafe",
         author_url="tide-cafe"),
    Tock(short_url="3", title="Club lunch", tags=["food"], author="Zoë", author_url="zoe-k"),
]  # fmt: skip
words = st.text(st.sampled_from("ab!:Żtagby é"), max_size=12)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", "123"),
        ("LUNCH", "23"),
        ("lunch cafe", "2"),
        ("regate", "1"),
        ("lunch !cafe", "3"),
        ("tag:club", "1"),
        ("!tag:club club", "3"),
        ("by:zoe lunch", "3"),
        ("BY:zoë", "13"),
        ("tag: ! by:", "123"),
        ("by:nobody", ""),
        ("at:noon", ""),
    ],
)
def test_what_is_typed_narrows(typed: str, found: str) -> None:
    assert "".join(tock.short_url for tock in narrowed(TOCKS, typed)) == found


@given(words, words)
def test_more_words_never_show_more_and_the_order_stays(first: str, second: str) -> None:
    few = narrowed(TOCKS, f"{first} {second}")
    assert few == [tock for tock in narrowed(TOCKS, first) if tock in narrowed(TOCKS, second)]


@given(words, st.integers(0, 2), st.booleans())
def test_a_search_goes_to_the_next_that_a_filter_would_show(
    typed: str, here: int, backwards: bool
) -> None:
    place = match_from(TOCKS, typed, here, backwards=backwards)
    shown = [TOCKS.index(tock) for tock in narrowed(TOCKS, typed)]
    assert (place is None) is (not shown)
    if place is not None:
        others = [n for n in shown if n != here] or shown
        far = [(here - n if backwards else n - here) % 3 or 3 for n in others]
        assert place in shown
        assert (here - place if backwards else place - here) % 3 or min(far) == 3


def test_nothing_is_found_in_nothing() -> None:
    assert match_from([], "x", 0, backwards=False) is None
    assert parts_of("  ! tag: ") == []


@pytest.mark.parametrize("name", ["tide-cafe", "Zoë_1", "a.b@c.org", "http://ticktocker.com/tide/"])
def test_a_name_can_be_somebodys(name: str) -> None:
    assert why_not_user(name) is None


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (" ", "Type a name"),
        ("tide cafe", "a blank"),
        ("tide/cafe", "“/”"),
        ("a?b", "“[?]”"),
        ("..", "only dots"),
        ("a\x1b[2J", "a sign"),
        ("x" * 101, "at most 100"),
    ],
)
def test_a_name_that_can_be_nobodys_costs_no_call(typed: str, why: str) -> None:
    said = why_not_user(typed)
    assert said is not None
    assert why.strip("[]").replace("[?]", "?") in said
    assert said.isprintable()


def test_the_address_of_a_page_names_its_person() -> None:
    assert user_named(" https://ticktocker.com/tide-cafe/ ") == "tide-cafe"

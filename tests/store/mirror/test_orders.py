"""Sort, filter and search against a slow and simple formula, while records come, change and go."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.mirror.records import SHAPE, Model, content, record, shown, texts, wishes
from tui.store.folding import fold
from tui.store.mirror import ordered as ordering
from tui.store.mirror.mirror import Mirror
from tui.store.mirror.shape import Row, Value
from tui.store.mirror.wishes import Wish

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SLOWLY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def page(random: Random, most: int = 12) -> list[tuple[int, Sequence[Value]]]:
    """Records of different ids."""
    return [(key, content(random)) for key in random.sample(range(1, 31), random.randrange(most))]


def steps(random: Random) -> Iterator[tuple[str, Any, Any]]:
    """What a service might tell, one thing after the other."""
    for _ in range(random.randrange(1, 7)):
        what = random.choice(["page", "page", "change", "delete", "all"])
        if what == "delete":
            yield what, None, random.sample(range(1, 31), random.randrange(15))
        elif what == "all":
            yield what, random, page(random, 30)
        else:
            yield what, random.randrange(25) if what == "page" else None, page(random)


def done(kept: Any, model: Model, step: tuple[str, Any, Any]) -> None:
    """One thing that the service tells, to the mirror and to the formula."""
    what, where, told = step
    if what == "delete":
        kept.delete(told)
        model.delete(told)
    elif what == "all":
        since = kept.start()
        slices = [(first, told[first : first + 4]) for first in range(0, len(told), 4)]
        where.shuffle(slices)
        for first, part in slices:
            kept.put([record(*item) for item in part], SHAPE, first=first)
            model.put(part, first)
        kept.finish(since, total=len(told), as_of=NOW)
        model.drop(set(model.places) - {key for key, _ in told})
        assert model.places == {key: place for place, (key, _) in enumerate(told)}
        model.complete = True
    else:
        kept.put([record(*item) for item in told], SHAPE, first=where)
        model.put(told, where)


@SLOWLY
@given(
    st.randoms(use_true_random=False),
    wishes,
    texts,
    st.integers(-1, 30),
    st.booleans(),
    st.integers(1, 12),
)
def test_every_order_is_that_of_the_formula(
    random: Random, wish: Wish, wanted: str, start: int, backwards: bool, first: int
) -> None:
    model = Model()
    with pytest.MonkeyPatch.context() as patch, closing(Mirror(None)) as mirror:
        # Few are found at once, so that both ways to read a page are gone.
        patch.setattr(ordering, "FIRST", first)
        kept = mirror.collection("me", "things")
        kept.begin(SHAPE)
        for step in steps(random):
            done(kept, model, step)
            for wished in (wish, Wish()):
                with closing(mirror.ordered("me", "things", SHAPE, wished).begin()) as order:
                    rows = check_rows(order, model)
                    check_match(order, model, rows, wanted, start, backwards=backwards)


def check_rows(order: ordering.Ordered, model: Model) -> list[Row]:
    """The rows are those of the formula, in its order, wherever one looks; all of them."""
    expected = model.ordered(order.wish)
    rows = [row for place in range(0, 60, 7) for row in order.window(place, 7)]
    assert [row.id for row in rows] == expected
    assert order.state.count == len(model.places)
    whole = [json.loads(row.payload)[1] for row in rows]
    assert whole == [[shown(one) for one in model.contents[key]] for key in expected]
    if None in model.places.values() or not order.wish.plain:
        assert [row.place for row in rows] == list(range(len(expected)))
        assert order.total == len(expected)
    else:
        assert [row.place for row in rows] == [model.places[key] for key in expected]
    for row in rows:
        assert order.place_of(row.id) == row.place
    return rows


def check_match(
    order: ordering.Ordered,
    model: Model,
    rows: list[Row],
    wanted: str,
    start: int,
    *,
    backwards: bool,
) -> None:
    """The next match is the next one of those that a look at each finds."""
    holding = [
        row.place
        for row in rows
        if fold(wanted) in "\n".join(fold(shown(one)) for one in model.contents[row.id])
    ]
    found = order.match(wanted, start, backwards=backwards)
    if not holding:
        assert found is None
        return
    before = [place for place in holding if place < start]
    behind = [place for place in holding if place > start]
    if backwards:
        place, around = (before[-1], False) if before else (holding[-1], True)
    else:
        place, around = (behind[0], False) if behind else (holding[0], True)
    assert found == (place, holding.index(place) + 1, len(holding), around)


@SLOWLY
@given(wishes, st.randoms(use_true_random=False))
def test_a_place_is_counted_as_it_is_made(wish: Wish, random: Random) -> None:
    contents = [content(random) for _ in range(random.randrange(1, 40))]
    with closing(Mirror(None)) as mirror:
        kept = mirror.collection("me", "things")
        kept.begin(SHAPE)
        kept.put([record(key, one) for key, one in enumerate(contents)], SHAPE, first=0)
        with (
            closing(mirror.ordered("me", "things", SHAPE, wish).begin()) as counted,
            closing(mirror.ordered("me", "things", SHAPE, wish).begin()) as made,
        ):
            made.complete()
            key = random.randrange(len(contents))
            assert counted.place_of(key) == made.place_of(key)


@given(st.text(), st.text())
def test_folding_is_done_once_and_for_all(text: str, other: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text.upper()) == fold(text.upper().lower())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ärger", "ARGER"), ("Ｂｏａｔ", "boat"), ("ﾚｶﾞｯﾀ", "レガッタ"), ("straße", "STRASSE"),
        ("Ørsted", "orsted"), ("Łódź", "lodz"), ("İzmir", "izmir"), ("Œuvre", "oeuvre"),
        ("Việt Nam", "viet nam"), ("ﬁne", "FINE"),
    ],
)  # fmt: skip
def test_the_same_letters_to_a_person_are_folded_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("か", "が"), ("ไม", "ไม่ม"), ("a", "b")])
def test_other_letters_stay_others(one: str, other: str) -> None:
    assert fold(one) != fold(other)

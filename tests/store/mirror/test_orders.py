"""Sort, filter and search against a slow and simple formula, while records come, change and go."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.mirror.records import SHAPE, Model, content, record, shown, texts, wishes
from tui.store.folding import fold, folded
from tui.store.mirror import ordered as ordering
from tui.store.mirror import pieces
from tui.store.mirror.collection import Collection
from tui.store.mirror.mirror import Mirror
from tui.store.mirror.orders import MOST, drop_orders
from tui.store.mirror.shape import Column, Record, Row, Shape, Value, prepared
from tui.store.mirror.wishes import Begins, Holds, Reads, Sort, Wish, whole_part

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SLOWLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SOME, MORE = settings(SLOWLY, max_examples=17), settings(SLOWLY, max_examples=50)
"""Of a part: on a busy machine all 200 at once take as long as a test may."""


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


@pytest.mark.parametrize("first", range(1, 13))
@SOME
@given(
    random=st.randoms(use_true_random=False),
    wish=wishes,
    wanted=texts,
    start=st.integers(-1, 30),
    backwards=st.booleans(),
)
def test_every_order_is_that_of_the_formula(
    first: int, random: Random, wish: Wish, wanted: str, start: int, backwards: bool
) -> None:
    model = Model()
    with pytest.MonkeyPatch.context() as patch, closing(Mirror(None)) as mirror:
        # Few are found at once, so that both ways to read a page are gone.
        patch.setattr(pieces, "PIECE", first)
        patch.setattr(ordering, "FEW", first)
        # Nor do those that tell about the others tell all of them.
        patch.setattr(pieces, "FEWEST", first)
        patch.setattr(pieces, "SPARE", first % 4)
        kept = mirror.collection("me", "things")
        kept.begin(SHAPE)
        for step in steps(random):
            done(kept, model, step)
            for wished in (wish, Wish()):
                with closing(mirror.ordered("me", "things", SHAPE, wished).begin()) as order:
                    rows = check_rows(order, model, random)
                    check_match(order, model, rows, wanted, start, backwards=backwards)
                with closing(mirror.ordered("me", "things", SHAPE, wished).begin()) as order:
                    # Nothing of it is known yet.
                    check_match(order, model, rows, wanted, start, backwards=backwards)
                if random.random() < 0.5:
                    check_kept(mirror, wished, model, random)


@given(st.lists(st.text(max_size=12)), st.lists(st.text(max_size=12)))
def test_what_a_search_looks_in_is_every_text_folded(values: list[str], others: list[str]) -> None:
    shape = Shape(tuple(Column(str(n), "text") for n in range(len(values))))
    one = Record(1, values, [*values, *others], b"")
    # But for a NUL: there the patterns of SQLite end.
    looked_in = folded("\n".join([*values, *others])).replace("\0", "\ufffd")
    assert prepared([one], shape).texts == [looked_in]


@pytest.mark.parametrize(
    "text", ["50 %", "a*b", "a_b", "why?", "[x]", "be]", "\0", "d\0B", "end", "a" * 70_000]
)
def test_signs_of_patterns_nul_and_long_texts_are_looked_for_as_they_stand(text: str) -> None:
    shape = Shape((Column("1", "text"),))
    others = ("5000 %", "ab", "a-b", "axb", "x", "[y]", "d", "db", "a" * 69_999)
    with closing(Mirror(None)) as mirror:
        kept = mirror.collection("me", "things")
        kept.begin(shape)
        records = [Record(n, [other], [other], b"") for n, other in enumerate(others)]
        records.append(Record(99, ["x"], [f"first\0then {text.upper()} end"], b""))
        kept.put(records, shape, first=0)
        for how in (Holds(text), Begins(f"first\0then {text} e"), Reads(f"first\0then {text} end")):
            with closing(mirror.ordered("me", "things", shape, Wish((), (how,))).begin()) as order:
                assert [row.id for row in order.window(0, 9)] == [99]
        with closing(mirror.ordered("me", "things", shape, Wish()).begin()) as order:
            match = order.match(text, 0)
            assert match is not None
            assert match[:3] == (len(others), 1, 1)


def check_kept(mirror: Mirror, wish: Wish, model: Model, random: Random) -> None:
    """An order that was put into the file is found there again, and is the same one."""
    with closing(mirror.ordered("me", "things", SHAPE, wish).begin()) as order:
        mirror.keep(order)
        mirror.keep(order)
    with closing(mirror.ordered("me", "things", SHAPE, wish).begin()) as order:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(order, "_make", lambda *_: pytest.fail("it was made again"))
            check_rows(order, model, random)
        assert not order.keep()
        if random.random() < 0.2:
            # It had to make room: it is made again.
            mirror._file.write(drop_orders)
            check_rows(order, model, random)


def check_rows(order: ordering.Ordered, model: Model, random: Random) -> list[Row]:
    """The rows are those of the formula, in its order, wherever one looks; all of them."""
    expected = model.ordered(order.wish)
    if expected and random.random() < 0.5:
        # What is around a record is found by itself; it must not be taken for anything else.
        order.place_of(random.choice(expected))
    windows = list(range(0, 60, 7))
    if random.random() < 0.5:
        random.shuffle(windows)
    read = {place: order.window(place, 7) for place in windows}
    rows = [row for place in sorted(read) for row in read[place]]
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
        assert (
            order.place_of(row.id, random.choice([row.place, random.randrange(-1, 60)]))
            == row.place
        )
    if random.random() < 0.3:
        # Who goes through all of them gets the same, part by part.
        order.complete()
        parts = [order.lines(place, 7) for place in windows]
        assert {one for ids, _ in parts for one in ids} == set(expected)
        for place, (ids, payloads) in zip(windows, parts, strict=True):
            assert ids == [row.id for row in read[place]]
            assert payloads.split(b"\n") == ([row.payload for row in read[place]] or [b""])
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


@pytest.mark.parametrize("least", [1, 11, 21, 31])
@MORE
@given(wish=wishes, random=st.randoms(use_true_random=False))
def test_a_place_is_counted_as_it_is_made(least: int, wish: Wish, random: Random) -> None:
    contents = [content(random) for _ in range(random.randrange(least, least + 10))]
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


def test_what_a_sort_by_fractions_begins_with_puts_no_value_before_a_smaller_one() -> None:
    far = [2**62, 2**63 - 1, 2**43, 2**43 - 0.5, 1e300, 1.7e308, float("inf"), 5e-324, 1e-9]
    near = [0.0, 0.01, 0.02, 0.1, 0.30000000000000004, 0.3, 1, 1.0000000001, 8.04, 964.83, 965]
    numbers = sorted({sign * one for one in [*far, *near] for sign in (1, -1)})
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE some (place INTEGER PRIMARY KEY, k0)")
        values = [*numbers, "", "-1", "9", "a"]
        connection.executemany("INSERT INTO some (k0) VALUES (?)", [(one,) for one in values])
        ask = f"SELECT k0, {whole_part(0)} FROM some ORDER BY place"
        rows = connection.execute(ask).fetchall()
    found = [part for _, part in rows]
    assert found == sorted(found)
    assert {type(one) for one in found} == {int}
    assert dict(rows)[8.04] < dict(rows)[964.83] < dict(rows)[965], "most numbers have their own"


SIZES = Shape((Column("size", "number"),))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    "late",
    [
        (),
        (None, None),
        (0.00001, 0.000011),
        (None, 1e-9, 1e-10, None),
        ("text", float("inf")),
        (2**62, 1e300, -1e300, None, "9"),
    ],
    ids=["alike", "empty", "finer", "finer and empty", "text", "huge"],
)
def test_fractions_are_in_order_whatever_comes_behind_the_first_of_them(
    late: tuple[Value, ...], descending: bool
) -> None:
    prices: list[Value] = [(n * 7919 % 500 - 250) / 100 for n in range(600)]
    records = [Record(n, (size,), (), b"") for n, size in enumerate([*prices, *late])]
    random = Random(3)
    random.shuffle(prices)
    with closing(Mirror(None)) as mirror:
        kept = mirror.collection("me", "sizes")
        kept.begin(SIZES)
        kept.put(records, SIZES, first=0)
        wish = Wish((Sort("size", descending),))
        with closing(mirror.ordered("me", "sizes", SIZES, wish).begin()) as order:
            order.complete()
            found = [row.id for row in order.window(0, len(records))]
    sizes = {one.id: one.values[0] for one in records}
    sign = -1 if descending else 1
    number_first = [key for key in sizes if isinstance(sizes[key], (int, float))]
    expected = sorted(number_first, key=lambda key: (sign * sizes[key], key))  # type: ignore[operator]
    text = sorted(
        (key for key in sizes if isinstance(sizes[key], str)),
        key=lambda key: str(sizes[key]),
        reverse=descending,
    )
    empty = [key for key in sizes if sizes[key] is None]
    assert found == ([*text, *expected] if descending else [*expected, *text]) + empty


def many(mirror: Mirror, count: int = 3000) -> Collection:
    """A collection of which no two names are alike, in no order."""
    kept = mirror.collection("me", "things")
    kept.begin(SHAPE)
    names = [f"{n * 7919 % count:05}" for n in range(count)]
    rows = [record(n, (name, n % 7, None, None, None)) for n, name in enumerate(names)]
    kept.put(rows, SHAPE, first=0)
    return kept


BY_NAME = Wish((Sort("name"),))


def names_of(rows: list[Row]) -> list[int]:
    return [int(json.loads(row.payload)[1][0]) for row in rows]


def test_a_page_is_there_without_the_whole_order(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Mirror(None)) as mirror:
        many(mirror)
        with closing(mirror.ordered("me", "things", SHAPE, BY_NAME).begin()) as order:
            monkeypatch.setattr(order, "_make", lambda *_: pytest.fail("all were put in order"))
            assert names_of(order.window(0, 200)) == list(range(200))
            assert names_of(order.window(2900, 200)) == list(range(2900, 3000))
            place = order.place_of(1234)
            assert place is not None
            assert names_of(order.window(place - 200, 400)) == [*range(place - 200, place + 200)]
            # What follows a piece is found from its end.
            assert names_of(order.window(500, 300)) == list(range(500, 800))
            assert names_of(order.window(2300, 300)) == list(range(2300, 2600))
            monkeypatch.undo()
            assert names_of(order.window(1700, 3)) == [1700, 1701, 1702]


def steps_of(order: ordering.Ordered) -> Callable[[], int]:
    """Counts the steps that SQLite takes for it: how many since the last question."""
    connection, steps = order._connection, 0
    assert connection is not None

    def count() -> None:
        nonlocal steps
        steps += 1

    def taken() -> int:
        nonlocal steps
        since, steps = steps, 0
        return since

    connection.set_progress_handler(count, 1)
    return taken


def test_a_record_that_stands_where_it_stood_is_found_without_a_look_at_all() -> None:
    with closing(Mirror(None)) as mirror:
        many(mirror)
        with closing(mirror.ordered("me", "things", SHAPE, BY_NAME).begin()) as order:
            order.complete()
            steps = steps_of(order)
            place = order.place_of(1234)
            assert place is not None
            whole = steps()
            assert order.place_of(1234, place) == place
            assert steps() * 10 < whole


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", ["name", "size"])
def test_a_place_and_what_is_around_it_take_one_look_at_all(column: str, descending: bool) -> None:
    wish = Wish((Sort(column, descending),))
    with closing(Mirror(None)) as mirror:
        many(mirror, 20_000)
        with closing(mirror.ordered("me", "things", SHAPE, wish).begin()) as order:
            steps = steps_of(order)
            place = order.place_of(1234)
            around = steps()
            assert place is not None
            assert len(order.window(place - 50, 100)) == 100
            seen = steps()
            # One look, of which each record is told apart by its columns.
            stands = "k0 < 0 OR k1 < 0"
            look = f"SELECT count(*) FROM {order._table} WHERE {stands}"
            assert order._connection is not None
            order._connection.execute(look).fetchall()
            one_look = steps()
            assert around < 3.5 * one_look
            assert seen < one_look / 4


def test_kept_orders_are_true_few_and_gone_with_their_records() -> None:
    with closing(Mirror(None)) as mirror:
        kept = many(mirror)

        def orders() -> int:
            return int(
                mirror._file.write(
                    lambda connection: connection.execute(
                        "SELECT count(*) FROM sqlite_master WHERE name GLOB 'o[0-9]*'"
                    ).fetchone()[0]
                )
            )

        def keep(*sorts: Sort) -> bool:
            with closing(mirror.ordered("me", "things", SHAPE, Wish(sorts)).begin()) as order:
                return order.keep()

        wishes = [(Sort("size", bool(n & 1)), Sort("name", bool(n & 2))) for n in range(4)]
        assert all(keep(*wish) for wish in wishes)
        assert not any(keep(*wish) for wish in wishes)
        assert keep(Sort("name"))
        assert orders() == MOST
        order = mirror.ordered("me", "things", SHAPE, BY_NAME).begin()
        with closing(order):
            # Another deck changes a record: what is looked at stays of one moment, and is not kept.
            kept.put([record(0, ("99999", 0, None, None, None))], SHAPE)
            assert not order.keep()
        with closing(mirror.ordered("me", "things", SHAPE, BY_NAME).begin()) as order:
            assert names_of(order.window(2999, 1)) == [99_999]
        assert keep(Sort("name"))
        assert orders() == 1, "those of before are not true any more"
        kept.delete([0])
        kept.delete([0])
        assert keep(Sort("name"))
        kept.put([], SHAPE)
        assert not keep(Sort("name")), "nothing became other"
        kept.forget()
        assert orders() == 0


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


@pytest.mark.parametrize("stays", [True, False])
def test_pages_of_an_order_follow_it_or_tell_that_they_do_not(*, stays: bool) -> None:
    """A record that is written between two pages is told once, or it is told that this failed."""
    with closing(Mirror(None)) as mirror:
        kept = many(mirror)
        with closing(mirror.ordered("me", "things", SHAPE, BY_NAME).begin()) as order:
            found = order.window(0, 200)
            if stays:
                order.complete()
            kept.put([record(found[7].id, ("99999", 0, None, None, None))], SHAPE)
            rest = [row for first in range(200, 3000, 200) for row in order.window(first, 200)]
            ids = [row.id for row in [*found, *rest]]
            assert order.became_other is not stays
            assert (len(ids) == len(set(ids)) == 3000) is stays

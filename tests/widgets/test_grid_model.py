from __future__ import annotations

import pytest

from tui.widgets.grid_layout import GAP, GridLayout
from tui.widgets.grid_model import Cell, Column, ListSource, PagedSource, narrowed


def test_list_source_knows_rows_by_key() -> None:
    source = ListSource([("a",), ("b",)], ["x", "y"])
    assert source.index_of("y") == 1
    assert source.index_of("z") is None
    assert source.key(1) == "y"
    assert source.key(5) == ""
    assert source.row(9) is None
    assert ListSource([("a",)]).index_of("0") == 0
    assert ListSource([("a",)]).index_of("7") is None
    assert ListSource([("a",)]).index_of("²") is None
    with pytest.raises(ValueError, match="2 rows have 1 keys"):
        ListSource([("a",), ("b",)], ["x"])


def test_paged_source_holds_what_came_and_asks_for_whole_pages() -> None:
    source = PagedSource(total=1000, page_size=10, keep=3)
    assert source.page_of(57) == (50, 10)
    assert not source.loaded(50)
    source.put(50, [(n,) for n in range(10)], [f"k{n}" for n in range(50, 60)])
    assert source.row(57) == (7,)
    assert source.key(57) == "k57"
    assert source.index_of("k57") == 57
    assert source.row(60) is None
    with pytest.raises(ValueError, match="does not begin a page"):
        source.put(55, [])


def test_paged_source_forgets_what_was_not_seen_for_longest() -> None:
    source = PagedSource(total=1000, page_size=10, keep=2)
    source.put(0, [(n,) for n in range(10)])
    source.put(10, [(n,) for n in range(10)])
    assert source.row(0) is not None
    source.put(20, [(n,) for n in range(10)])
    assert source.loaded(0)
    assert not source.loaded(10)
    assert source.index_of("10") is None
    assert source.index_of("0") == 0


def test_the_end_is_known_when_a_page_is_not_full() -> None:
    source = PagedSource(page_size=10)
    source.put(0, [(n,) for n in range(10)])
    assert (source.total, source.known) == (None, 10)
    source.put(10, [(1,), (2,)])
    assert source.total == 12
    full = PagedSource(page_size=10)
    full.put(0, [(n,) for n in range(10)])
    full.put(10, [])
    assert full.total == 10
    none = PagedSource()
    none.put(0, [])
    assert none.total == 0


def test_an_answer_of_several_pages_is_split() -> None:
    source = PagedSource(page_size=10)
    source.put(0, [(n,) for n in range(25)])
    assert source.row(24) == (24,)
    assert source.total == 25
    source.clear()
    assert source.total == 25
    assert not source.loaded(0)


def test_cells_read_by_kind() -> None:
    assert Column("a", "A").cell(None) == Cell("")
    assert Column("a", "A").cell(True) == Cell("✓", "good")
    assert Column("a", "A").cell(False) == Cell("·", "muted")
    assert Column("a", "A", kind="number").cell(3) == Cell("3", "number")
    assert Column("a", "A").cell(Cell("x", "bad")) == Cell("x", "bad")
    assert Column("a", "A", show=lambda value: Cell(f"<{value}>")).cell(3) == Cell("<3>")
    assert Column("a", "A", kind="number").alignment == "right"
    assert Column("a", "A", kind="boolean").alignment == "centre"
    assert Column("a", "A", kind="number", align="left").alignment == "left"


def columns(*widths: int, frozen: int = 1) -> GridLayout:
    return GridLayout([Column(f"c{i}", "C", width=w) for i, w in enumerate(widths)], frozen)


def test_places_stand_beside_each_other_and_never_outside() -> None:
    layout = columns(10, 10, 10, 10)
    places = layout.places(30)
    assert [(p.column, p.x, p.width) for p in places] == [(0, 0, 10), (1, 12, 10), (2, 24, 6)]
    assert layout.cut_right(30)
    assert not layout.cut_right(46)
    # Of less nothing could be read; but what is scrolled to always stands there.
    assert [p.column for p in layout.places(29)] == [0, 1]
    assert layout.cut_right(29)
    assert [(p.column, p.width) for p in layout.places(7)] == [(0, 1), (1, 4)]


def test_the_first_column_stays_while_others_scroll() -> None:
    layout = columns(10, 10, 10, 10)
    assert layout.reveal(3, 30)
    places = layout.places(30)
    assert places[0].column == 0
    assert places[-1].column == 3
    assert places[-1].width == 10
    assert layout.reveal(1, 30)
    assert [p.column for p in layout.places(30)] == [0, 1, 2]
    assert not layout.reveal(0, 30)


def test_a_frozen_column_leaves_room() -> None:
    layout = columns(300, 10)
    assert layout.places(40)[0].width <= 20
    assert columns(300).places(40)[0].width == 40


def test_flexible_columns_take_what_is_left() -> None:
    layout = GridLayout(
        [Column("a", "A", width=5), Column("b", "B", width=5, flexible=True)], frozen=0
    )
    assert [p.width for p in layout.places(40)] == [5, 35 - GAP]
    layout.widen(1, 3)
    assert [p.width for p in layout.places(40)] == [5, 8]
    layout.forget_widths()
    assert [p.width for p in layout.places(40)] == [5, 35 - GAP]


def test_widths_come_from_titles_and_rows_within_limits() -> None:
    layout = GridLayout([Column("a", "Name", maximum=12), Column("b", "B")])
    layout.measure([("x" * 300, "日本")])
    assert [layout.width(0), layout.width(1)] == [12, 4]
    layout.widen(0, -100)
    assert layout.width(0) == 1
    layout.measure([])
    assert not layout.sampled


def test_hidden_columns_have_no_place() -> None:
    layout = columns(5, 5, 5)
    layout.hidden = {"c1"}
    assert [p.column for p in layout.places(40)] == [0, 2]
    assert not layout.reveal(1, 40)


def test_flexible_columns_are_not_squeezed_where_there_is_no_room() -> None:
    layout = GridLayout(
        [Column("a", "A", width=30, flexible=True), Column("b", "B", width=30)], frozen=0
    )
    assert [p.width for p in layout.places(40)] == [30, 8]


def test_columns_grow_only_into_room_that_is_left() -> None:
    layout = GridLayout([Column("a", "A"), Column("b", "B")])
    layout.measure([("aa", "bb")])
    assert layout.grow([("a" * 10, "b" * 10)], 16)
    assert [layout.width(0), layout.width(1)] == [10, 3]
    assert not layout.grow([("a" * 10, "b" * 10)], 15)
    assert layout.grow([("a" * 10, "b" * 10)], 40)
    assert layout.width(1) == 10
    assert not layout.grow([("a", "b")], 40)


def test_rows_are_narrowed_by_words_in_any_order_without_case_and_accents() -> None:
    source = ListSource([("Kōtare", "Régates"), ("Petrel", "Ætt & Sønner")], ["k", "p"])
    for typed, left in (("REGATES kotare", ["k"]), ("aett sonner", ["p"]), ("!petrel", ["k"])):
        found = narrowed(source, typed)
        assert [found.key(place) for place in range(found.total)] == left, typed
    assert narrowed(source, "  ") is source

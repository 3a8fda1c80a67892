from __future__ import annotations

from collections.abc import Sequence

import pytest
from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from tests.deck import until
from tests.widgets.hosts import Host, line_of, lines_of, settle
from tui.widgets.grid import Grid
from tui.widgets.grid_layout import Place
from tui.widgets.grid_model import Cell, CellValue, Column, ListSource, PagedSource
from tui.widgets.grid_render import row_segments
from tui.widgets.plain_signs import in_plain_signs

COLUMNS = [
    Column("name", "Name", maximum=30),
    Column("n", "Number", kind="number"),
    Column("note", "Note"),
]


def some(count: int) -> ListSource:
    rows = [(f"name {n}", n, Cell("late", "bad")) for n in range(count)]
    return ListSource(rows, [f"k{n}" for n in range(count)])


class Counted:
    """A million rows that are made when they are read, and counts what is read."""

    total: int | None = 1_000_000
    known = 1_000_000

    def __init__(self) -> None:
        self.read = 0

    def loaded(self, index: int) -> bool:
        return True

    def row(self, index: int) -> Sequence[CellValue] | None:
        self.read += 1
        return (f"row {index}", index, "")

    def key(self, index: int) -> str:
        return str(index)

    def index_of(self, key: str) -> int | None:
        return int(key)


async def test_a_million_rows_cost_what_is_visible() -> None:
    source = Counted()
    grid = Grid(COLUMNS, source)
    async with Host(grid).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert source.read < 400
        source.read = 0
        await pilot.press("G")
        assert grid.cursor_row == 999_999
        assert "row 999999" in line_of(grid, 23)
        assert source.read < 200
        assert grid.position_text == "1,000,000 of 1,000,000"


class Jumping(Host):
    """A deck in which views jump."""

    edge = "jump"


async def test_at_the_edge_the_view_jumps_by_a_page_and_some_rows_stay_in_sight() -> None:
    grid = Grid(COLUMNS, some(100))
    async with Jumping(grid).run_test(size=(80, 21)) as pilot:  # 20 rows
        await settle(pilot)
        grid.action_cursor_by(19)
        assert (grid.cursor_row, grid.top_row) == (19, 0)
        grid.action_cursor_by(1)
        assert (grid.cursor_row, grid.top_row) == (20, 18)
        grid.action_cursor_by(-2)
        assert (grid.cursor_row, grid.top_row) == (18, 18)
        grid.action_cursor_by(-1)
        assert (grid.cursor_row, grid.top_row) == (17, 0)
        grid.move_to_row(40)  # by other ways than steps it is shown by scrolling as little
        assert grid.top_row == 21
        grid.action_cursor_by(58)
        assert (grid.cursor_row, grid.top_row) == (98, 80)


async def test_that_columns_go_on_at_the_right_is_seen() -> None:
    columns = [Column("a", "Task", width=20), Column("b", "Boat", width=20), Column("c", "Due")]
    grid = Grid(columns, ListSource([("t", "b", "2026-01-02")] * 50))
    async with Host(grid).run_test(size=(52, 12)) as pilot:
        await settle(pilot)
        # Four cells of the last one would be left.
        assert line_of(grid, 0).split() == ["Task", "Boat", "»"]
        await pilot.press("l", "l")
        assert line_of(grid, 0).split() == ["Task", "Due"]


async def test_a_cursor_that_was_put_before_there_was_room_scrolls_out_no_more_than_it_must() -> (
    None
):
    columns = [Column(key, key.upper(), width=20) for key in "abcde"]
    for column, titles in [("b", "A B »"), ("c", "A C »"), ("e", "A E")]:
        grid = Grid(columns, ListSource([("", "", "", "", "")] * 50))
        grid.cursor_mode = "cell"
        grid.move_to(0, column)
        grid.freeze(1)
        async with Host(grid).run_test(size=(52, 12)) as pilot:
            await settle(pilot)
            assert line_of(grid, 0).split() == titles.split()
            await pilot.resize_terminal(120, 12)
            await pilot.resize_terminal(52, 12)
            await settle(pilot)
            assert line_of(grid, 0).split() == titles.split()
    grid = Grid(columns, ListSource([("", "", "", "", "")] * 50))
    grid.cursor_mode = "cell"
    grid.move_to(0, "c")
    grid.freeze(1)
    async with Host(grid).run_test(size=(120, 12)) as pilot:
        await settle(pilot)
        assert line_of(grid, 0).split() == ["A", "B", "C", "D", "E"]


async def test_a_move_of_the_cursor_repaints_two_lines() -> None:
    grid = Grid(COLUMNS, some(100))
    async with Host(grid).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        painted: list[Region] = []
        whole = grid.refresh

        def refresh(*regions: Region, **more: bool) -> Grid:
            painted.extend(regions or [grid.size.region])
            return whole(*regions, **more)

        grid.refresh = refresh  # type: ignore[method-assign]
        await pilot.press("j")
        assert painted == [Region(0, 1, 80, 1), Region(0, 2, 80, 1)]


async def test_keys_move_the_cursor() -> None:
    grid = Grid(COLUMNS, some(100))
    async with Host(grid).run_test(size=(80, 24)) as pilot:
        for key, row in [
            ("j", 1),
            ("down", 2),
            ("k", 1),
            ("up", 0),
            ("k", 0),
            ("pagedown", 23),
            ("ctrl+d", 35),
            ("ctrl+u", 23),
            ("pageup", 0),
            ("G", 99),
            ("j", 99),
            ("g", 0),
            ("end", 99),
            ("home", 0),
        ]:
            await pilot.press(key)
            assert (key, grid.cursor_row) == (key, row)


async def test_the_cursor_and_marks_are_seen_without_colour() -> None:
    grid = Grid(COLUMNS, some(5))
    async with Host(grid, notes=(Grid.MarksChanged,)).run_test(size=(60, 10)) as pilot:
        await pilot.press("space")
        assert line_of(grid, 1).startswith(" ●name 0")
        assert line_of(grid, 2).startswith("▌ name 1")
        assert grid.marked == {"k0"}
        await pilot.press("space", "k", "k", "space")
        assert grid.marked == {"k1"}


async def test_hostile_cells_stay_in_their_cells() -> None:
    rows = [
        ("x" * 300, 1, "end"),
        ("日本語" * 50, 2, "end"),
        ("e\u0301" * 80, 3, "end"),
        ("[red]no markup[/] \x1b[31m", 4, "end"),
        ("a\nb\tc", 5, "end"),
        ("\u202eevil", 6, "end"),
    ]
    grid = Grid(COLUMNS, ListSource(rows))
    async with Host(grid).run_test(size=(70, 12)) as pilot:
        await settle(pilot)
        lines = lines_of(grid)
        ends = {cell_len(line[: line.index("end")]) for line in lines[1:7]}
        assert len(ends) == 1
        assert "[red]no markup[/] ␛[31m" in lines[4]
        assert "a↵b⇥c" in lines[5]
        assert "evil" in lines[6]


async def test_rows_that_are_not_here_are_asked_for_once_and_paint_quietly() -> None:
    source = PagedSource(total=10_000, page_size=100)
    grid = Grid(COLUMNS, source)
    app = Host(grid, notes=(Grid.PageWanted,))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        wanted = app.heard(Grid.PageWanted)
        assert [(m.first, m.last) for m in wanted if isinstance(m, Grid.PageWanted)] == [(0, 22)]
        assert "·" in line_of(grid, 5)
        source.put(0, [(f"n{n}", n, "") for n in range(100)])
        grid.rows_changed()
        await settle(pilot)
        assert app.heard(Grid.PageWanted) == []
        assert "n4 " in line_of(grid, 5)
        for _ in range(20):
            grid.action_page(1.0)
        await settle(pilot)
        wanted = app.heard(Grid.PageWanted)
        assert len(wanted) == 1, "only what is seen in the end is asked for"
        assert isinstance(wanted[0], Grid.PageWanted)
        assert wanted[0].first == grid.top_row


async def test_an_unknown_total_grows_as_rows_come() -> None:
    source = PagedSource(page_size=10)
    grid = Grid(COLUMNS, source)
    app = Host(grid, notes=(Grid.PageWanted,))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert len(app.heard(Grid.PageWanted)) == 1
        source.put(0, [(f"n{n}", n, "") for n in range(10)])
        grid.rows_changed()
        await settle(pilot)
        assert grid.position_text == "1 of 10+"
        assert grid.row_count == 11
        assert len(app.heard(Grid.PageWanted)) == 1
        source.put(10, [("last", 1, "")])
        grid.rows_changed()
        await settle(pilot)
        assert grid.position_text == "1 of 11"
        assert app.heard(Grid.PageWanted) == []


async def test_the_cursor_stays_on_its_row_when_rows_move() -> None:
    grid = Grid(COLUMNS, some(50))
    app = Host(grid, notes=(Grid.Highlighted,))
    async with app.run_test(size=(80, 24)) as pilot:
        grid.move_to(7)
        await settle(pilot)
        app.heard(Grid.Highlighted)
        rows = [(f"name {n}", n, "") for n in reversed(range(50))]
        grid.set_source(ListSource(rows, [f"k{n}" for n in reversed(range(50))]))
        await settle(pilot)
        assert grid.cursor_key == "k7"
        assert grid.cursor_row == 42
        assert "▌ name 7" in "\n".join(lines_of(grid))
        grid.set_source(some(3))
        await settle(pilot)
        assert grid.cursor_row == 2
        assert len(app.heard(Grid.Highlighted)) >= 1
        grid.set_source(some(50), keep_cursor=False)
        assert grid.cursor_row == 0
        assert grid.move_to_key("k30")
        assert not grid.move_to_key("nobody")
        assert grid.cursor_row == 30


async def test_choosing_and_editing() -> None:
    grid = Grid(COLUMNS, some(5))
    app = Host(grid, notes=(Grid.Selected, Grid.EditWanted))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", "enter")
        (chosen,) = app.heard(Grid.Selected)
        assert isinstance(chosen, Grid.Selected)
        assert (chosen.row, chosen.key, chosen.control) == (1, "k1", grid)
        await pilot.press("f2")
        assert app.heard(Grid.EditWanted) == []
        grid.cursor_mode = "cell"
        await pilot.press("l", "enter")
        (wanted,) = app.heard(Grid.EditWanted)
        assert isinstance(wanted, Grid.EditWanted)
        assert (wanted.row, wanted.column, wanted.key) == (1, "n", "k1")
        assert app.heard(Grid.Selected) == []


async def test_the_cell_cursor_moves_through_shown_columns() -> None:
    grid = Grid(COLUMNS, some(5), cursor="cell")
    async with Host(grid).run_test(size=(80, 24)) as pilot:
        await pilot.press("$")
        assert grid.cursor_column == "note"
        await pilot.press("l", "h")
        assert grid.cursor_column == "n"
        grid.hide_columns(frozenset({"n"}))
        assert grid.cursor_column == "note", "the next one, so that the first is not hidden next"
        await pilot.press("h")
        assert grid.cursor_column == "name"
        await pilot.press("l")
        grid.hide_columns(frozenset({"n", "note"}))
        assert grid.cursor_column == "name", "behind the last there is none"
        grid.hide_columns(frozenset({"n"}))
        await pilot.press("$")
        assert grid.cursor_column == "note"
        assert "Number" not in line_of(grid, 0)
        grid.hide_columns(frozenset({"name", "n", "note"}))
        assert grid.hidden_columns == frozenset()
        reversed_cells = [s for s in grid.render_line(1) if s.style and s.style.reverse]
        assert [s.text.strip() for s in reversed_cells] == ["late"]
        await pilot.press("0")
        assert grid.cursor_column == "name"
        grid.move_to(3, "note")
        assert (grid.cursor_row, grid.cursor_column) == (3, "note")


async def test_columns_scroll_sideways_but_the_first() -> None:
    wide = [Column(f"c{i}", f"Column {i}", width=20) for i in range(8)]
    grid = Grid(wide, ListSource([tuple(f"v{i}" for i in range(8))]))
    async with Host(grid).run_test(size=(80, 5)) as pilot:
        await pilot.press("l", "l")
        assert "Column 0" in line_of(grid, 0)
        assert "Column 1" not in line_of(grid, 0)
        assert "Column 3" in line_of(grid, 0)
        assert "v3" in line_of(grid, 1)
        await pilot.press("$")
        assert "Column 7" in line_of(grid, 0)
        await pilot.press("l", "0")
        assert "Column 1" in line_of(grid, 0)


async def test_widths_by_hand() -> None:
    grid = Grid(COLUMNS, some(3), cursor="cell")
    async with Host(grid).run_test(size=(80, 6)) as pilot:
        await settle(pilot)
        before = line_of(grid, 0).index("Number")
        await pilot.press(">", ">")
        assert line_of(grid, 0).index("Number") == before + 4
        await pilot.press("<")
        assert line_of(grid, 0).index("Number") == before + 2
        await pilot.press("=")
        assert line_of(grid, 0).index("Number") == before


async def test_sorting_is_shown_and_asked_for() -> None:
    grid = Grid(COLUMNS, some(3))
    app = Host(grid, notes=(Grid.SortWanted,))
    async with app.run_test(size=(80, 6)) as pilot:
        await settle(pilot)
        grid.show_sort({"name": False, "n": True})
        header = line_of(grid, 0)
        assert "Name▲1" in header
        assert "Number▼2" in header
        assert in_plain_signs(header, "ascii").split()[:2] == ["Name^1", "Numberv2"]
        assert grid.sorted_by == {"name": False, "n": True}
        # What is sorted by first is the first, wherever its column stands.
        grid.show_sort({"n": True, "name": False})
        header = line_of(grid, 0)
        assert "Name▲2" in header
        assert "Number▼1" in header
        grid.show_sort({"name": False})
        assert line_of(grid, 0).split()[:2] == ["Name", "▲"]
        grid.show_sort({"name": False, "n": True})
        header = line_of(grid, 0)
        await pilot.click(grid, offset=(header.index("Number") + 1, 0))
        await settle(pilot)
        (wanted,) = app.heard(Grid.SortWanted)
        assert isinstance(wanted, Grid.SortWanted)
        assert wanted.column == "n"


async def test_arrows_alone_paint_no_row() -> None:
    painted: list[int] = []

    class Noted(Grid):
        def render_line(self, y: int) -> Strip:
            painted.append(y)
            return super().render_line(y)

    grid = Noted(COLUMNS, some(30))
    async with Host(grid).run_test(size=(80, 20)) as pilot:
        await settle(pilot)
        painted.clear()
        grid.show_sort({"name": False})
        await settle(pilot)
        assert set(painted) == {0}
        painted.clear()
        grid.show_sort({"name": False})
        await settle(pilot)
        assert painted == []
        grid.show_sort({"name": True})
        await settle(pilot)
        assert line_of(grid, 0).split()[:2] == ["Name", "▼"]


async def test_the_mouse() -> None:
    grid = Grid(COLUMNS, some(100), cursor="cell")
    app = Host(grid, notes=(Grid.EditWanted,))
    async with app.run_test(size=(80, 20)) as pilot:
        await settle(pilot)
        await pilot.click(grid, offset=(line_of(grid, 0).index("Number") + 2, 5))
        await settle(pilot)
        assert (grid.cursor_row, grid.cursor_column) == (4, "n")
        await pilot.click(grid, offset=(4, 5), times=2)
        await settle(pilot)
        assert len(app.heard(Grid.EditWanted)) == 1


async def test_nothing_to_show_says_so() -> None:
    grid = Grid(COLUMNS, empty="No rows yet: a adds one.")
    app = Host(grid, notes=(Grid.Selected, Grid.Highlighted))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.press("enter", "j", "space", "G", "l")
        assert "No rows yet: a adds one." in line_of(grid, 1)
        assert app.heard(Grid.Selected) == []
        assert grid.position_text == "0"
        grid.empty_text = "Nothing matches."
        assert "Nothing matches." in line_of(grid, 1)


async def test_other_columns() -> None:
    grid = Grid(COLUMNS, some(3))
    async with Host(grid).run_test(size=(80, 20)) as pilot:
        await settle(pilot)
        grid.show_sort({"name": True})
        grid.set_columns([Column("a", "Alpha"), Column("b", "Beta")])
        assert "Alpha" in line_of(grid, 0)
        assert grid.sorted_by == {}
        assert [column.key for column in grid.columns] == ["a", "b"]


@pytest.mark.parametrize("text", ["udp 192.168.178.11", "udp 192.168.178.12"])
def test_names_that_begin_alike_keep_their_ends(text: str) -> None:
    columns = [Column("name", "Name", width=11, is_name=True), Column("note", "Note", width=11)]
    places = [Place(0, 0, 11), Place(1, 13, 11)]
    segments = row_segments(columns, places, [text, text], 24, {"text": Style()}, None)
    assert "".join(segment.text for segment in segments) == f"udp 1…78.{text[-2:]}  udp 192.16…"


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (5, 3), (20, 1)])
async def test_any_size_can_be_drawn(size: tuple[int, int]) -> None:
    grid = Grid(COLUMNS, some(100), cursor="cell")
    async with Host(grid).run_test(size=size) as pilot:
        await pilot.press("j", "G", "$", "g")
        lines_of(grid)


async def test_the_scroll_mark_says_where_we_are() -> None:
    grid = Grid(COLUMNS, some(100))
    async with Host(grid).run_test(size=(40, 11)) as pilot:
        await settle(pilot)
        assert [line[-1] for line in lines_of(grid)[1:]] == ["▐"] + ["▕"] * 9
        await pilot.press("G")
        assert [line[-1] for line in lines_of(grid)[1:]] == ["▕"] * 9 + ["▐"]
        await settle(pilot)
        # More rows fit: the view begins with another row, and that is what is painted.
        await pilot.resize_terminal(40, 40)
        await until(pilot, lambda: grid.top_row == 100 - 39)
        await settle(pilot)
        painted = pilot.app.screen._compositor.render_strips()[grid.region.y :]
        assert [strip.text for strip in painted] == lines_of(grid)
        grid._scroll_rows_to(30)
        assert grid.pointed() is None, "the view was moved away, as by the wheel"
        await pilot.press("pageup")
        assert (grid.cursor_row, grid.top_row) == (99 - 39, 30)


async def test_what_was_asked_for_is_not_asked_for_again() -> None:
    grid = Grid(COLUMNS, PagedSource(total=10_000))
    app = Host(grid, notes=(Grid.PageWanted,))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert len(app.heard(Grid.PageWanted)) == 1
        await pilot.resize_terminal(70, 24)
        await settle(pilot)
        assert app.heard(Grid.PageWanted) == []
        grid.rows_changed()
        await settle(pilot)
        assert len(app.heard(Grid.PageWanted)) == 1


async def test_columns_are_moved_frozen_and_put_back_as_they_were() -> None:
    wide = [Column(f"c{i}", f"Column {i}", width=14) for i in range(8)]
    rows = ListSource([tuple(f"v{i}" for i in range(8))], ["k"])
    grid = Grid(wide, rows, cursor="cell")
    async with Host(grid).run_test(size=(80, 5)):
        assert grid.column_order == []
        grid.move_to(0, "c2")
        assert grid.move_column(-1)
        assert grid.move_column(-1)
        assert not grid.move_column(-1), "it stands first already"
        assert grid.column_order == ["c2", "c0", "c1", "c3", "c4", "c5", "c6", "c7"]
        assert line_of(grid, 1).split()[:3] == ["▌", "v2", "v0"]
        grid.hide_columns(frozenset({"c0"}))
        assert grid.move_column(1), "over what is shown, hidden ones are no step"
        assert line_of(grid, 1).split()[:3] == ["▌", "v1", "v2"]
        assert grid.freeze_to_cursor() == 2
        assert "Column 2      │" in line_of(grid, 0)
        grid.action_last_column()
        shown = line_of(grid, 0)
        assert shown.index("Column 1") < shown.index("Column 2") < shown.index("Column 7")
        assert "Column 3" not in shown
        grid.move_to(0, "c2")
        assert grid.freeze_to_cursor() == 1, "again lets them go"
        assert "│" not in line_of(grid, 0)
        grid.set_columns([*wide[:3], Column("new", "New"), *wide[3:]])
        grid.put_columns(["c2", "c0", "gone", "c1", *(f"c{n}" for n in range(3, 8))])
        assert grid.column_order[:4] == ["c2", "new", "c0", "c1"], "behind what it stood behind"


async def test_the_mouse_moves_columns_and_their_edges() -> None:
    grid = Grid(COLUMNS, some(3), cursor="cell")
    app = Host(grid, notes=(Grid.SortWanted,))
    async with app.run_test(size=(80, 6)) as pilot:
        await settle(pilot)
        number = line_of(grid, 0).index("Number")
        edge = 2 + grid._columns_layout.width(0)
        await pilot.mouse_down(grid, offset=(edge, 0))
        await pilot.hover(grid, offset=(edge + 5, 0))
        await pilot.mouse_up(grid, offset=(edge + 5, 0))
        await settle(pilot)
        assert line_of(grid, 0).index("Number") == number + 5
        assert list(grid.chosen_widths) == ["name"]
        number = line_of(grid, 0).index("Number")
        await pilot.mouse_down(grid, offset=(number + 1, 0))
        await pilot.mouse_up(grid, offset=(4, 0))
        await settle(pilot)
        assert grid.column_order == ["n", "name", "note"]
        assert app.heard(Grid.SortWanted) == [], "what was drawn was not clicked"
        await pilot.click(grid, offset=(line_of(grid, 0).index("Number") + 1, 0))
        await settle(pilot)
        assert len(app.heard(Grid.SortWanted)) == 1


async def test_a_cell_is_shown_in_full_where_it_stands() -> None:
    texts = {f"k{n}": "short" for n in range(40)}
    texts["k0"] = "word " * 40 + "end\x1b[31m"
    texts["k39"] = "\n".join(f"line {n}" for n in range(100))
    grid = Grid(COLUMNS, some(40), cursor="cell")
    async with Host(grid).run_test(size=(80, 12)) as pilot:
        await settle(pilot)
        plain = lines_of(grid)
        grid.show_whole(lambda: texts[grid.cursor_key])
        lines = lines_of(grid)
        assert lines[1] == plain[1]
        assert lines[2].startswith("╭──")
        assert "end␛[31m" in "".join(lines)
        assert len({cell_len(line) for line in lines}) == 1
        await pilot.press("j")
        assert [one for one in lines_of(grid) if "│ short │" in one] == [lines_of(grid)[4]]
        await pilot.press("G")
        lines = lines_of(grid)
        assert lines[0] == plain[0]
        assert lines[-1].startswith("▌")
        assert "line 0" in lines[2]
        assert any("more lines" in line for line in lines), "what does not fit is said"
        grid.show_whole(None)
        assert not any("│" in line for line in lines_of(grid))

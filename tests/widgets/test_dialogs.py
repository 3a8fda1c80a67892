from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget

from tests.deck import until
from tests.widgets.hosts import Host, line_of, lines_of, settle
from tui.widgets.choices import Choices
from tui.widgets.dialog import Dialog
from tui.widgets.dialog_frame import DialogKeys, Frame
from tui.widgets.dialogs import Choice, Confirm, MessageBox, TextPrompt
from tui.widgets.filterline import LineInput
from tui.widgets.form import Form
from tui.widgets.form_values import FormField
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Column, ListSource
from tui.widgets.help import HelpEntry, HelpList, HelpMenu
from tui.widgets.lines import Lines, Paragraph, ScrollingLines
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.path_prompt import PathPrompt
from tui.widgets.pointing import place_of
from tui.widgets.rows import GUTTER, RowsWidget
from tui.widgets.viewer import Review, Viewer, as_text
from tui.widgets.waiting import Waiting

UNANSWERED = object()


async def answer(
    dialog: Screen[Any], *keys: str, keymap: Mapping[str, str] | None = None
) -> object:
    """What a dialog gives for these keys, where `keymap` says which ones are others."""
    app = Host(Grid([Column("a", "A")], ListSource([("x",)])))
    app.set_keymap(dict(keymap or {}))
    given: list[object] = []
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(dialog, given.append)
        await settle(pilot)
        await pilot.press(*keys)
    return given[0] if given else UNANSWERED


@pytest.mark.parametrize(
    ("keys", "given"),
    [
        (["y"], True),
        (["n"], False),
        (["escape"], False),
        (["enter"], UNANSWERED),
        (["d"], UNANSWERED),
        (["space", "j"], UNANSWERED),
    ],
)
async def test_only_the_named_key_confirms(keys: list[str], given: object) -> None:
    assert await answer(Confirm("Delete", "Delete it?", loses="All of it."), *keys) is given


@pytest.mark.parametrize(
    ("made", "keymap", "keys", "given"),
    [
        (
            lambda: Confirm("Delete", "Delete it?"),
            {"confirm.no": "f11", "dialog.cancel": "f12"}, ("n", "escape", "f11"), False,
        ),
        (
            lambda: Choice("Which", [Node("a", "Ada"), Node("b", "Bo")]),
            {"choice.filter": "f11", "finding.down": "f12", "dialog.close": "f9"},
            ("q", "f11", "f12", "enter"), "b",
        ),
        (
            # Two fields and the buttons: the keys of each of the three.
            lambda: Form("New", [FormField("who", "Who"), FormField(
                "kind", "Kind", "choice", choices=[("x", "X"), ("y", "Y")])], save="Save"),
            {"form.next_field": "f11", "picker.next": "f12", "buttons.press": "f9"},
            ("A", "f11", "f12", "f12", "f11", "f9"), {"who": "A", "kind": "y"},
        ),
    ],
)  # fmt: skip
async def test_keys_of_dialogs_and_of_what_stands_in_them_can_be_changed(
    made: Callable[[], Screen[object]], keymap: dict[str, str], keys: tuple[str, ...], given: object
) -> None:
    assert await answer(made(), *keys, keymap=keymap) == given


async def test_another_key_can_confirm() -> None:
    assert await answer(Confirm("Yes?", "Sure?", key="Y"), "y") is UNANSWERED
    assert await answer(Confirm("Yes?", "Sure?", key="Y"), "Y") is True


async def test_what_cannot_be_had_back_is_typed() -> None:
    def confirm() -> Confirm:
        return Confirm("Delete", "Delete it?", typed_name="Oda")

    assert await answer(confirm(), "y", "enter") is UNANSWERED
    assert await answer(confirm(), "O", "d", "a", "enter") is True
    assert await answer(confirm(), "O", "d", "a", "escape") is False


async def test_what_was_said_of_a_text_is_not_said_of_the_next(tmp_path: Path) -> None:
    (tmp_path / "log-a.csv").touch()
    (tmp_path / "log-b.csv").touch()
    app = Host()

    def read() -> str:
        return "\n".join(
            "".join(part.text for part in line) for line in app.screen._compositor.render_strips()
        )

    async with app.run_test(size=(80, 24)) as pilot:

        async def pressed(*keys: str) -> str:
            await pilot.press(*keys)
            await settle(pilot)
            return read()

        app.push_screen(Confirm("Delete", "Delete it?", yes="delete", typed_name="Oda"))
        await settle(pilot)
        keys = "type the name, then enter: delete"
        assert (keys in await pressed("O", "enter"), "that is another name" in read()) == (0, 1)
        assert (keys in await pressed("d"), "that is another name" in read()) == (1, 0)
        await pressed("escape")
        app.push_screen(
            TextPrompt("New", check=lambda text: None if text == "ok" else "That is no name.")
        )
        await settle(pilot)
        assert "✗ That is no name." in await pressed("o", "enter")
        assert "no name" not in await pressed("k")
        await pressed("escape")
        app.push_screen(PathPrompt("Read", value=f"{tmp_path}/l"))
        await settle(pilot)
        assert "log-b.csv" in await pressed("tab")
        assert "log-b.csv" not in await pressed("x")
        assert "Nothing there is called so." in await pressed("tab")
        assert "Nothing there is called so." not in await pressed("backspace")


async def test_a_confirmation_says_what_is_lost() -> None:
    dialog = Confirm("Delete [b]x[/b]", "Delete [b]x[/b]?", loses="14 values go.")
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(dialog)
        await settle(pilot)
        text = "\n".join(lines_of(dialog.query_one(Lines)))
        assert "Delete [b]x[/b]?" in text
        assert "! 14 values go." in text
        box = dialog.query_one("#box")
        assert box.border_title == "Delete \\[b]x\\[/b]"


async def test_choice() -> None:
    nodes = [Node("a", "Alpha"), Node("b", "Beta"), Node("g", "Gamma")]

    def choice(current: str = "") -> Choice:
        return Choice("Which", nodes, current=current)

    assert await answer(choice(), "j", "enter") == "b"
    assert await answer(choice("g"), "enter") == "g"
    assert await answer(choice(), "/", *"mm", "enter") == "g"
    assert await answer(choice(), "/", *"a", "down", "down", "up", "enter") == "b"
    assert await answer(choice(), "/", *"zz", "enter") is UNANSWERED
    assert await answer(choice(), "escape") is None
    assert await answer(choice(), "q") is None


def keys_of(dialog: Dialog[Any]) -> set[str]:
    """What the edge of its box says and what stands in the footer's place, where that is whole."""
    return {dialog.query_one(Frame).keys, line_of(dialog.query_one(DialogKeys), 0).strip()}


async def test_enter_where_nothing_fits_says_what_to_do_and_the_list_stays() -> None:
    nodes, pairs = [Node("a", "Alpha"), Node("b", "Beta")], [("a", "Alpha"), ("b", "Beta")]
    for dialog in (Choice("Which", nodes), Choices("Which", pairs), HelpMenu(HELP)):
        app = Host()
        async with app.run_test(size=(120, 24)) as pilot:
            app.push_screen(dialog)
            await settle(pilot)
            if not isinstance(dialog, HelpMenu):
                await pilot.press("slash")
            before = keys_of(dialog)
            await pilot.press("z", "z", "enter")
            if isinstance(dialog, Choices):
                await pilot.press("enter")
            await settle(pilot)
            assert dialog.is_current
            said = {"nothing fits “zz”: type less · esc closes"}
            assert keys_of(dialog) == said
            dialog.set_focus(dialog.query_one(LineInput))
            await pilot.press("backspace")
            await settle(pilot)
            assert keys_of(dialog) == before


async def test_a_list_of_nothing_answers_to_enter() -> None:
    app, dialog = Host(), Choice("Which", [], empty="There is none.")
    async with app.run_test(size=(120, 24)) as pilot:
        app.push_screen(dialog)
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert keys_of(dialog) == {"nothing is there · esc closes"}


async def test_a_list_of_nothing_offers_no_keys_that_do_nothing() -> None:
    for dialog in (Choice("Which", [], empty="There is none."), Choices("Which", [])):
        app = Host()
        async with app.run_test(size=(120, 24)) as pilot:
            app.push_screen(dialog)
            await settle(pilot)
            assert keys_of(dialog) == {"esc closes"}


async def test_the_footer_of_a_dialog_is_its_own_and_gone_with_it() -> None:
    app = Host(Lines([Paragraph("below")]))
    async with app.run_test(size=(60, 12)) as pilot:
        app.push_screen(Confirm("Delete", "Delete it?"))
        await settle(pilot)
        last = "".join(one.text for one in app.screen._compositor.render_strips()[-1])
        assert last.split() == ["y", "yes", "·", "n", "or", "esc", "keep"]
        await pilot.press("n")
        await settle(pilot)
        assert not "".join(one.text for one in app.screen._compositor.render_strips()[-1]).strip()


async def test_the_terminals_cursor_follows_the_one_in_the_list_while_one_filters() -> None:
    nodes = [Node(name, name) for name in ("ant", "bat", "cat")]
    app, dialog = Host(), Choice("Which", nodes)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(dialog)
        await settle(pilot)
        await pilot.press("slash", "t")
        outline, line = dialog.query_one(Outline), dialog.query_one(LineInput)
        assert dialog.followed is line
        await pilot.press("down")
        assert dialog.followed is outline
        assert place_of(outline) == outline.content_region.offset + Offset(GUTTER, 1)
        await pilot.press("a")
        await settle(pilot)
        assert dialog.followed is line


@pytest.mark.parametrize("kind", [MessageBox, Confirm])
async def test_the_terminals_cursor_stands_where_the_text_of_a_box_without_a_list_begins(
    kind: type[MessageBox | Confirm],
) -> None:
    app, dialog = Host(Grid([Column("a", "A")], ListSource([("x",)]))), kind("Delete", "All of it?")
    async with app.run_test(size=(60, 12)) as pilot:
        app.push_screen(dialog)
        await settle(pilot)
        place = place_of(dialog.followed)
        assert place is not None
        text = "".join(one.text for one in dialog._compositor.render_strips()[place.y])
        assert text[place.x :].startswith("All of it?")


@pytest.mark.parametrize("size", [(40, 10), (20, 5)])
@pytest.mark.parametrize("marks", [False, True])
async def test_a_list_is_no_higher_than_its_box(size: tuple[int, int], marks: bool) -> None:
    names = [f"Entry {n}" for n in range(20)]
    pairs = [(name, name) for name in names]
    nodes = [Node(name, name) for name in names]
    app, dialog = Host(), Choices("Which", pairs) if marks else Choice("Which", nodes)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(dialog)
        await settle(pilot)
        rows = dialog.query_one(RowsWidget)
        assert rows.size.height == 16
        await pilot.resize_terminal(*size)

        def is_seen(widget: Widget) -> bool:
            place, box = place_of(widget), dialog.query_one("#box").content_region
            return place is not None and box.contains_point(place)

        for step in range(19):
            await pilot.press("down")
            await until(pilot, lambda: is_seen(rows), str(step))
        await pilot.press("slash", "1")
        line = dialog.query_one(LineInput)
        await until(pilot, lambda: is_seen(line), "the line that narrows it")


async def test_what_is_typed_is_seen_below_a_label_that_is_higher_than_the_box() -> None:
    app, dialog = Host(), TextPrompt("Name", label="How it is called. " * 6, value="x")
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(dialog)
        await settle(pilot)
        line = dialog.query_one(LineInput)

        def is_seen() -> bool:
            at = line.cursor_screen_offset
            box = dialog.query_one("#box").content_region
            return box.contains_point(Offset(at.x - 1, at.y))

        for size in ((20, 5), (80, 24), (20, 5)):
            await pilot.resize_terminal(*size)
            await until(pilot, is_seen, str(size))


async def test_choices() -> None:
    pairs = [("a", "Alpha"), ("b", "Beta"), ("c", "Gamma")]
    assert await answer(Choices("Which", pairs, ["b"]), "space", "enter") == ["a", "b"]
    assert await answer(Choices("Which", pairs, ["b", "gone"]), "j", "space", "enter") == []
    assert await answer(Choices("Which", pairs), "escape") is None
    # What is marked stays so while the list is narrowed, and comes in the list's order.
    keys = ("slash", *pairs[0][1][:3], "down", "space", "enter")
    assert await answer(Choices("Which", pairs, ["b"]), *keys) == ["a", "b"]
    assert await answer(Choices("Which", pairs, ["b"], typed=True), *keys[1:]) == ["a", "b"]


async def test_prompt_checks_and_keeps_what_was_typed() -> None:
    def prompt() -> TextPrompt:
        return TextPrompt(
            "Name", value="O", label="of it", check=lambda t: None if len(t) > 2 else "Too short."
        )

    assert await answer(prompt(), "d", "enter") is UNANSWERED
    assert await answer(prompt(), "d", "enter", "a", "enter") == "Oda"
    assert await answer(prompt(), "escape") is None


async def test_message_box() -> None:
    assert await answer(MessageBox("Note", "Read [this]."), "enter") is None
    assert await answer(MessageBox("Note", "Read this."), "x") is UNANSWERED


async def test_a_long_message_is_scrolled_and_says_that_there_is_more() -> None:
    app = Host(Grid([Column("a", "A")], ListSource([("x",)])))
    async with app.run_test(size=(60, 12)) as pilot:
        box = MessageBox("Note", "\n".join(f"line {number}." for number in range(1, 31)))
        app.push_screen(box)
        await settle(pilot)

        def seen() -> tuple[str, str, str]:
            lines = [line.strip() for line in lines_of(box._text)]
            return lines[0], lines[-1], str(box.query_one("#box").border_subtitle)

        assert seen() == ("line 1.", "line 9.", "lines 1–9 of 30 · ↑↓ scroll · enter closes")
        await pilot.press("j", "down")
        assert seen() == ("line 3.", "line 11.", "lines 3–11 of 30 · ↑↓ scroll · enter closes")
        await pilot.press("pagedown")
        assert seen()[0] == "line 11."
        await pilot.press("G", "j")
        assert seen()[:2] == ("line 22.", "line 30.")
        await pilot._post_mouse_events([events.MouseScrollUp], box._text, button=0)
        assert seen()[0] == "line 19."
        box.show_text("Short.")
        await settle(pilot)
        assert seen() == ("Short.", "Short.", "enter closes")


HELP = [
    HelpEntry("a", "Add", "adds a row", "row.add", "Books"),
    HelpEntry("d", "Delete", "deletes the row", "row.delete", "Books"),
    HelpEntry("1", "Today", "what runs and waits", "go.today", "Everywhere"),
]


async def test_help_runs_what_is_found() -> None:
    assert await answer(HelpMenu(HELP), "enter") == "row.add"
    assert await answer(HelpMenu(HELP), *"wait", "enter") == "go.today"
    assert await answer(HelpMenu(HELP), "down", "enter") == "row.delete"
    assert await answer(HelpMenu(HELP), "d", "enter") == "row.add"
    assert await answer(HelpMenu(HELP), *"zz", "enter") is UNANSWERED
    assert await answer(HelpMenu(HELP), "escape") is None


async def test_help_says_whole_what_the_chosen_command_does() -> None:
    long = "Of a timer that ran too long, or over midnight: stop it and put it right, or keep it."
    app = Host()
    async with app.run_test(size=(60, 20)) as pilot:
        app.push_screen(HelpMenu([*HELP, HelpEntry("w", "Put right", long, "put", "Everywhere")]))
        await settle(pilot)

        def below() -> str:
            lines = app.screen.query_one("#whole", Lines)
            return " ".join(line_of(lines, y).strip() for y in range(lines.size.height)).strip()

        assert below() == "adds a row"
        await pilot.press("down", "down")
        assert below() == "", "a heading does nothing"
        await pilot.press(*"too long")
        await settle(pilot)
        assert below() == long
        await pilot.press(*"zz")
        await settle(pilot)
        assert below() == ""


async def test_help_shows_groups_and_a_key_finds_its_command() -> None:
    rows = HelpList(HELP)
    async with Host(rows).run_test(size=(60, 8)) as pilot:
        await settle(pilot)
        lines = [line.rstrip() for line in lines_of(rows)]
        assert lines[0].strip() == "Books"
        assert lines[1].split() == ["▌", "a", "Add", "adds", "a", "row"]
        assert lines[3].strip() == "Everywhere"
        for width in range(60):
            segments = rows.render_row(1, width, rows.palette.plain, rows.palette)
            assert sum(segment.cell_length for segment in segments) == width
        rows.narrow("1")
        assert rows.row_count == 2


async def test_viewer_shows_everything_and_asks_to_copy() -> None:
    app = Host(Outline([Node("a", "A")]), notes=(Viewer.CopyWanted,))
    async with app.run_test(size=(60, 20)) as pilot:
        value = {"name": "Ünï", "rows": list(range(100))}
        app.push_screen(Viewer("Row", value))
        await settle(pilot)
        lines = app.screen.query_one(ScrollingLines)
        assert lines.row_count == 105
        await pilot.press("G", "y")
        assert "}" in lines.cursor_text
        (wanted,) = app.heard(Viewer.CopyWanted)
        assert isinstance(wanted, Viewer.CopyWanted)
        assert wanted.text == as_text(value)
        await pilot.press("q")
        assert app.screen is app.page
        # The lines take no key that closes it.
        app.push_screen(Viewer("Row", value))
        await settle(pilot)
        assert isinstance(app.focused, ScrollingLines)
        await pilot.press("enter")
        assert app.screen is app.page


async def test_enter_reads_a_review_to_its_end_and_makes_nothing() -> None:
    app, answers = Host(), list[bool | None]()
    async with app.run_test(size=(70, 16)) as pilot:
        review = Review("Bill", "\n".join(f"line {n}" for n in range(30)), "makes the bill")
        app.push_screen(review, answers.append)
        await settle(pilot)
        lines = review.query_one(ScrollingLines)
        edge = review.query_one("#box")
        before = edge.border_subtitle
        pages = 0
        while lines.top_row + lines.page_rows < lines.row_count:
            await pilot.press("enter")
            pages += 1
            assert edge.border_subtitle == before
            assert pages < 9
        assert pages == -(-30 // lines.page_rows) - 1
        await pilot.press("enter")
        await settle(pilot)
        assert "all read: " in str(edge.border_subtitle)
        assert "makes the bill" in str(edge.border_subtitle)
        assert answers == []
        await pilot.press("f2")
        assert answers == [True]


async def test_viewer_cuts_what_is_endless_and_says_so() -> None:
    app = Host()
    async with app.run_test(size=(60, 20)) as pilot:
        app.push_screen(Viewer("Row", "x" * 400_010))
        await settle(pilot)
        await pilot.press("G")
        assert "10 more characters" in app.screen.query_one(ScrollingLines).cursor_text


async def test_a_list_that_is_typed_into_says_so_and_takes_the_key_that_filters_as_none() -> None:
    pairs = [("a", "Alpha"), ("b", "Beta"), ("c", "Gamma")]
    nodes = [Node(key, name) for key, name in pairs]
    assert await answer(Choice("Which", nodes, typed=True), "slash", *"mm", "enter") == "c"
    dialog = Choices("Which", pairs, typed=True)
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(dialog)
        await settle(pilot)
        edge = dialog.query_one("#box")
        assert edge.border_subtitle == "typing narrows · enter or ↓ to the list · esc closes"
        await pilot.press("slash", *"bet", "enter")
        await settle(pilot)
        left = dialog.query_one(Grid).source
        assert (left.total, left.row(0)) == (1, ("Beta",))
        assert "space marks" in str(edge.border_subtitle)
        await pilot.press("slash")
        await settle(pilot)
        assert "typing narrows" in str(edge.border_subtitle)


class GoesOn(Waiting):
    """What is waited for gets further while the box is put together."""

    def body(self) -> Iterable[Widget]:
        yield from super().body()
        self.say("2 of 4")


async def test_how_far_it_is_by_the_time_that_it_is_shown() -> None:
    app = Host(Lines())
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = GoesOn("Undo", "1 of 4", lambda: False)
        app.push_screen(dialog)
        await settle(pilot)
        assert "2 of 4" in "\n".join(lines_of(dialog.query_one(Lines)))
        dialog.say("3 of 4")
        await settle(pilot)
        assert "3 of 4" in "\n".join(lines_of(dialog.query_one(Lines)))

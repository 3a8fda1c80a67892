"""The console: find, fill, see the request, send, look, save, and the equal command line."""

from __future__ import annotations

import json
import shlex
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer
from tests.screens.books.steps import books_of, open_table
from tests.scripted import holding, scripted
from tui.screens import clipboard
from tui.screens.console.answer import AnswerView, answer_nodes, answer_rows, prepared
from tui.screens.console.screen import ConsoleScreen
from tui.screens.deck.line import CommandLine
from tui.screens.messages import Go, hand_over
from tui.screens.parameters import form_fields
from tui.services import registry
from tui.widgets.filterline import LineInput
from tui.widgets.json_nodes import DEEPEST, MOST_CHILDREN, MOST_NODES, json_nodes
from tui.widgets.outline_model import Node
from tui.workspace.operations.arguments import from_words


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short names are typed quickly."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was copied; nothing reaches the clipboard of this machine."""
    texts: list[str] = []

    async def copy(app: object, text: str, _folder: Path) -> str:
        texts.append(text)
        return f"Copied {len(text)} characters."

    monkeypatch.setattr(clipboard, "copy", copy)
    return texts


async def open_console(pilot: Pilot[Any]) -> None:
    """By the command line, with nothing typed in it."""
    await pilot.press("colon")
    await until(pilot, lambda: isinstance(pilot.app.screen, CommandLine), "the line is open")
    await until(pilot, lambda: isinstance(pilot.app.focused, LineInput), "it has the focus")
    await pilot.press("enter")
    await until(pilot, lambda: getattr(pilot.app.screen, "SCOPE", "") == "console")


async def find(pilot: Pilot[Any], words: str, seen: str) -> None:
    """Open the console, if it is not open, and put the cursor on the first that is found."""
    await open_console(pilot)
    await until(pilot, lambda: "Operations" in screen_text(pilot) and "194" in screen_text(pilot))
    await pilot.press("slash", *("space" if c == " " else c for c in words), "enter")
    await until(pilot, lambda: f"─{seen} ─" in screen_text(pilot), seen)


async def open_on(pilot: Pilot[Any], id: str) -> None:
    """Open the console on an operation, as another screen does."""
    await hand_over(pilot.app, Go("console", id))
    await until(pilot, lambda: f"─{id} ─" in screen_text(pilot), id)


async def send(pilot: Pilot[Any]) -> None:
    """See the request and send it."""
    await until(pilot, lambda: "s sends it" in screen_text(pilot))
    await pilot.press("s")
    view = pilot.app.screen.query_one(AnswerView)
    await until(pilot, lambda: view.answer is not None)
    await until(pilot, lambda: view.has_focus_within)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_find_fill_preview_send_and_look(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int], copied: list[str]
) -> None:
    async with opened(deck_of(server, tmp_path, "timers"), size) as pilot:
        await find(pilot, "inv sear", "timesheets.invoice.search")
        assert "2 of 194" in screen_text(pilot)
        assert "* client_id: list of int." in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "See the request" in screen_text(pilot))
        await pilot.press("f2")
        await until(pilot, lambda: "This is needed." in screen_text(pilot))
        await pilot.press(*"1,x", "f2")
        await until(pilot, lambda: "Takes int, not 'x'" in screen_text(pilot))
        await pilot.press("backspace", *"2,3", "f2")
        await until(pilot, lambda: "Request of timesheets.invoice.search" in screen_text(pilot))
        shown = screen_text(pilot)
        assert "POST http://127.0.0.1" in shown
        assert "Authorization: •••" in shown
        assert "tockdeck call timesheets.invoice.search client_id=1,2,3" in shown
        await send(pilot)
        await until(pilot, lambda: " rows ─" in screen_text(pilot))
        view = pilot.app.screen.query_one(AnswerView)
        await pilot.press("t")
        await until(pilot, lambda: view.is_table)
        assert "due_date" in screen_text(pilot)
        await pilot.press("slash", *"paid", "enter")
        assert view.answer is not None
        every = len(view.answer.rows)
        paid = sum("paid" in str(row) for row in view.answer.rows)
        assert 0 < paid < every
        await until(pilot, lambda: f"{paid} of {every} rows" in screen_text(pilot))
        await pilot.press("t")
        await until(pilot, lambda: not view.is_table)
        await pilot.press("y")
        await until(pilot, lambda: bool(copied))
        assert len(json.loads(copied[0])["items"]) == every


async def test_a_dialog_that_is_left_sends_nothing(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await open_on(pilot, "timesheets.client.create")
        await pilot.press("enter")
        await until(pilot, lambda: "See the request" in screen_text(pilot))
        await pilot.press(*"Unsent", "f2")
        await until(pilot, lambda: "s sends it" in screen_text(pilot))
        await pilot.press("y", "escape")
        await until(pilot, lambda: "Nothing was sent." in screen_text(pilot))
        listed = await app.workspace.operations.call(
            registry.find("timesheets.client.search"), {"name": "Unsent"}
        )
        assert listed.items == []
        assert await app.workspace.console_history.calls() == []


async def test_what_destroys_has_its_own_key_and_the_user_is_named(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        made = await app.workspace.operations.call(
            registry.find("timesheets.client.create"), {"name": "Doomed"}
        )
        await open_on(pilot, "timesheets.client.delete")
        await pilot.press("enter")
        await until(pilot, lambda: "See the request" in screen_text(pilot))
        await pilot.press(*str(made.id), "f2")
        await until(pilot, lambda: "y sends it" in screen_text(pilot))
        assert "! This destroys something." in screen_text(pilot)
        await pilot.press("s")
        await pilot.pause()
        assert "y sends it" in screen_text(pilot)
        await pilot.press("y")
        view = app.screen.query_one(AnswerView)
        await until(pilot, lambda: view.has_focus_within and view.answer is not None)
        listed = await app.workspace.operations.call(
            registry.find("timesheets.client.search"), {"name": "Doomed"}
        )
        assert listed.items == []
        await open_on(pilot, "timesheets.user.delete")
        await pilot.press("enter")
        await until(pilot, lambda: "user_id *" in screen_text(pilot))
        await pilot.press("f2")
        await until(pilot, lambda: "This is needed." in screen_text(pilot))


async def test_a_read_only_deck_shows_the_request_and_sends_no_change(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers", deck__read_only="true")
    async with opened(app) as pilot:
        await open_on(pilot, "timesheets.client.create")
        await pilot.press("enter")
        await until(pilot, lambda: "See the request" in screen_text(pilot))
        await pilot.press(*"Refused", "f2")
        await until(pilot, lambda: "s sends it" in screen_text(pilot))
        await pilot.press("s")
        await until(pilot, lambda: "the deck is read-only" in screen_text(pilot))


async def test_the_service_says_no_in_place(server: EmbeddedServer, tmp_path: Path) -> None:
    async with opened(deck_of(server, tmp_path, "timers"), (80, 24)) as pilot:
        await open_on(pilot, "timesheets.client.info")
        await pilot.press("enter")
        await until(pilot, lambda: "See the request" in screen_text(pilot))
        await pilot.press(*"99999", "f2")
        await until(pilot, lambda: "s sends it" in screen_text(pilot))
        await pilot.press("s")
        await until(pilot, lambda: "r tries again" in screen_text(pilot))
        assert "not found" in screen_text(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "There is no answer to copy yet." in screen_text(pilot))


async def test_the_answer_is_saved_and_the_call_is_copied_and_repeated(
    server: EmbeddedServer, tmp_path: Path, copied: list[str]
) -> None:
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await open_on(pilot, "trackmypeople.report")
        await pilot.press("enter")
        await until(pilot, lambda: "See the request" in screen_text(pilot))
        assert "today 14:00" in screen_text(pilot)
        names = [one.name for one in registry.find("trackmypeople.report").parameters]
        await pilot.press(*["tab"] * names.index("start"), *"2020-01-01", "tab", *"today", "f2")
        await send(pilot)
        await pilot.press("w")
        await until(pilot, lambda: "trackmypeople.report.json" in screen_text(pilot))
        await pilot.press("ctrl+u", *"r.json", "enter")
        await until(pilot, (tmp_path / "r.json").exists)
        assert json.loads((tmp_path / "r.json").read_bytes())
        await pilot.press("c")
        await until(pilot, lambda: bool(copied))
        words = shlex.split(copied[0])
        assert words[:3] == ["tockdeck", "call", "trackmypeople.report"]
        found = registry.find("trackmypeople.report")
        arguments = from_words(found, words[3:], UTC)
        assert {name: f"{value:%Y-%m-%d}" for name, value in arguments.items()}["start"] == (
            "2020-01-01"
        )
        # The same call from the history, and again: its form is filled as it was.
        await open_on(pilot, "trackmypeople.status")
        await pilot.press("e")
        await until(pilot, lambda: "start=2020-01-01" in screen_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "See the request" in screen_text(pilot))
        assert "2020-01-01" in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "See the request" not in screen_text(pilot))
        await pilot.press("a")
        await until(pilot, lambda: "See the request" in screen_text(pilot))
        assert "2020-01-01" in screen_text(pilot)


async def test_secrets_are_masked_and_kept_nowhere(server: EmbeddedServer, tmp_path: Path) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await open_on(pilot, "ticktocker.getapikey")
        await pilot.press("enter")
        await until(pilot, lambda: "See the request" in screen_text(pilot))
        await pilot.press(*"demo", "tab", *"hunter22")
        await until(pilot, lambda: "•" * 8 in screen_text(pilot))
        await pilot.press("f2")
        await until(pilot, lambda: "s sends it" in screen_text(pilot))
        assert "hunter22" not in screen_text(pilot)
        await pilot.press("s")
        await until(pilot, lambda: "r tries again" in screen_text(pilot))
    kept = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert any(one.name == "console.json" for one in kept)
    for file in kept:
        assert b"hunter22" not in file.read_bytes(), file


async def test_a_field_for_files_takes_a_path(server: EmbeddedServer, tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_text("content")
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await open_on(pilot, "igtimi.data.upload_file")
        await pilot.press("enter")
        await until(pilot, lambda: "path of a file" in screen_text(pilot))
        rows = [one.name for one in registry.find("igtimi.data.upload_file").parameters]
        await pilot.press(*["tab"] * rows.index("file"), *"nothing.txt", "f2")
        await until(pilot, lambda: "There is no file nothing.txt" in screen_text(pilot))


async def test_escape_leads_back_step_by_step_and_digits_at_once(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await until(pilot, lambda: "Trackers" in screen_text(pilot))
        await find(pilot, "track status", "trackmypeople.status")
        await pilot.press("enter")
        await send(pilot)
        await pilot.press("escape")
        view = pilot.app.screen.query_one(AnswerView)
        await until(pilot, lambda: not view.has_focus_within)
        await pilot.press("escape")
        await until(pilot, lambda: " of 194" not in screen_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "Trackers" in screen_text(pilot))
        await open_console(pilot)
        await until(pilot, lambda: "Operations" in screen_text(pilot))
        await pilot.press("1")
        await until(pilot, lambda: "Operations" not in screen_text(pilot))


async def test_another_screen_opens_the_console_on_what_it_used_last(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await until(pilot, lambda: "running" in screen_text(pilot))
        await open_console(pilot)
        await until(pilot, lambda: "─trackmypeople." in screen_text(pilot))


async def test_opened_from_a_row_the_form_names_it_and_of_another_service_nothing(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "books")) as pilot:
        await open_table(pilot, 2, "Task")
        screen = books_of(pilot.app)  # type: ignore[arg-type]
        await pilot.press("j", "l")
        await until(pilot, lambda: screen.table.grid.cursor_row == 1, "the second row")
        record = dict(screen.record_here())
        place, row, field = screen.table.place, screen.table.row, screen.table.field
        assert place is not None
        assert row is not None
        assert field is not None
        assert record == {
            "b_o": place.book.b_o, "b_c": place.book.b_c, "cat_id": str(place.table.id),
            "row_id": str(row.id), "field_id": str(field.id),
        }  # fmt: skip
        await find(pilot, "updateTableValue", "timetonic.updateTableValue")
        await pilot.press("enter")
        await until(pilot, lambda: str(row.id) in screen_text(pilot), "the row is named")
        assert str(field.id) in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConsoleScreen), "the form is left")
        console = pilot.app.screen
        assert isinstance(console, ConsoleScreen)
        assert console._known(registry.operations()["timetonic.deleteTableRow"])["row_id"]
        assert console._known(registry.operations()["trackmypeople.add"]) == {}


# What a form has for each kind of parameter.


@pytest.fixture(scope="module")
def all_fields() -> dict[str, list[Any]]:
    return {one.id: form_fields(one, {}, UTC) for one in registry.operations().values()}


def test_every_operation_has_a_form(all_fields: dict[str, list[Any]]) -> None:
    for one in registry.operations().values():
        fields = all_fields[one.id]
        assert [field.name for field in fields] == [p.documented_name for p in one.parameters]
        assert all(field.help and field.placeholder for field in fields), one.id


@pytest.mark.parametrize(
    ("id", "name", "kind", "choices"),
    [
        ("ticktocker.community", "feed", "choice", ["hot", "fresh", "upcoming", "history"]),
        ("timesheets.client.export_csv", "status", "choice", ["true", "false"]),
        ("timesheets.project.search", "with", "choices", ["tasks", "clients"]),
        ("timesheets.login", "password", "secret", []),
        ("timesheets.invoice.create", "due_date", "text", []),
    ],
)
def test_a_parameters_type_is_a_kind_of_field(
    all_fields: dict[str, list[Any]], id: str, name: str, kind: str, choices: list[str]
) -> None:
    (field,) = (one for one in all_fields[id] if one.name == name)
    assert field.kind == kind
    if choices:
        assert {value for value, _ in field.choices} <= set(choices)
        assert field.choices


# Answers that mean harm.


def depth(nodes: list[Node]) -> int:
    return 1 + max((depth(list(node.children or ())) for node in nodes), default=0)


def count(nodes: list[Node]) -> int:
    return sum(1 + count(list(node.children or ())) for node in nodes)


def test_a_deep_answer_is_shown_as_far_as_it_can_be() -> None:
    value: Any = 1
    for _ in range(5_000):
        value = [value]
    nodes = json_nodes(value)
    assert depth(nodes) <= DEEPEST + 3
    assert "nested too deeply" in str(nodes)


def test_a_wide_answer_says_how_much_is_shown() -> None:
    nodes = json_nodes(list(range(MOST_CHILDREN + 1)))
    assert len(nodes) == MOST_CHILDREN + 1
    assert nodes[-1].label == f"{MOST_CHILDREN} of {MOST_CHILDREN + 1} are shown"
    many = json_nodes([[list(range(300)) for _ in range(300)] for _ in range(10)])
    assert count(many) <= MOST_NODES + 2_000


def test_a_single_value_is_one_line() -> None:
    shown = {
        None: "—", True: "true", 10**5000: "a very long number", "x" * 9_000: "x" * 2_000 + "…",
        1.5: "1.5",
    }  # fmt: skip
    for value, text in shown.items():
        assert json_nodes({"a": value})[0].detail == text


def test_answers_of_every_kind_are_shown() -> None:
    assert answer_nodes(None)[0].label == "Done."
    assert answer_nodes(b"\0" * 1234)[0].label == "1,234 bytes"
    assert answer_nodes("a\nb\n")[1].label == "b"
    assert answer_rows(b"x") == answer_rows(None) == ([], [])
    assert answer_rows("just words") == ([], [])
    assert answer_rows('id,name\n1,"a,b"\n2\n') == (["id", "name"], [["1", "a,b"], ["2", ""]])
    names, rows = answer_rows([{str(n): n for n in range(500)}])
    assert (len(names), len(rows[0])) == (60, 60)
    assert answer_rows('a,b\n"' + "x" * 200_000 + '",2\n') == ([], [])
    assert len(answer_nodes("\n" * 5_000)) == 2_001


async def test_a_hostile_answer_is_only_text(server: EmbeddedServer, tmp_path: Path) -> None:
    evil = "[bold]\x1b[2J\x1b]0;x\x07\u202e" + "y" * 300
    async with opened(deck_of(server, tmp_path, "timers"), (80, 24)) as pilot:
        await open_on(pilot, "trackmypeople.status")
        view = pilot.app.screen.query_one(AnswerView)
        view.forget(evil)
        view.show(prepared([{evil: evil, "n": {"deep": [evil]}}, {evil: None, "n": evil}], UTC))
        view.focus_answer()
        await until(pilot, lambda: "[bold]␛[2J" in screen_text(pilot))
        await pilot.press("t")
        await until(pilot, lambda: view.is_table)
        await pilot.press("slash", *"deep", "enter")
        await pilot.pause()
        for text in (screen_text(pilot),):
            assert "\x1b" not in text
            assert "\u202e" not in text


async def test_keys_act_on_the_pane_that_has_the_focus_and_the_footer_shows_them(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    """Nothing is called from within an answer, and a description has nothing to be found in."""
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await open_on(pilot, "trackmypeople.status")

        def footer() -> str:
            return screen_text(pilot).splitlines()[-1]

        await until(pilot, lambda: "⏎ Call" in footer() and "/ Find" in footer())
        await pilot.press("tab")
        await until(pilot, lambda: "/ Find" not in footer() and "⏎ Call" in footer())
        await pilot.press("slash")
        await until(pilot, lambda: "Find means nothing here" in screen_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "/ Find" in footer(), "back in the operations")
        await pilot.press("enter")
        await send(pilot)
        await until(pilot, lambda: "/ Find" in footer() and "⏎ Call" not in footer())
        await pilot.press("escape")
        await until(pilot, lambda: "⏎ Call" in footer(), "back in the operations")


async def test_a_change_whose_outcome_is_not_known_is_not_sent_again_by_one_key(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    with scripted(b"", of="/stop.") as broken:
        app = deck_of(server, tmp_path, "timers", trackmypeople__base_url=broken.url)
        async with opened(app) as pilot:
            await open_on(pilot, "trackmypeople.stop")
            asked = len(broken.bodies)
            await pilot.press("enter", "f2")
            await until(pilot, lambda: "s sends it" in screen_text(pilot))
            await pilot.press("s")
            await until(pilot, lambda: "outcome unknown" in screen_text(pilot))
            text = " ".join(screen_text(pilot).split())
            assert "Look which timer runs now" in text
            panel = pilot.app.screen.query_one(AnswerView).nodes_pane
            assert panel.check_action("retry", ()) is False
            pilot.app.screen.set_focus(panel._view)
            await pilot.press("r")
            await pilot.pause()
            assert len(broken.bodies) == asked + 1
            (entry,) = await app.workspace.history.outbox.still_open()
            assert entry.operation == "trackmypeople.stop"


async def test_giving_up_a_change_closes_its_connection_and_says_what_to_look_at(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted(holding(b"")) as silent:
        app = deck_of(server, tmp_path, "timers", timesheets__base_url=silent.url,
                      timesheets__token="T")  # fmt: skip
        told: list[str] = []
        monkeypatch.setattr(app, "notify", lambda text, **_: told.append(text))
        async with opened(app) as pilot:
            await open_on(pilot, "timesheets.ts.stop")
            await pilot.press("enter", "f2")
            await until(pilot, lambda: "s sends it" in screen_text(pilot))
            await pilot.press("s")
            await until(pilot, lambda: bool(silent.bodies))
            assert not silent.hung_up.is_set()
            pilot.app.screen.set_focus(pilot.app.screen.query_one(AnswerView).nodes_pane._view)
            await pilot.press("escape")
            await until(pilot, silent.hung_up.is_set)
            await until(pilot, lambda: bool(told))
            assert "it may have been done. Look whether time is tracked now" in told[0]
            assert [one.operation for one in await app.workspace.history.outbox.still_open()] == [
                "timesheets.ts.stop"
            ]

"""The Changes screen: every state of the list, every state of a change, every word of a person."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from tests.changes import by_a_colleague, client_named, name_of, put, renamed, some_change
from tests.deck import deck_of, looked_after, opened, screen_text, until
from tests.harness import EmbeddedServer
from tests.patient import MOST_SECONDS
from tests.workspace.ways import Way
from tui.app import Tockdeck
from tui.screens.changes.screen import ChangesScreen
from tui.store.changes import Change, Step
from tui.workspace.changes.history import Wanted

HOSTILE = "[bold red]x[/] \x1b[2J\u202e\n\tab" + "é" * 400
BACK = Step(operation="timesheets.client.delete", arguments={"client_id": 1}, title="it is gone")


@asynccontextmanager
async def on(
    server: EmbeddedServer, folder: Path, *, size: tuple[int, int] = (140, 40), **more: str
) -> AsyncIterator[tuple[Pilot[Any], Tockdeck]]:
    """A deck on Invoices, whose key for the changes was not pressed yet."""
    app = deck_of(server, folder, "invoices", **more)
    async with opened(app, size) as pilot:
        await until(pilot, lambda: looked_after(app))
        yield pilot, app


async def go(pilot: Pilot[Any]) -> ChangesScreen:
    """To the screen, once it has read."""
    await pilot.press("H")
    await until(pilot, lambda: isinstance(pilot.app.screen, ChangesScreen))
    screen = pilot.app.screen
    assert isinstance(screen, ChangesScreen)
    await until(pilot, lambda: screen.list._has_read and screen.list.state == "content")
    return screen


def words(pilot: Pilot[Any]) -> str:
    """What is read, wherever its lines were broken."""
    lines = screen_text(pilot).replace("│", " ")
    return " ".join(lines.split())


def rows(screen: ChangesScreen) -> list[str]:
    """The titles that are listed and here."""
    source = screen.list.grid.source
    found = [source.row(place) for place in range(source.total or 0)]
    return [str(row[2]) for row in found if row is not None]


async def state_of(app: Tockdeck, change: Change) -> str:
    found = await asyncio.to_thread(app.workspace.history.changes.get, change.id)
    assert found is not None
    return found.state


async def test_none_says_what_will_stand_there(server: EmbeddedServer, tmp_path: Path) -> None:
    async with on(server, tmp_path) as (pilot, _):
        await go(pilot)
        await until(pilot, lambda: "Nothing was changed yet" in words(pilot))
        for key in ("enter", "s", "d", "b", "f", "m", "n", "o"):
            await pilot.press(key)
        await until(pilot, lambda: "There is no change under the cursor" in words(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ChangesScreen))


async def test_one_is_shown_whole_with_what_undo_would_do(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        number = await client_named(app.workspace, "One of them")
        await renamed(app.workspace, number, "One of them", "Another")
        await go(pilot)
        await until(pilot, lambda: "was One of them wanted Another" in words(pilot))
        for said in (
            "Rename One of them", "timesheets.client.update", f"timesheets/client/{number}",
            "Account", "State done", "Begun", "client id:", "timesheets.client.update puts it back",
        ):  # fmt: skip
            assert said in words(pilot)
        await pilot.press("j")
        await until(pilot, lambda: "timesheets.client.create" in words(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "y copies" in words(pilot) or "enter closes" in words(pilot))
        await pilot.press("escape")


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_hostile_texts_are_only_texts(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with on(server, tmp_path, size=size) as (pilot, app):
        hostile = some_change(app.workspace, HOSTILE, reason=HOSTILE, record=HOSTILE,
                              wanted={HOSTILE: HOSTILE}, before={HOSTILE: {"$decimal": "1.50"}},
                              theirs={HOSTILE: None}, arguments={"name": HOSTILE})  # fmt: skip
        put(app.workspace, [hostile])
        await go(pilot)
        await until(pilot, lambda: "[bold red]x[/]" in screen_text(pilot))
        await pilot.press("n")
        await pilot.press("enter")
        await until(pilot, lambda: "y copies" in words(pilot))
        read = ""
        for _ in range(12):
            read += screen_text(pilot)
            await pilot.press("pagedown")
        assert "1.50" in read
        assert not any(mark in read for mark in ("\x1b", "\u202e"))
        await pilot.press("escape")


async def test_a_hundred_thousand_are_read_page_by_page(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        changes = app.workspace.history.changes
        one = some_change(app.workspace, "Change", state="done", inverse=BACK)
        many = [
            replace(one, id=f"{n:012x}", title=f"Change {n}", arguments={"name": f"Change {n}"})
            for n in range(100_000)
        ]
        await asyncio.to_thread(changes.begin, many)
        screen = await go(pilot)
        await until(pilot, lambda: "1 of 100,000" in words(pilot))
        await pilot.press("end")
        await until(pilot, lambda: "100,000 of 100,000" in words(pilot))
        await until(pilot, lambda: "Change 0 " in words(pilot) + " ")
        held = sum(screen.list.grid.source.row(place) is not None for place in range(100_000))
        assert held <= 1_000, "only what was seen is here"
        asked: list[str] = []
        page, first, typed = changes.newest, threading.Event(), threading.Event()

        def slow(most: int, wanted: Wanted, *, past: int = 0) -> list[Change]:
            asked.append(wanted.text)
            first.set()
            assert typed.wait(MOST_SECONDS)
            return page(most, wanted, past=past)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(changes, "newest", slow)
            await pilot.press("slash", "9")
            await until(pilot, first.is_set, "the first letter is looked for")
            await pilot.press(*"9123", "enter")
            typed.set()
            # All rows are looked through only once there are few.
            await until(pilot, lambda: screen.list.grid.source.total == 1)
            assert rows(screen) == ["Change 99123"]
        assert asked == ["9", "99123"], "what is wanted no more is not looked for"


async def test_the_list_is_narrowed_and_all_comes_back(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        work = app.workspace
        put(work, [
            some_change(work, "Waits", record="timesheets/client/1"),
            some_change(work, "Done", state="done", inverse=BACK, record="timesheets/client/1"),
            some_change(work, "Refused", state="refused", reason="no such town"),
            some_change(work, "Message", state="done", operation="widgets.form.send"),
        ])  # fmt: skip
        screen = await go(pilot)
        assert rows(screen) == ["Message", "Refused", "Done", "Waits"]
        await pilot.press("v")
        await until(pilot, lambda: "Only changes of" in words(pilot))
        await pilot.press(*["j"] * 5, "enter")
        await until(pilot, lambda: rows(screen) == ["Refused", "Done", "Waits"])
        assert "Changes: Timesheets" in words(pilot)
        await pilot.press("i")
        await until(pilot, lambda: "Only changes that are" in words(pilot))
        await pilot.press("j", "enter")
        await until(pilot, lambda: rows(screen) == ["Waits"])
        assert "Changes: open, Timesheets" in words(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: len(rows(screen)) == 4)
        await pilot.press("G", "n")
        await until(pilot, lambda: rows(screen) == ["Done", "Waits"])
        await pilot.press("n")
        await until(pilot, lambda: len(rows(screen)) == 4)
        await pilot.press("slash", *"TOWN")
        await until(pilot, lambda: rows(screen) == ["Refused"])
        await pilot.press(*"x")
        await until(pilot, lambda: "No change like this" in words(pilot))
        await pilot.press("enter", "escape")
        await until(pilot, lambda: len(rows(screen)) == 4)
        assert screen.list.wanted == Wanted()


async def test_it_shows_what_happens_while_it_is_seen(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        put(app.workspace, [some_change(app.workspace, "Older", state="done", inverse=BACK)])
        screen = await go(pilot)
        await client_named(app.workspace, "New here")
        await until(pilot, lambda: rows(screen) == ["New New here", "Older"])
        assert screen.list.grid.cursor_row == 1, "the cursor stays on its change"


# what waits


async def test_offline_what_waits_is_held_let_go_sent_and_dropped(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        way.open = False
        first, second = put(app.workspace, [
            some_change(app.workspace, "Sent by hand", reason="no network"),
            some_change(app.workspace, "Dropped by hand"),
        ])  # fmt: skip
        screen = await go(pilot)
        await pilot.press("G")
        await until(pilot, lambda: "State waiting" in words(pilot))
        await until(pilot, lambda: "no network" in words(pilot))
        assert "It is not sent then." in words(pilot)
        await pilot.press("p")
        await until(pilot, lambda: "… held" in words(pilot) and "Let go" in words(pilot))
        await pilot.press("p")
        await until(pilot, lambda: "It is sent when the way is open" in words(pilot))
        # What is let go is tried at once.
        await until(pilot, lambda: "could not be reached (no route)" in words(pilot))
        await pilot.press("s")
        await until(pilot, lambda: "It is kept and sent by itself" in words(pilot))
        way.open = True
        await pilot.press("s")
        await until(pilot, lambda: "Sent: Sent by hand." in words(pilot))
        assert await state_of(app, first) == "done"
        await pilot.press("g")
        await until(pilot, lambda: screen.entry.shown.id == second.id)
        await pilot.press("d")
        await until(pilot, lambda: "Drop: Dropped by hand?" in words(pilot))
        await pilot.press("d", "escape")
        assert await state_of(app, second) == "waiting"
        await pilot.press("d")
        await until(pilot, lambda: "Drop: Dropped by hand?" in words(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "Dropped: Dropped by hand." in words(pilot))
        assert await state_of(app, second) == "dropped"


async def test_what_waits_is_changed_in_a_form_of_its_operation(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        (change,) = put(app.workspace, [
            some_change(app.workspace, "New Typo", held=True,
                        arguments={"name": "Typo", "country": "SE"}),
        ])  # fmt: skip
        await go(pilot)
        await pilot.press("e")
        await until(pilot, lambda: "It is sent when the way is open" in words(pilot))
        await pilot.press("ctrl+u", *"Right", "f2")
        await until(pilot, lambda: "Changed. It waits as before." in words(pilot))
        now = app.workspace.history.changes.get(change.id)
        assert now is not None
        assert dict(now.arguments) == {"name": "Right", "country": "SE"}
        assert now.state == "waiting"


@pytest.mark.parametrize(
    ("key", "said", "now"),
    [("t", "Theirs stays", "Theirs"), ("m", "Sent: Rename Seen", "Mine")],
)
async def test_a_conflict_is_shown_and_decided(
    server: EmbeddedServer, tmp_path: Path, key: str, said: str, now: str
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        work = app.workspace
        number = await client_named(work, "Seen")
        await by_a_colleague(work, number, "Theirs")
        conflict = some_change(
            work, "Rename Seen", operation="timesheets.client.update", held=True,
            record=f"timesheets/client/{number}", before={"name": "Seen"},
            wanted={"name": "Mine"}, theirs={"name": "Theirs"},
            arguments={"client_id": number, "name": "Mine"},
        )  # fmt: skip
        put(work, [conflict])
        await go(pilot)
        await until(pilot, lambda: "! conflict" in words(pilot))
        await until(pilot, lambda: "was Seen theirs Theirs wanted Mine" in words(pilot))
        await pilot.press("s")
        await until(pilot, lambda: "Send now is for what waits" in words(pilot))
        await pilot.press("m")
        await until(pilot, lambda: "Changed meanwhile" in words(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "Nothing was decided" in words(pilot))
        await pilot.press("m")
        await until(pilot, lambda: "Changed meanwhile" in words(pilot))
        await pilot.press(key)
        await until(pilot, lambda: said in words(pilot))
        assert await name_of(work, number) == now


async def test_what_waits_for_another_account_is_never_sent(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        (change,) = put(app.workspace, [some_change(app.workspace, "Theirs", owner="timesheets@x")])
        await go(pilot)
        await pilot.press("s")
        await until(pilot, lambda: "which is not connected now" in words(pilot))
        await pilot.press("o")
        await until(pilot, lambda: "It is for another account" in words(pilot))
        assert await state_of(app, change) == "waiting"


# what is not known


async def test_what_is_not_known_is_looked_for_sent_again_counted_and_dropped(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        work = app.workspace
        there = await client_named(work, "Found anyway")
        titles = ("Dropped", "Counted", "Again")
        many = [some_change(work, f"{title} {there}", state="unknown", reason="Look yourself.")
                for title in titles]  # fmt: skip
        dropped, counted, again = put(work, many)
        await go(pilot)
        await until(pilot, lambda: "Look yourself." in words(pilot))
        assert "Nobody knows whether it was made" in words(pilot)
        await pilot.press("f")
        await until(pilot, lambda: "was not found" in words(pilot) or "It was done" in words(pilot))
        assert await state_of(app, again) == "unknown"
        await pilot.press("a")
        await until(pilot, lambda: "Where it was done, it is done twice" in words(pilot))
        await pilot.press("y")
        await until(pilot, lambda: f"Sent: Again {there}." in words(pilot))
        assert await state_of(app, again) == "done"
        await pilot.press("j", "c")
        await until(pilot, lambda: f"It counts as done: Counted {there}" in words(pilot))
        assert await state_of(app, counted) == "done"
        await pilot.press("j", "d")
        await until(pilot, lambda: "It may have been done" in words(pilot))
        await pilot.press("y")
        await until(pilot, lambda: f"Dropped: Dropped {there}" in words(pilot))
        assert await state_of(app, dropped) == "dropped"


async def test_what_is_found_by_its_effect_is_done(server: EmbeddedServer, tmp_path: Path) -> None:
    async with on(server, tmp_path) as (pilot, app):
        work = app.workspace
        number = await client_named(work, "Wanted by now")
        (change,) = put(work, [
            some_change(work, "Rename", state="unknown", operation="timesheets.client.update",
                        arguments={"client_id": number, "name": "Wanted by now"},
                        wanted={"name": "Wanted by now"}, before={"name": "Before"}),
        ])  # fmt: skip
        await go(pilot)
        await pilot.press("f")
        await until(pilot, lambda: "It was done: Rename." in words(pilot))
        assert await state_of(app, change) == "done"


# what was done


async def test_any_of_them_is_taken_back_after_a_question(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        work = app.workspace
        first = await client_named(work, "Taken back")
        second = await client_named(work, "Later one")
        screen = await go(pilot)
        await pilot.press("j")
        await until(pilot, lambda: "Undo it" in words(pilot))
        await pilot.press("b")
        await until(pilot, lambda: "Take back: New Taken back?" in words(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "Undone: New Taken back" in words(pilot))
        await until(pilot, lambda: len(rows(screen)) == 3)
        assert await name_of(work, second) == "Later one"
        with pytest.raises(Exception, match=r"(?i)not|exist|found"):
            await name_of(work, first)


async def test_what_cannot_be_taken_back_says_why(server: EmbeddedServer, tmp_path: Path) -> None:
    async with on(server, tmp_path) as (pilot, app):
        old = datetime.now(UTC) - timedelta(days=2)
        put(app.workspace, [some_change(app.workspace, "For good", state="done", time=old,
                                        no_inverse="The service keeps no copy.")])  # fmt: skip
        await go(pilot)
        await until(pilot, lambda: "The service keeps no copy." in words(pilot))
        await pilot.press("b")
        await until(pilot, lambda: "It cannot be taken back. The service" in words(pilot))


async def test_it_leads_to_the_record(server: EmbeddedServer, tmp_path: Path) -> None:
    async with on(server, tmp_path) as (pilot, app):
        put(app.workspace, [some_change(app.workspace, "Of an invoice", state="done", inverse=BACK,
                                        record="timesheets/invoice/5")])  # fmt: skip
        await go(pilot)
        await pilot.press("o")
        await until(pilot, lambda: getattr(pilot.app.screen, "SCOPE", "") == "invoices")
        grid = pilot.app.screen.invoices.grid  # type: ignore[attr-defined]
        await until(pilot, lambda: grid.cursor_key == "5")


async def test_another_screen_asks_for_one_record_or_for_what_is_open(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        this = some_change(app.workspace, "This", record="timesheets/client/1")
        put(app.workspace, [this, some_change(app.workspace, "That", state="done", inverse=BACK)])
        for key in ("open", "timesheets/client/1"):
            await pilot.app.screen.go("changes", key)  # type: ignore[attr-defined]
            screen = pilot.app.screen
            assert isinstance(screen, ChangesScreen)
            await until(pilot, lambda screen=screen: rows(screen) == ["This"])  # type: ignore[misc]


# what may not be, and what is broken


async def test_a_deck_that_may_change_nothing_shows_and_refuses(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path, deck__read_only="true") as (pilot, app):
        (change,) = put(app.workspace, [some_change(app.workspace, "Waits")])
        await go(pilot)
        for key in ("s", "d", "e", "p"):
            await pilot.press(key)
            await until(pilot, lambda: "the deck is read-only" in words(pilot))
        assert await state_of(app, change) == "waiting"


async def test_a_damaged_file_is_set_aside_and_said_where_it_was_kept(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "changes.db").write_bytes(b"this is no database at all" * 400)
    async with on(server, tmp_path) as (pilot, _):
        await until(pilot, lambda: bool(list(pilot.app._notifications)))
        (told,) = pilot.app._notifications
        assert told.message.startswith("The file of changes is damaged. It was kept as")
        await go(pilot)
        await until(pilot, lambda: "changes.damaged-" in words(pilot))
        await until(pilot, lambda: "Nothing was changed yet" in words(pilot))
    kept = list((tmp_path / "data").glob("changes.damaged-*.db"))
    assert len(kept) == 1


async def test_a_disk_that_refuses_is_said_in_place(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on(server, tmp_path) as (pilot, app):

        def refuse(*_: object, **__: object) -> int:
            raise OSError(5, "Input/output error", "changes.db")

        with monkeypatch.context() as patch:
            for name in ("count", "newest"):
                patch.setattr(app.workspace.history.changes, name, refuse)
            await pilot.press("H")
            await until(pilot, lambda: "Input/output error" in words(pilot))
        await pilot.press("r")
        await until(pilot, lambda: "Nothing was changed yet" in words(pilot))


async def test_an_import_of_which_a_row_was_refused_is_partly_done(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        put(app.workspace, [
            some_change(app.workspace, "Import 3 rows", state=state, group="import",
                        arguments={"rows": {row: {} for row in names}})
            for state, names in (("refused", "abc"), ("done", "ab"), ("refused", "c"))
        ])  # fmt: skip
        screen = await go(pilot)
        await until(pilot, lambda: rows(screen) == ["Import 3 rows (2 of 3 rows)"])
        assert "! partly done" in words(pilot)


async def test_what_one_action_did_in_many_calls_is_one_line_and_is_seen_to_as_one(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with on(server, tmp_path) as (pilot, app):
        workspace, states = app.workspace, ("done", "done", "unknown", "waiting", "waiting")
        parts = [
            some_change(
                workspace, "Import 50 rows", state=state, group="import",
                arguments={"name": f"call {number}"}, inverse=BACK if state == "done" else None,
            )
            for number, state in enumerate(states)
        ]  # fmt: skip
        steps = [
            some_change(workspace, f"Bill: {step}", state="done", group="bill", inverse=BACK,
                        needs="" if step == "draft" else "other")
            for step in ("draft", "entries")
        ]  # fmt: skip
        alone = some_change(workspace, "Alone", state="done", inverse=BACK)
        put(workspace, [*parts[:3], alone, *parts[3:], *steps])
        screen = await go(pilot)
        whole = "Import 50 rows (5 calls: 2 done, 2 waiting, 1 not known)"
        await until(pilot, lambda: rows(screen) == ["Bill: entries", "Bill: draft", whole, "Alone"])
        await pilot.press("j", "j")
        await until(pilot, lambda: "call 2" in words(pilot), "what is gravest is shown beside")
        assert "? not known" in words(pilot)
        # A state alone, or a text that only one of them has.
        screen.list.narrow(Wanted(states=("done",)))
        await until(pilot, lambda: rows(screen) == ["Bill: entries", "Bill: draft", "Alone", whole])
        screen.list.narrow(Wanted(text="call 3"))
        await until(pilot, lambda: rows(screen) == [whole])
        screen.list.narrow(Wanted(states=("waiting",)))
        await until(
            pilot, lambda: "Changes: waiting" in words(pilot) and "name: call 4" in words(pilot)
        )
        await pilot.press("d")
        await until(pilot, lambda: "Drop: Import 50 rows?" in words(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "Dropped: Import 50 rows" in words(pilot))
        assert [await state_of(app, one) for one in parts] == [
            "done", "done", "unknown", "dropped", "dropped",
        ]  # fmt: skip

"""`tockdeck changes`: listed, sent, dropped, taken back; the exit status says how it went."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from tests.changes import by_a_colleague, client_named, name_of, put, renamed, some_change
from tests.cli.conftest import Shell
from tui.cli import DONE, REFUSED, UNKNOWN, UNREACHABLE, USAGE
from tui.cli.settings import settings_of
from tui.services.errors import NotFound
from tui.store.changes import Change, Step
from tui.workspace.books.books import table_places
from tui.workspace.workspace import Workspace

BACK = Step(operation="timesheets.client.delete", arguments={"client_id": 1})


def workspace() -> Workspace:
    """As any verb of this person has it."""
    return Workspace(*settings_of({}, None, []))


def made(work: Callable[[Workspace], Any]) -> Any:
    """What another command has done before."""

    async def run() -> Any:
        before = workspace()
        try:
            return await work(before)
        finally:
            await before.close()

    return asyncio.run(run())


def kept(*titles: str, **values: Any) -> list[Change]:
    """Changes that stand on the disk."""

    async def work(before: Workspace) -> list[Change]:
        return put(before, [some_change(before, title, **values) for title in titles])

    found: list[Change] = made(work)
    return found


def state(change: Change) -> str:
    async def work(before: Workspace) -> str:
        found = before.history.changes.get(change.id)
        assert found is not None
        return found.state

    said: str = made(work)
    return said


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """No network."""

    async def handle(_transport: object, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no network", request=request)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle)


def listed(connected: Shell, *words: str) -> list[str]:
    """The titles of the list as JSON."""
    said = connected.run("changes", "--json", *words)
    assert said.status == DONE
    return [one["title"] for one in json.loads(said.out)]


def test_the_list_is_empty_narrowed_and_whole(connected: Shell) -> None:
    said = connected.run("changes")
    assert (said.status, said.err) == (DONE, "0 of 0 changes\n")
    (waits,) = kept("Waits", reason="no network", before={"name": "x"})
    kept("Done", state="done", inverse=BACK, time=datetime(2026, 8, 21, 9, 0, tzinfo=UTC))
    kept("Of another service", operation="timetonic.sendMsg", state="refused")
    said = connected.run("changes")
    assert said.err == "3 of 3 changes\n"
    for words in (waits.id, "waiting", "Timesheets", "Waits", "no network", "TimeTonic"):
        assert words in said.out
    assert listed(connected) == ["Of another service", "Done", "Waits"]
    assert listed(connected, "--most", "1") == ["Of another service"]
    assert listed(connected, "--service", "timesheets") == ["Done", "Waits"]
    assert listed(connected, "--state", "waiting") == ["Waits"]
    assert listed(connected, "--text", "NETWORK") == ["Waits"]
    (whole,) = json.loads(connected.run("changes", "--json", "--state", "done").out)
    assert whole["inverse"]["operation"] == "timesheets.client.delete"
    assert whole["time"] == "2026-08-21T09:00:00Z"
    assert whole["service"] == "timesheets"
    assert whole["owner"].startswith("timesheets@")
    assert (whole["held"], whole["theirs"], whole["undoes"]) == (False, None, "")


def test_an_import_of_which_some_rows_were_refused_is_partly_done(connected: Shell) -> None:
    calls = [
        ("done", ["tmp1", "tmp2"]), ("refused", ["tmp3", "tmp4"]),
        ("done", ["tmp3"]), ("refused", ["tmp4"]),
    ]  # fmt: skip
    for state, rows in calls:
        kept(
            "Import 4 rows", operation="timetonic.createOrUpdateTableRows", group="import",
            state=state, arguments={"cat_id": 1, "rows": {row: {"2": "x"} for row in rows}},
            reason="no such choice" if state == "refused" else "",
        )  # fmt: skip
    said = connected.run("changes")
    assert said.err == "1 of 1 change\n"
    for words in ("partly done", "Import 4 rows (3 of 4 rows)", "no such choice"):
        assert words in said.out
    assert "refused" not in said.out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("drop",), "which one"), (("list", "abc"), "say what to do with it"),
        (("shout",), "invalid choice"), (("--state", "lost"), "invalid choice"),
    ],
)  # fmt: skip
def test_what_is_not_meant_is_said(connected: Shell, words: Sequence[str], why: str) -> None:
    said = connected.run("changes", *words)
    assert said.status == USAGE
    assert why in said.err


@pytest.mark.parametrize("what", ["send", "drop", "undo"])
def test_a_number_that_there_is_not_is_said(connected: Shell, what: str) -> None:
    said = connected.run("changes", what, "0123")
    assert said.status == REFUSED
    assert "there is no change 0123" in said.err


def test_what_waits_is_sent(connected: Shell) -> None:
    first, second = kept("One to send", "Two to send")
    said = connected.run("changes", "send", second.id)
    assert (said.status, said.out) == (DONE, "Sent: Two to send.\n")
    assert state(first) == "waiting"
    said = connected.run("changes", "send")
    assert (said.status, said.out, said.err) == (DONE, "1 change sent.\n", "")
    assert state(first) == "done"
    said = connected.run("changes", "send", second.id)
    assert said.status == REFUSED
    assert "it is done" in said.err


def test_what_cannot_leave_stays_and_says_so(connected: Shell, unreachable: None) -> None:
    del unreachable
    (change,) = kept("Later")
    for words in (("send",), ("send", change.id)):
        said = connected.run("changes", *words)
        assert said.status == UNREACHABLE
        assert "Later" in said.err
        assert state(change) == "waiting"


def test_what_the_service_refuses_is_noted_with_its_words(connected: Shell) -> None:
    (change,) = kept(
        "Rename nobody",
        operation="timesheets.client.delete",
        arguments={"client_id": 987654},
    )
    said = connected.run("changes", "send")
    assert said.status == REFUSED
    assert f"{change.id} Rename nobody" in said.err
    assert state(change) == "refused"


def test_a_conflict_is_left_to_a_person(connected: Shell) -> None:
    async def work(before: Workspace) -> int:
        number = await client_named(before, "Seen")
        await by_a_colleague(before, number, "Theirs")
        mine = some_change(
            before, "Rename Seen", operation="timesheets.client.update",
            record=f"timesheets/client/{number}", before={"name": "Seen"},
            wanted={"name": "Mine"}, arguments={"client_id": number, "name": "Mine"},
        )  # fmt: skip
        put(before, [mine])
        return number

    number = made(work)
    said = connected.run("changes", "send")
    assert said.status == REFUSED
    assert "somebody else changed it meanwhile" in said.err
    assert made(lambda before: name_of(before, number)) == "Theirs"


def test_undo_says_what_others_made_of_it_and_takes_it_back_by_a_word(connected: Shell) -> None:
    async def work(before: Workspace) -> int:
        client = await before.connections.timesheets()
        new = await before.history.write("New Egret", partial(client.client.create, "Egret"))
        await client.project.create(new.id, "Theirs")
        return new.id

    number = made(work)
    said = connected.run("changes", "undo")
    assert said.status == REFUSED
    assert "projects was left as (nothing) and is " in said.err
    assert made(lambda before: name_of(before, number)) == "Egret"
    again = connected.run("changes", "undo", "--yes")
    assert (again.status, again.out) == (DONE, "Undone: New Egret.\n")
    with pytest.raises(NotFound):
        made(lambda before: name_of(before, number))


def test_a_column_that_others_changed_is_called_by_its_name(connected: Shell) -> None:
    async def work(before: Workspace) -> None:
        books, client = before.books, await before.connections.timetonic()
        shelf = (await books.shelf()).value.books
        book = next(one for one in shelf if one.b_c == "seabright-fleet")
        places = table_places(book, (await books.tables(book)).value)
        place = next(one for one in places if one.table.name == "Fleet maintenance")
        values = (await books.rows.page(place)).value
        field = next(one for one in values.fields if one.name == "Task")
        await books.rows.write_cell(place, values.fields, values.rows[0], field, "Mine")
        await client.update_table_value(values.rows[0].id, field.id, "Theirs")

    made(work)
    said = connected.run("changes", "undo")
    assert said.status == REFUSED
    assert "Task was left as Mine and is Theirs by now" in said.err


def test_what_nobody_knows_is_said_at_sending(connected: Shell) -> None:
    kept("Half way", state="unknown", arguments={"name": "Not there at all"})
    said = connected.run("changes", "send")
    assert said.status == UNKNOWN
    assert "whether it was done is not known" in said.err


def test_what_nobody_knows_is_looked_for_and_sent_again_by_a_persons_word(connected: Shell) -> None:
    (lost,) = kept("Lost", state="unknown", arguments={"name": "Lost on the way"})
    said = connected.run("changes", "send", lost.id)
    assert said.status == UNKNOWN
    assert "Lost: 1 call of it cannot be found." in said.err
    assert "--yes sends it again" in said.err
    assert state(lost) == "unknown"
    said = connected.run("changes", "send", lost.id, "--yes")
    assert (said.status, said.out) == (DONE, "Sent again: Lost.\n")
    assert state(lost) == "done"
    (there,) = kept("There", state="unknown", arguments={"name": "Lost on the way"})
    said = connected.run("changes", "send", there.id, "--yes")
    assert (said.status, said.out) == (DONE, "It was done: There.\n"), "not a second time"
    (other,) = kept("There", state="unknown", arguments={"name": "Lost on the way"}, owner="no one")
    said = connected.run("changes", "send", other.id, "--yes")
    assert (said.status, state(other)) == (REFUSED, "unknown"), "of another account nobody knows"


def test_what_waits_is_dropped_and_nothing_else(connected: Shell) -> None:
    (waits,) = kept("Waits")
    (done,) = kept("Done", state="done", inverse=BACK)
    said = connected.run("changes", "drop", waits.id)
    assert (said.status, said.out) == (DONE, "Dropped: Waits.\n")
    assert state(waits) == "dropped"
    said = connected.run("changes", "drop", done.id)
    assert said.status == REFUSED
    assert "it is done" in said.err


def test_undo_takes_back_the_latest_and_any_by_its_number(connected: Shell) -> None:
    async def work(before: Workspace) -> tuple[int, str]:
        number = await client_named(before, "First name")
        await renamed(before, number, "First name", "Second name")
        (change,) = before.history.changes.newest(1)
        await client_named(before, "Somebody else")
        return number, change.id

    number, rename = made(work)
    said = connected.run("changes", "undo", rename)
    assert (said.status, said.out) == (DONE, "Undone: Rename First name.\n")
    assert made(lambda before: name_of(before, number)) == "First name"
    said = connected.run("changes", "undo")
    assert (said.status, said.out) == (DONE, "Undone: New Somebody else.\n")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"time": datetime.now(UTC) - timedelta(hours=2)}, "more than ten minutes ago"),
        (
            {"inverse": Step(operation="timesheets.client.delete", inexact="Its notes are lost.")},
            "Its notes are lost.",
        ),
    ],
)
def test_undo_refuses_where_the_deck_would_ask(
    connected: Shell, values: dict[str, Any], why: str
) -> None:
    async def work(before: Workspace) -> int:
        number = await client_named(before, "Older")
        (change,) = before.history.changes.newest(1)
        if "inverse" in values:
            arguments = {"client_id": number}
            values["inverse"] = Step(
                operation="timesheets.client.delete", inexact="Its notes are lost.",
                arguments=arguments,
            )  # fmt: skip
        before.history.changes.amend(change.id, ("done",), **values)
        return number

    number = made(work)
    said = connected.run("changes", "undo")
    assert said.status == REFUSED
    assert why in said.err
    assert "--yes" in said.err
    assert made(lambda before: name_of(before, number)) == "Older"
    said = connected.run("changes", "undo", "--yes")
    assert said.status == DONE
    assert said.out.startswith("Undone: New Older.")


def test_what_has_no_way_back_is_refused_even_with_yes(connected: Shell) -> None:
    kept("For good", state="done", no_inverse="The service keeps no copy.")
    for more in ((), ("--yes",)):
        said = connected.run("changes", "undo", *more)
        assert said.status == REFUSED
        assert "The service keeps no copy." in said.err


def test_nothing_to_undo_is_said(connected: Shell) -> None:
    said = connected.run("changes", "undo")
    assert said.status == REFUSED
    assert "nothing was changed yet" in said.err


def test_a_damaged_file_is_said_and_set_aside(connected: Shell) -> None:
    (connected.home / "data").mkdir(exist_ok=True)
    (connected.home / "data" / "changes.db").write_bytes(b"no database" * 999)
    said = connected.run("changes")
    assert said.status == DONE
    assert "The file of changes is damaged. It was kept as" in said.err

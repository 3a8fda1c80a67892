"""Today's parts: what each says, what is kept of it, and the timer that is stopped and goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from tests.deck import at_work, workspace_of
from tests.harness import EmbeddedServer
from tui.services.errors import ConnectionFailed, ServiceError
from tui.workspace.today import Part

PARTS: tuple[Part, ...] = get_args(Part)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer() as running:
        yield running


async def test_every_part_is_told_and_kept_for_the_next_run(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        told = {}
        for part in PARTS:
            assert await workspace.today.kept(part) is None
            told[part] = (await workspace.today.part(part)).value
    async with at_work(server, tmp_path) as workspace:
        for part in PARTS:
            kept = await workspace.today.kept(part)
            assert kept is not None
            assert kept.value == told[part]
    assert all(found.items for found in told.values())
    assert {one.state for one in told["books"].items} == {"unread"}
    assert told["timer"].running is not None
    assert told["timer"].running.tracker == "Booking form"


async def test_a_session_that_goes_on_without_an_end_is_on_the_water(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        items = (await workspace.today.part("sessions")).value.items
    now = datetime.now(UTC)
    assert [(one.title, one.state) for one in items] == [
        ("Twilight series", "running"),
        ("Next weekend's regatta", ""),
    ]
    assert items[0].until is None
    assert items[0].when is not None
    assert now - items[0].when < timedelta(days=1)


async def test_unpaid_invoices_name_their_client_and_come_to_the_sum_of_all(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        found = (await workspace.today.part("invoices")).value
    rows = server.context.database.read(
        "SELECT i.id, i.amount, c.name FROM timesheets_invoices i"
        " JOIN timesheets_clients c ON c.id = i.client_id WHERE i.status = 'new'"
    )
    assert {one.key: one.title for one in found.items} == {
        str(row["id"]): row["name"] for row in rows
    }
    assert found.amount == sum(one.amount or 0 for one in found.items)
    dues = [one.when for one in found.items if one.when]
    assert dues == sorted(dues)


async def test_the_timer_stops_and_goes_on_with_what_was_stopped(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        stopped = await workspace.today.toggle_timer()
        assert stopped is not None
        assert (stopped.tracker, stopped.started) == ("Booking form", False)
        assert stopped.seconds > 0
        assert (await workspace.today.part("timer")).value.items == []
        started = await workspace.today.toggle_timer()
        assert started is not None
        assert (started.tracker, started.started) == ("Booking form", True)
        assert (await workspace.today.part("timer")).value.items[0].title == "Booking form"


async def test_one_services_silence_hides_no_other(tmp_path: Path) -> None:
    with EmbeddedServer(services=["timetonic", "timesheets"]) as server:
        async with at_work(server, tmp_path) as workspace:
            assert (await workspace.today.part("books")).value.items
            with pytest.raises(ServiceError, match="igtimi"):
                await workspace.today.part("sessions")
            assert (await workspace.today.part("invoices")).value.items
    workspace = workspace_of(server, tmp_path)
    try:
        with pytest.raises(ConnectionFailed):
            await workspace.today.part("books")
    finally:
        await workspace.close()

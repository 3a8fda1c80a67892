"""Hours in and out of the service: a second import adds nothing, what is refused stops no other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tests.workspace.hours import NOW, SAMPLES, log_of, unbooked
from tests.workspace.ways import Way
from tui.services.errors import ConnectionFailed, OutcomeUnknown
from tui.workspace.changes.errors import Waiting
from tui.workspace.hours.entries import Log
from tui.workspace.hours.hours import Preview
from tui.workspace.hours.names import said_names
from tui.workspace.hours.plan import State
from tui.workspace.timers.periods import Span
from tui.workspace.workspace import Workspace

FRAMES = '[[1768428000,1768435200,"Étude","1",[],1],[1768896000,1768899600,"other","2",[],1]]'


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with unbooked() as started:
        yield started


@pytest.fixture
async def workspace(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[Workspace]:
    made = workspace_of(server, tmp_path, deck__time_zone="Europe/Paris")
    yield made
    await made.close()


async def looked_at(workspace: Workspace, log: Log, *said: str, place: str = "") -> Preview:
    return await workspace.hours.preview(
        log,
        lambda overview: said_names(list(said), overview),
        place_from=time.fromisoformat(place) if place else None,
        now=NOW,
    )


def blocks_of(server: EmbeddedServer) -> list[tuple[int, int, int, str]]:
    """(tracker, beginning, end, text) of what the service has."""
    rows = server.context.database.read(
        "SELECT tracker_id, time_in, time_out, description FROM trackmypeople_blocks"
        " ORDER BY time_in"
    )
    return [
        (row["tracker_id"], row["time_in"], row["time_out"], row["description"]) for row in rows
    ]


def unsent(done: int, of: int) -> None:
    """Nobody listens."""


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
async def test_a_second_import_adds_nothing(
    path: Path, workspace: Workspace, server: EmbeddedServer
) -> None:
    log = log_of(path.read_bytes())
    said = ("*=alert rules",)
    first = await looked_at(workspace, log, *said, place="07:00")
    assert first.new
    result = await workspace.hours.add(first, unsent)
    assert (result.added, result.refused, result.waiting) == (len(first.new), [], 0)
    assert len(blocks_of(server)) == len(first.new)
    again = await looked_at(workspace, log, place="07:00")
    assert again.new == [], "the mapping is remembered"
    assert again.counts()[State.THERE] == len(first.new)
    assert (await workspace.hours.add(again, unsent)).added == 0


async def test_frames_after_the_log_add_what_the_log_had_not(workspace: Workspace) -> None:
    log, frames = (
        log_of((SAMPLES[0].parent / name).read_bytes())
        for name in ("watson-log.json", "watson-frames")
    )
    await workspace.hours.add(await looked_at(workspace, log, "*=alert rules"), unsent)
    counts = (await looked_at(workspace, frames)).counts()
    assert counts == {State.THERE: 2, State.NEW: 2, State.OVERLAPS: 1, State.ZERO: 1}, "four more"


async def test_what_is_added_is_what_the_file_says(
    workspace: Workspace, server: EmbeddedServer
) -> None:
    preview = await looked_at(workspace, log_of(FRAMES), "Étude=alert rules", "other=loft planner")
    await workspace.hours.add(preview, unsent)
    assert blocks_of(server) == [
        (15, 1768428000, 1768435200, ""), (10, 1768896000, 1768899600, ""),
    ]  # fmt: skip


async def test_names_without_a_tracker_are_told_and_the_others_added(workspace: Workspace) -> None:
    preview = await looked_at(workspace, log_of(FRAMES), "Étude=alert rules")
    assert preview.unmapped() == [("other", 1)]
    assert (await workspace.hours.add(preview, unsent)).added == 1
    later = await looked_at(workspace, log_of(FRAMES), "other=loft planner")
    assert [step.state for step in later.steps] == [State.THERE, State.NEW]


async def test_looking_at_it_keeps_no_names(workspace: Workspace) -> None:
    await looked_at(workspace, log_of(FRAMES), "*=alert rules")
    preview = await looked_at(workspace, log_of(FRAMES))
    assert len(preview.unmapped()) == 2


async def test_one_that_is_refused_keeps_none_of_the_others_back(
    workspace: Workspace, server: EmbeddedServer
) -> None:
    preview = await looked_at(workspace, log_of(FRAMES), "*=alert rules")
    # Somebody else is quicker.
    start = datetime.fromtimestamp(1768428000, UTC)
    await workspace.timers.add(start, start + timedelta(minutes=5), 10, "")
    result = await workspace.hours.add(preview, unsent)
    assert result.added == 1
    ((step, words),) = result.refused
    assert (step.entry.key, "overlap" in words) == ("1", True)
    assert len(blocks_of(server)) == 2


async def test_an_outcome_that_is_not_known_stops_and_says_how_far_it_came(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = await looked_at(workspace, log_of(FRAMES), "*=alert rules")
    calls: list[datetime] = []

    async def add(start: datetime, *rest: object) -> None:
        calls.append(start)
        if len(calls) == 2:
            raise OutcomeUnknown("no answer", service="trackmypeople")

    monkeypatch.setattr(workspace.timers, "add", add)
    with pytest.raises(OutcomeUnknown) as told:
        await workspace.hours.add(preview, unsent)
    assert told.value.progress.startswith("1 of 2 blocks were added. Import it again later")


async def test_what_waits_is_counted_as_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = await looked_at(workspace, log_of(FRAMES), "*=alert rules")

    async def add(*rest: object) -> None:
        raise Waiting("kept", "id")

    monkeypatch.setattr(workspace.timers, "add", add)
    result = await workspace.hours.add(preview, unsent)
    assert (result.added, result.waiting) == (0, 2)


async def test_what_waits_to_be_sent_is_not_imported_again(
    workspace: Workspace, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await workspace.connections.trackmypeople()
    preview = await looked_at(workspace, log_of(FRAMES), "*=alert rules")
    sent = client.transport.send

    async def nowhere(*rest: object, **more: object) -> None:
        raise ConnectionFailed("no way")

    monkeypatch.setattr(client.transport, "send", nowhere)
    assert (await workspace.hours.add(preview, unsent)).waiting == 2
    monkeypatch.setattr(client.transport, "send", sent)
    again = await looked_at(workspace, log_of(FRAMES))
    assert again.counts() == {State.THERE: 2}


async def test_what_is_not_taken_over_is_said(workspace: Workspace) -> None:
    text = "i 2026-01-14 09:00 a\no 2026-01-14 10:00\n"
    plain = await looked_at(workspace, log_of(text), "*=alert rules")
    assert plain.left_behind() == []
    toggl = log_of((SAMPLES[0].parent / "toggl-new.csv").read_bytes())
    preview = await looked_at(workspace, toggl, "*=alert rules")
    assert preview.left_behind() == [
        "The tags of 1 entry are not kept: a block has none.",
        "Whose hours they are: A B; all become yours.",
    ]


@pytest.mark.parametrize("form", ["csv", "json", "ics", "timeclock"])
async def test_an_export_is_imported_again_with_nothing_to_add(
    form: str, workspace: Workspace
) -> None:
    timers = workspace.timers
    start = datetime(2026, 1, 14, 8, 0, 30, tzinfo=UTC)
    await timers.add(start, start + timedelta(minutes=75), 15, "panels; =1+1")
    await timers.add(start + timedelta(hours=2), start + timedelta(hours=3), 10, "")
    if form != "timeclock":
        await timers.add_free(Decimal("7.5"), date(2026, 1, 16), 19, "rest")
    span = Span(date(2026, 1, 1), date(2026, 1, 31))
    made = await workspace.hours.export(span, form)
    log = log_of(made.text)
    assert (len(log.entries), log.problems, made.kept) == (made.entries, [], None)
    names = ["*=alert rules"] if form == "timeclock" else []
    counts = (await looked_at(workspace, log, *names)).counts()
    if form == "timeclock":
        assert made.lacks == ["1 text reworded: no `;`, line break or two spaces."]
        assert counts == {State.CHANGED: 1, State.THERE: 1}
    else:
        assert counts == {State.THERE: 3}


async def test_without_the_service_hours_that_were_read_are_exported_and_their_age_is_told(
    workspace: Workspace, way: Way
) -> None:
    timers = workspace.timers
    start = datetime(2026, 1, 14, 8, 0, tzinfo=UTC)
    await timers.add(start, start + timedelta(minutes=75), 15, "panels")
    span = Span(date(2026, 1, 1), date(2026, 1, 31))
    there = await workspace.hours.export(span, "csv")
    assert (there.entries, there.kept) == (1, None)
    way.open = False
    kept = await workspace.hours.export(span, "csv")
    assert (kept.text, kept.entries) == (there.text, 1)
    assert kept.kept is not None
    assert kept.kept.sentence.startswith("the service cannot be reached: the hours are as of ")
    with pytest.raises(ConnectionFailed):
        await workspace.hours.export(Span(date(2025, 1, 1), date(2025, 1, 31)), "csv")

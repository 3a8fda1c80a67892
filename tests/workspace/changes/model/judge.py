"""What the services have is held against what was noted: nothing lost, doubled, out of order."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.workspace.changes.model.work import WORKS, Event, Watched
from tui.store.changes import Change
from tui.workspace.changes.errors import Waiting
from tui.workspace.changes.history import History
from tui.workspace.problems import EXPECTED

ROUNDS = 8


@dataclass
class Verdict:
    """What was found wrong, and what was seen."""

    faults: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)


def watch(database: Any, watched: Iterable[Watched]) -> None:
    """Have the database note every new value of a column."""
    statements = [
        "CREATE TABLE model_log"
        " (place INTEGER PRIMARY KEY, kind TEXT, watched TEXT, record TEXT, old TEXT, new TEXT)"
    ]
    for one in watched:
        new, old = one.value.format(row="new"), one.value.format(row="old")
        # A device is known by its serial number.
        key = "serial" if one.table == "igtimi_device" else "id"
        for kind, moment, row, values, when in (
            ("made", "INSERT", "new", f"'', {new}", ""),
            ("gone", "DELETE", "old", f"{old}, ''", ""),
            ("changed", "UPDATE", "new", f"{old}, {new}", f"WHEN {old} IS NOT {new}"),
        ):
            statements.append(
                f"CREATE TRIGGER model_{kind}_{one.table} AFTER {moment}"
                f" ON {one.table} {when} BEGIN INSERT INTO model_log"
                " (kind, watched, record, old, new)"
                f" VALUES ('{kind}', '{one.table}', {row}.{key}, {values}); END"
            )
    with database.write() as connection:
        for statement in statements:
            connection.execute(statement)


def logged(database: Any) -> list[Any]:
    """What was noted, in order."""
    return list(database.read("SELECT * FROM model_log ORDER BY place"))


async def settle(history: History, database: Any, verdict: Verdict) -> None:
    """Come back when all is well: look, send, choose, until nothing is open."""
    outbox = history.outbox
    history.sender.resolve = None
    for _ in range(ROUNDS):
        for change in await outbox.recover():
            applied = _applied(change, database)
            verdict.seen["looked at by a person"] += 1
            if applied:
                verdict.seen["not found though made"] += 1
                await outbox.count_as_done(change.id)
            else:
                await outbox.drop(change.id)
        await outbox.send_all()
        still = await outbox.still_open()
        for change in still:
            if change.held:
                verdict.seen["left as theirs"] += 1
                await outbox.drop(change.id)
        if not still:
            return
    verdict.faults.append(f"still open: {[(c.title, c.state, c.reason) for c in still]}")


def _applied(change: Change, database: Any) -> bool:
    """Whether the last event of a change of this mark is there: marks are written once."""
    events = WORKS[change.service].events(change)
    rows = logged(database)
    for event in events:
        if event.kind == "gone":
            return any(row["kind"] == "gone" and row["record"] == event.record for row in rows)
        if change.undoes or change.redoes:
            # A value that stood there before: the latest of the record decides.
            latest = [row for row in rows if row["record"] == event.record]
            return bool(latest) and latest[-1]["new"] == event.value
        return any(row["new"] == event.value for row in rows)
    return False


def made(changes: Sequence[Change]) -> list[Change]:
    """Those that the service made, in the order in which they were begun."""

    def was_made(change: Change) -> bool:
        if change.undoes:
            # What was taken back before it was sent is noted without arguments.
            return change.state == "done" and bool(change.arguments)
        if change.redoes:
            return change.state == "done"
        return change.was_made

    return [change for change in changes if was_made(change)]


def compare(changes: Sequence[Change], database: Any, verdict: Verdict) -> None:
    """Every event that the notes tell is there once, in its order, and nothing besides."""
    rows = logged(database)
    told: dict[str, list[Event]] = {}
    for change in made(changes):
        for event in WORKS[change.service].events(change):
            told.setdefault(event.kind, []).append(event)
            verdict.seen[f"{change.service} {event.kind}"] += 1
    there = Counter(row["new"] for row in rows if row["kind"] == "made")
    noted = Counter(event.value for event in told.get("made", []))
    if there != noted:
        verdict.faults.append(f"made there {there - noted}, only noted {noted - there}")
    gone = sum(row["kind"] == "gone" for row in rows)
    if gone != len(told.get("gone", [])):
        verdict.faults.append(f"gone there {gone}, noted {len(told.get('gone', []))}")
    _in_order(changes, rows, verdict)


def _in_order(changes: Sequence[Change], rows: Sequence[Any], verdict: Verdict) -> None:
    """The values of the records that stay, one after the other, as they were noted."""
    fixed = {row["record"] for row in rows} - {
        row["record"] for row in rows if row["kind"] in ("made", "gone")
    }
    for record in fixed:
        there = [row for row in rows if row["record"] == record]
        noted: list[tuple[str, Change]] = []
        for change in made(changes):
            for event in WORKS[change.service].events(change):
                if event.record == record and event.kind == "changed":
                    noted.append((event.value, change))
        values = [there[0]["old"], *(row["new"] for row in there)]
        told = [values[0]]
        for value, change in noted:
            before = WORKS[change.service].before(change)
            if before is not None and before != told[-1] and value != told[-1]:
                verdict.faults.append(
                    f"{record}: {change.title} was written over {told[-1]}, seen was {before}"
                )
            if value != told[-1]:
                told.append(value)
        if told != values:
            verdict.faults.append(f"{record}: there {values}, noted {told}")


def nothing_lost(log: Path, changes: Sequence[Change], verdict: Verdict) -> None:
    """What an actor was told of its work is what the notes say."""
    firsts = [change for change in changes if not (change.undoes or change.redoes)]
    by_title = {change.title: change for change in firsts}
    last: dict[str, str] = {}
    for line in log.read_text().splitlines() if log.exists() else ():
        said = json.loads(line)
        if "mark" in said:
            last[said["mark"]] = said["state"]
    for mark, state in last.items():
        change = by_title.get(mark)
        verdict.seen[f"actor heard {state}"] += 1
        if change is None:
            if state not in ("intent", "no", "conflict"):
                verdict.faults.append(f"{mark} was {state} and is nowhere")
        elif state == "done" and change.state not in ("done", "undone"):
            verdict.faults.append(f"{mark} was done and is {change}")
        elif state in ("no", "conflict") and change.state not in ("refused", "dropped"):
            verdict.faults.append(f"{mark} was {state} and is {change.state}: {change.reason}")


async def judged(history: History, database: Any, log: Path) -> Verdict:
    """Settle all that is open, then compare."""
    verdict = Verdict()
    try:
        await settle(history, database, verdict)
    except (Waiting, *EXPECTED) as error:
        verdict.faults.append(f"could not settle: {error}")
    changes = await asyncio.to_thread(history.changes.newest, 10_000)
    changes.reverse()
    compare(changes, database, verdict)
    nothing_lost(log, changes, verdict)
    return verdict

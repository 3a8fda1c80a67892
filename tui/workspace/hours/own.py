"""Our own CSV, JSON and Markdown: what was written is read back as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any

import msgspec

from tui.words import as_given
from tui.workspace.csv_cells import csv_text, unguard
from tui.workspace.hours.entries import Entry, LineError, Log, with_newlines
from tui.workspace.hours.figures import SEPARATOR, decimal, h_mm, hms, markdown_cell
from tui.workspace.hours.tables import Table
from tui.workspace.hours.walls import iso_day, moment_told
from tui.workspace.times import local_text

FORM = "tockdeck"
COLUMNS = (
    "date", "start", "stop", "zone", "hours", "h:mm", "seconds", "path", "tracker", "description",
    "free", "id",
)  # fmt: skip
_MARK = SEPARATOR.strip()


def is_own(table: Table) -> bool:
    """Whether it is our own CSV."""
    return table.has("start", "seconds", "h:mm", "path")


def _row(entry: Entry, where: tzinfo) -> dict[str, Any]:
    day = entry.on(where)
    ended = not entry.open
    return {
        "date": "" if day is None else day.isoformat(),
        "start": None if entry.start is None else _iso(entry.start, where),
        "stop": None if entry.stop is None else _iso(entry.stop, where),
        "zone": str(getattr(where, "key", None) or where),
        "hours": decimal(entry.length) if ended else None,
        "h:mm": h_mm(entry.length) if ended else None,
        "seconds": entry.length if ended else None,
        "path": list(entry.names),
        "tracker": entry.names[-1] if entry.names else "",
        "description": with_newlines(entry.text),
        "free": entry.free,
        "id": entry.key,
    }


def _iso(moment: datetime, where: tzinfo) -> str:
    return local_text(moment, where).replace(" ", "T")


def written_csv(entries: Sequence[Entry], where: tzinfo) -> str:
    """CSV with decimal and h:mm hours beside the exact seconds; no cell is a formula."""
    rows = []
    for entry in entries:
        row = _row(entry, where)
        row["path"] = SEPARATOR.join(name.replace(_MARK, _MARK * 2) for name in entry.names)
        row["free"] = "yes" if entry.free else ""
        rows.append(row)
    return csv_text(COLUMNS, rows)


def written_json(entries: Sequence[Entry], where: tzinfo) -> str:
    """A list of objects with the same names as the columns."""
    lines = (msgspec.json.encode(_row(entry, where)).decode() for entry in entries)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def written_markdown(entries: Sequence[Entry], where: tzinfo) -> str:
    """A table for people, day by day with its sum; it is not read back."""
    lines = ["| day | from | to | hours | tracker | what |", "|---|---|---|---|---|---|"]
    days: dict[date | None, list[Entry]] = {}
    for entry in entries:
        days.setdefault(entry.on(where), []).append(entry)
    for day, those in days.items():
        for entry in those:
            clocks = [
                "" if at is None else f"{at.astimezone(where):%H:%M}"
                for at in (entry.start, entry.stop)
            ]
            length = "runs" if entry.open else h_mm(entry.length)
            what = " ".join(filter(None, [entry.text, "(free)" if entry.free else ""]))
            cells = ["", *clocks, length, SEPARATOR.join(entry.names), what]
            lines.append(_line(cells))
        name = "no day" if day is None else day.isoformat()
        lines.append(_line([f"**{name}**", "", "", f"**{_sum(those)}**", "", ""]))
    lines.append(_line(["**all**", "", "", f"**{_sum(entries)}**", "", ""]))
    return "\n".join(lines) + "\n"


def _sum(entries: Sequence[Entry]) -> str:
    return h_mm(sum(entry.length for entry in entries))


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell if "**" in cell else markdown_cell(cell) for cell in cells) + " |"


# -- read back --------------------------------------------------------------------------------


def read_csv(table: Table) -> Log:
    """Our own CSV."""
    log = table.log(FORM)
    for row in table.rows:
        cells = {name: unguard(row.cells.get(name, "")) for name in COLUMNS}
        # A mark within a name was doubled, so that a single one only stands between names.
        path = [one.replace(_MARK * 2, _MARK) for one in cells["path"].split(SEPARATOR)]
        # A row that a person added may have the tracker's name alone.
        alone = [cells["tracker"]] if cells["tracker"] else []
        values = {**cells, "path": path if cells["path"] else alone, "free": cells["free"] == "yes"}
        try:
            log.entries.append(_entry(row.at, values))
        except (LineError, OverflowError) as error:
            log.refuse(row.at, error)
    log.problems.sort(key=lambda one: one.at)
    return log


def read_json(objects: list[Any]) -> Log:
    """Our own JSON."""
    log = Log(FORM, unit="entry")
    for at, one in enumerate(objects, 1):
        try:
            if not isinstance(one, dict):
                raise LineError("it is no object")
            log.entries.append(_entry(at, one))
        except (LineError, OverflowError) as error:
            log.refuse(at, error)
    return log


def _entry(at: int, values: dict[str, Any]) -> Entry:
    path = values.get("path") or []
    text, key = values.get("description") or "", values.get("id") or ""
    if not isinstance(path, list) or not all(isinstance(one, str) for one in [*path, text, key]):
        raise LineError("its path, description or id is no text")
    names, free = tuple(path), bool(values.get("free"))
    start, stop = _moment(values.get("start")), _moment(values.get("stop"))
    if start is None:
        day = iso_day(str(values["date"])) if values.get("date") else None
        seconds = _whole(values.get("seconds"))
        return Entry(
            at=at, day=day, seconds=seconds, names=names, text=text, key=key, free=free,
            wrote=f"{day} {hms(seconds)}",
        )  # fmt: skip
    if stop is not None and stop < start:
        raise LineError(f"it ends before it begins: {values['start']} to {values['stop']}")
    return Entry(
        at=at, start=start, stop=stop, names=names, text=text, key=key, free=free,
        wrote=f"{values['start']} to {values.get('stop') or ''}".strip(),
    )  # fmt: skip


def _moment(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    return moment_told(value)


def _whole(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise LineError(f"{as_given(value)} is no number of seconds") from None

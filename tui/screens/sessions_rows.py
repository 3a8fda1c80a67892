"""Sessions, their logs and what was tracked, as lines of grids and outlines."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING

from tui.widgets.grid_model import Cell, CellValue, Column
from tui.widgets.outline_model import Node
from tui.workspace.times import clock, day_text, moment_text, span_text

if TYPE_CHECKING:
    from tui.workspace.sessions import LogEntry, Opened, Session, SessionObject

COLUMNS = [
    Column("state", "", width=2),
    Column("name", "Session", minimum=16, maximum=48, flexible=True),
    Column("day", "Day", minimum=10),
    Column("start", "From", minimum=5),
    Column("length", "Hours", kind="number", minimum=5),
    Column("access", "Access", minimum=6),
]


def session_rows(sessions: list[Session], zone: tzinfo) -> list[list[CellValue]]:
    """One row a session; the first column marks what is on the water now."""
    now = datetime.now(UTC)
    today = now.astimezone(zone).date()
    return [_row(one, zone, now, today) for one in sessions]


def _row(one: Session, zone: tzinfo, now: datetime, today: date) -> list[CellValue]:
    start, end = one.start_time, one.end_time
    live = start is not None and start <= now and (end is None or end > now)
    ahead = start is not None and start > now
    mark = Cell("●", "good") if live else Cell("◷" if ahead else "", "muted")
    length = span_text((end - start).total_seconds()) if start and end else ""
    return [
        mark,
        one.name or Cell(f"session {one.id}, no name yet", "muted"),
        day_text(start.astimezone(zone).date(), today) if start else Cell("no times", "muted"),
        clock(start, zone) if start else "",
        length or (Cell("open", "good") if live else ""),
        "edit" if one.permissions.modify else Cell("read", "muted"),
    ]


def opened_nodes(opened: Opened, zone: tzinfo) -> list[Node]:
    """What a session's log comes to, then the log itself."""
    state = opened.state
    nodes = [
        Node("boats", "Boats", badge=str(len(state.boats)), open=True,
             children=[_thing(one, opened) for one in state.boats]),
        Node("marks", "Marks", badge=str(len(state.marks)),
             children=[_thing(one, opened) for one in state.marks]),
    ]  # fmt: skip
    others = [
        one for one in state.objects.values() if one not in state.boats and one not in state.marks
    ]
    if others:
        nodes.append(
            Node("others", "Other devices", badge=str(len(others)), open=True,
                 children=[_thing(one, opened) for one in others])
        )  # fmt: skip
    if state.manual_wind is not None:
        wind = state.manual_wind
        text = f"{wind.strength / 1.852:.1f} kn from {wind.direction:.0f}°"
        nodes.append(Node("wind", "Wind by hand", detail=text))
    if state.course_direction is not None:
        nodes.append(Node("course", "Course", detail=f"{state.course_direction:.0f}°"))
    nodes += [Node(f"problem:{n}", text, role="warn", mark="!") for n, text in
              enumerate(state.problems)]  # fmt: skip
    nodes.append(
        Node("log", "Log", badge=f"{len(opened.entries):,}",
             children=[_entry(one, zone) for one in reversed(opened.entries)])
    )  # fmt: skip
    return nodes


def _thing(thing: SessionObject, opened: Opened) -> Node:
    details = [part for part in (thing.boat_number, thing.country, thing.buoy_type) if part]
    if thing.crew:
        details.append(", ".join(thing.crew))
    children = [
        Node(f"device:{serial}", serial, detail=_device(serial, opened)) for serial in thing.devices
    ]
    children += [
        Node(f"position:{thing.id}:{n}", f"{at.latitude:.5f}, {at.longitude:.5f}")
        for n, at in enumerate(thing.positions)
    ]
    return Node(
        f"object:{thing.id}",
        thing.name or f"{thing.kind or 'object'} {thing.id}",
        detail=" · ".join(details),
        badge=str(len(thing.devices)) if thing.devices else "",
        children=children,
    )


def _device(serial: str, opened: Opened) -> str:
    device = opened.devices.get(serial)
    if device is None:
        return "unknown device"
    rights = "" if device.permissions.read else " · no right to read its data"
    return f"{device.name or ''}{rights}"


def _entry(entry: LogEntry, zone: tzinfo) -> Node:
    made = moment_text(entry.created_at, zone) if entry.created_at else ""
    kind = type(entry.data).__name__
    words = " ".join(
        f"{name}={value}"
        for name in entry.data.__struct_fields__
        if (value := getattr(entry.data, name)) not in (None, "", [], ())
        and not isinstance(value, list)
    )
    content = getattr(entry.data, "content", None)
    if content:
        words += " ".join(_element(one) for one in content)
    return Node(f"entry:{entry.id}", kind, detail=words, badge=made)


def _element(element: object) -> str:
    name, text = getattr(element, "name", ""), getattr(element, "text", "")
    children = getattr(element, "children", [])
    inside = " ".join(_element(child) for child in children)
    return f"{name}: {text.strip()}{inside}".strip() if text.strip() or inside else str(name)

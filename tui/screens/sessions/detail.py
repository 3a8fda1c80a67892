"""What the cursor is on in the Sessions screen, looked into: lines of an outline."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from tui.spoken_keys import key_for
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.times import length_text, moment_text

if TYPE_CHECKING:
    from tui.workspace.sessions.fleet import Access, DeviceFound, GroupFound
    from tui.workspace.sessions.sessions import LogEntry, Opened, SessionObject

KNOT = 1.852
MOST_ENTRIES = 500
GONE = "The entry is not in the log any more."


def opened_nodes(opened: Opened, zone: tzinfo) -> list[Node]:
    """What a session's log comes to, then the log itself."""
    state = opened.state
    nodes = [Node("times", _times(opened, zone))]
    others = [
        one for one in state.objects.values() if one not in state.boats and one not in state.marks
    ]
    for key, title, things in (
        ("boats", "Boats", state.boats),
        ("marks", "Marks", state.marks),
        ("others", "Wind stations", others),
    ):
        if things:
            nodes.append(
                Node(key, title, badge=str(len(things)), open=key != "marks",
                     children=[_thing(one, opened) for one in things])
            )  # fmt: skip
    if not state.objects:
        nodes.append(
            Node(
                "none",
                f"No boat yet. {key_for('sessions.annotate')} puts a device into the session.",
                role="muted",
            )
        )
    if state.manual_wind is not None:
        wind = state.manual_wind
        text = f"{wind.strength / KNOT:.1f} kn from {wind.direction:.0f}°"
        nodes.append(Node("wind", "Wind by hand", detail=text))
    if state.course_direction is not None:
        nodes.append(Node("course", "Course", detail=f"{state.course_direction:.0f}°"))
    nodes += [Node(f"problem:{n}", text, role="warn", badge_role="warn", mark="!")
              for n, text in enumerate(state.problems)]  # fmt: skip
    nodes.append(
        Node("log", "Log", badge=f"{len(opened.entries):,}", children=_log(opened, zone),
             open=not state.objects)
    )  # fmt: skip
    return nodes


def _times(opened: Opened, zone: tzinfo) -> str:
    start = opened.state.start or opened.session.start_time
    end = opened.state.end or opened.session.end_time
    if start is None:
        return f"No times yet. {key_for('sessions.annotate')} sets them."
    if end is None:
        return f"Since {moment_text(start, zone)}, no end yet"
    return f"{_from_to(start, end, zone)} · {length_text((end - start).total_seconds())}"


def _from_to(start: datetime | None, end: datetime | None, zone: tzinfo) -> str:
    if start is None or end is None:
        return " to ".join(moment_text(one, zone) for one in (start, end) if one is not None)
    there = end.astimezone(zone)
    same = start.astimezone(zone).date() == there.date()
    return f"{moment_text(start, zone)} to {there:%H:%M}" if same else (
        f"{moment_text(start, zone)} to {moment_text(end, zone)}"
    )  # fmt: skip


def _log(opened: Opened, zone: tzinfo) -> list[Node]:
    from tui.workspace.sessions.sentences import Teller

    teller = Teller(opened.entries, zone)
    newest = opened.entries[: -MOST_ENTRIES - 1 : -1]

    def node(entry: LogEntry) -> Node:
        gone = entry.id in teller.taken_back
        made = _written(entry.created_at, zone) if entry.created_at else ""
        return Node(
            f"entry:{entry.id}",
            teller.sentence(entry.data),
            badge=made,
            role="muted" if gone else "text",
            mark="✗" if gone else "·",
        )

    nodes = [node(entry) for entry in newest]
    if len(newest) < len(opened.entries):
        text = f"The newest {len(newest):,} of {counted(len(opened.entries), 'entry')}."
        nodes.append(Node("rest", text, role="muted"))
    return nodes


def _written(moment: datetime, zone: tzinfo) -> str:
    """When an entry was made, short: what it says needs the room."""
    there, today = moment.astimezone(zone), datetime.now(zone).date()
    if there.date() == today:
        return f"{there:%H:%M}"
    return f"{there.day} {there:%b}" + (f" {there:%Y}" if there.year != today.year else "")


def not_shown(opened: Opened, key: str) -> str:
    """Why no line is about an entry of the log."""
    if any(f"entry:{one.id}" == key for one in opened.entries):
        return f"The entry is not among the {MOST_ENTRIES} of the log that are shown."
    return GONE


def entry_text(opened: Opened, key: str, zone: tzinfo) -> str:
    """One entry of the log in full, to read."""
    from tui.workspace.sessions.sentences import Teller

    teller = Teller(opened.entries, zone)
    entry = next((one for one in opened.entries if f"entry:{one.id}" == key), None)
    if entry is None:
        return GONE
    lines = [teller.sentence(entry.data), ""]
    if entry.created_at is not None:
        lines.append(f"written  {moment_text(entry.created_at, zone)}")
    lines.append(f"entry    {entry.id}")
    if entry.id in teller.taken_back:
        lines.append("A later entry took it back.")
    return "\n".join(lines)


def _thing(thing: SessionObject, opened: Opened) -> Node:
    details = [part for part in (thing.boat_number, thing.country, thing.buoy_type) if part]
    if thing.crew:
        details.append(", ".join(thing.crew))
    children = [
        Node(f"device:{serial}", serial, detail=_device(serial, opened), is_name=True)
        for serial in thing.devices
    ]
    children += [
        Node(f"position:{thing.id}:{n}", f"{at.latitude:.5f}, {at.longitude:.5f}")
        for n, at in enumerate(thing.positions)
    ]
    return Node(
        f"object:{thing.id}",
        thing.name or f"{thing.kind or 'object'} {thing.id}",
        detail=" · ".join(details),
        children=children,
        is_name=True,
    )


def _device(serial: str, opened: Opened) -> str:
    device = opened.devices.get(serial)
    if device is None:
        return ""
    rights = "" if device.permissions.read else "no right to read its data"
    return " · ".join(part for part in (device.name or "", rights) if part)


def device_nodes(found: DeviceFound, zone: tzinfo) -> list[Node]:
    """What a device is, what it sent lately, and who may see it."""
    device = found.device
    facts = [
        ("Serial number", device.serial_number),
        ("Unit", found.unit),
        ("Service tag", device.service_tag),
        ("IMEI", device.imei),
        ("Rights", _rights(device.permissions.read, device.permissions.modify)),
    ]
    said = device.device_info
    if said is not None and not isinstance(said, bool):
        facts += [
            ("Firmware", " ".join(part for part in (said.target, said.build, said.stage) if part)),
            ("Built", said.build_date),
            ("Modem", said.cell_module),
        ]
    nodes = [Node(f"fact:{name}", name, detail=text) for name, text in facts if text]
    data = [
        Node(f"stretch:{one.id}", _from_to(one.start, one.end, zone), detail=" ".join(one.types))
        for one in found.stretches
    ]
    since = f"since {moment_text(found.since, zone)}"
    nodes.append(
        Node("data", "Data" if data else "No data", detail=since,
             badge=str(len(data) or ""), children=data, open=True)
    )  # fmt: skip
    access = [_access(one, zone) for one in found.access or ()]
    badge, alone = str(len(access)), "nobody else sees its data"
    if found.access is None:
        badge, alone = "", "not known"
    nodes.append(
        Node("windows", "Access", badge=badge, children=access, open=True,
             detail="" if access else alone)
    )  # fmt: skip
    return nodes


def _access(one: Access, zone: tzinfo) -> Node:
    start = one.window.start_time
    if one.for_ever:
        when = f"from {moment_text(start, zone)}, for ever" if start else "for ever"
    else:
        when = _from_to(start, one.window.end_time, zone)
    right = _rights(True, one.window.permissions.modify)
    return Node(f"window:{one.window.id}", one.recipient, detail=f"{when} · {right}", is_name=True)


def _rights(read: bool, modify: bool) -> str:
    return "read and share" if modify else "read" if read else "none"


def group_nodes(found: GroupFound) -> list[Node]:
    """Who is in a group."""
    nodes = []
    for number, (member, name) in enumerate(found.members):
        identity = member.user or member.group
        kind = "group" if member.group is not None else ""
        right = "edits it" if identity is not None and identity.permissions.modify else ""
        detail = " · ".join(part for part in (kind, right) if part)
        nodes.append(Node(f"member:{number}", name, detail=detail, is_name=True))
    return nodes


def access_nodes(one: Access, zone: tzinfo) -> list[Node]:
    """One window, a fact a line."""
    window = one.window
    end = "never" if one.for_ever else moment_text(window.end_time, zone) if window.end_time else ""
    facts = [
        ("Device", window.device_serial_number),
        ("For", one.recipient),
        ("From", moment_text(window.start_time, zone) if window.start_time else ""),
        ("Ends", end),
        ("Rights", _rights(window.permissions.read, window.permissions.modify)),
    ]
    return [Node(f"fact:{name}", name, detail=text) for name, text in facts if text]

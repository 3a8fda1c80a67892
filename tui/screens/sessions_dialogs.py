"""Questions about sessions: a new one, an entry of the log, what is plotted."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tui.screens.base import DeckScreen
from tui.widgets.dialogs import Choice
from tui.widgets.form_values import FormField
from tui.widgets.outline_model import Node
from tui.workspace.sessions import Opened, Session, SessionRoom

KNOT = 1.852


async def choose_curve(
    screen: DeckScreen, room: SessionRoom, opened: Opened, now: tuple[str, int, int]
) -> tuple[str, int, int] | None:
    """A device, then one of the types that it has data of: (serial, type, axis)."""
    devices = [
        Node(serial, opened.device_name(serial), detail=serial)
        for serial in opened.state.serial_numbers
    ]
    serial = await screen.ask(
        Choice("Plot which device?", devices, current=now[0], empty="The session has no device.")
    )
    if serial is None:
        return None
    types = await room.types(opened, serial)
    nodes = [
        Node(f"{one.id}:{axis}", one.name + (f", {title}" if len(one.axes) > 1 else ""),
             detail=one.unit)
        for one in types
        for axis, title in enumerate(one.axes, start=1)
    ]  # fmt: skip
    chosen = await screen.ask(
        Choice(
            f"Plot what of {opened.device_name(serial)}?",
            nodes,
            current=f"{now[1]}:{now[2]}",
            empty="The device has no data in this session.",
        )
    )
    if chosen is None:
        return None
    type_id, _, axis_text = chosen.partition(":")
    return serial, int(type_id), int(axis_text)


async def create_session(screen: DeckScreen, room: SessionRoom) -> int | None:
    """Name, times and devices; the id of what was made."""
    devices = await room.devices()
    made: list[int] = []

    async def create(values: Mapping[str, Any]) -> str:
        made.append(
            await room.create(
                values["name"], values["start"], values["end"], list(values["devices"] or [])
            )
        )
        return f"Made session {values['name']}. u deletes it again."

    def check(values: dict[str, Any]) -> dict[str, str]:
        start, end = values.get("start"), values.get("end")
        if start is not None and end is not None and end <= start:
            return {"end": "must be after the start"}
        return {}

    fields = [
        FormField("name", "Name", required=True, limit=255),
        FormField("start", "From", "datetime", help="May stay empty until it is known."),
        FormField("end", "To", "datetime"),
        FormField(
            "devices", "Devices", "choices",
            choices=[
                (one.serial_number, f"{one.serial_number} {one.name or ''}".strip())
                for one in devices
                if one.permissions.read
            ],
        ),
    ]  # fmt: skip
    if await screen.ask_form("sessions.create", "New session", fields, create, check=check):
        return made[-1]
    return None


async def annotate(screen: DeckScreen, room: SessionRoom, session: Session) -> bool:
    """One of the entries that a log takes; undo marks it as deleted."""
    name = session.name or f"session {session.id}"
    kind = await screen.ask(
        Choice(
            f"Add to the log of {name}",
            [
                Node("note", "Note", detail="a line of text"),
                Node("name", "Name", detail="rename the session"),
                Node("times", "Times", detail="from when to when its data is"),
                Node("wind", "Wind", detail="strength and direction by hand"),
            ],
        )
    )
    if kind is None:
        return False
    fields = {
        "note": [FormField("text", "Note", "lines", required=True, limit=2000)],
        "name": [FormField("name", "Name", required=True, limit=255, default=session.name or "")],
        "times": [
            FormField("start", "From", "datetime", required=True, default=session.start_time),
            FormField("end", "To", "datetime", required=True, default=session.end_time),
        ],
        "wind": [
            FormField("strength", "Strength, kn", "number", required=True, minimum=0, maximum=150),
            FormField("direction", "From, degrees", "number", required=True, minimum=0,
                      maximum=360),
        ],
    }[kind]  # fmt: skip

    async def add(values: Mapping[str, Any]) -> str:
        if kind == "note":
            await room.note(session, values["text"])
        elif kind == "name":
            await room.rename(session, values["name"])
        elif kind == "times":
            await room.times(session, values["start"], values["end"])
        else:
            kmh = float(Decimal(values["strength"])) * KNOT
            await room.wind(session, kmh, float(values["direction"]))
        return f"Added to the log of {name}. u takes it back."

    return await screen.ask_form(f"sessions.{kind}.{session.id}", f"Log of {name}", fields, add)

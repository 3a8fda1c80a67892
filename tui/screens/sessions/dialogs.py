"""Questions about sessions: a new one, an entry of the log, what is plotted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tui.screens.asking import Asking
from tui.screens.sessions.rows import session_name
from tui.spoken_keys import key_for
from tui.widgets.choices import Choices
from tui.widgets.dialogs import Choice
from tui.widgets.form_checks import ends_after_start
from tui.widgets.form_filled import Filled
from tui.widgets.form_values import FormField
from tui.widgets.outline_model import Node
from tui.widgets.plot_overlaid import LETTERS
from tui.words import in_brief
from tui.workspace.sessions.marks import KINDS as MARK_KINDS
from tui.workspace.sessions.marks import PlaceError, read_spot

if TYPE_CHECKING:
    from tui.workspace.sessions.fleet import Device
    from tui.workspace.sessions.marks import Fix
    from tui.workspace.sessions.sessions import Opened, Session, SessionRoom

KNOT = 1.852
Chosen = tuple[str, int, int]
"""What is plotted: serial number, type, axis."""


async def choose_curve(
    asker: Asking, room: SessionRoom, opened: Opened, now: Chosen
) -> Chosen | None:
    """A device, then one of the types that it has data of, by axis where it has several."""
    serials = opened.state.serial_numbers
    serial: str | None = serials[0] if len(serials) == 1 else None
    if serial is None:
        devices = [Node(one, opened.device_name(one), detail=one, is_name=True) for one in serials]
        serial = await asker.ask(
            Choice("Plot which device?", devices, current=now[0], empty="There is no device.")
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
    chosen = await asker.ask(
        Choice(
            f"Plot what of {in_brief(opened.device_name(serial))}?",
            nodes,
            current=f"{now[1]}:{now[2]}",
            empty="The device has no data in this session.",
        )
    )
    if chosen is None:
        return None
    type_id, _, axis_text = chosen.partition(":")
    return serial, int(type_id), int(axis_text)


async def choose_beside(asker: Asking, opened: Opened, plotted: Sequence[str]) -> list[str] | None:
    """Up to four devices, the first of them as they stand in the session; None: given up."""
    names = [(one, f"{opened.device_name(one)}  {one}") for one in opened.state.serial_numbers]
    title = "Plot beside each other: up to four"
    chosen = await asker.ask(Choices(title, names, plotted))
    if chosen is None:
        return None
    if not 1 <= len(chosen) <= len(LETTERS):
        asker.flash("One to four devices can be plotted.", "warn")
        return None
    return chosen


async def create_session(asker: Asking, room: SessionRoom) -> int | None:
    """Name, times and devices; the id of what was made."""
    names = _names(await room.fleet.devices())
    made: list[int] = []

    async def create(values: Mapping[str, Any]) -> str:
        chosen = {serial: names[serial] for serial in values["devices"] or []}
        made.append(await room.create(values["name"], values["start"], values["end"], chosen))
        return f"Made session {in_brief(values['name'])}. {key_for('deck.undo')} deletes it again."

    fields = [
        FormField("name", "Name", required=True, limit=255),
        FormField("start", "From", "datetime", until="end",
                  help="May stay empty until it is known."),
        FormField("end", "To", "datetime", help="Empty: it goes on."),
        FormField("devices", "Devices", "choices", choices=_choices(names)),
    ]  # fmt: skip
    if await asker.ask_form(
        "sessions.create", "New session", fields, create, check=ends_after_start
    ):
        return made[-1] if made else None
    return None


def _names(devices: list[Device]) -> dict[str, str]:
    return {
        one.serial_number: one.name or one.serial_number
        for one in devices
        if one.permissions.read and one.serial_number
    }


def _choices(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        (serial, serial if name == serial else f"{name} · {serial}")
        for serial, name in names.items()
    ]


def _sailed(session: Session) -> tuple[datetime, datetime] | None:
    """From when to when it was sailed, as far as it is by now; None where nobody knows."""
    start, now = session.start_time, datetime.now(UTC)
    if start is None or start > now:
        return None
    return start, min(session.end_time or now, now)


async def annotate(asker: Asking, room: SessionRoom, session: Session) -> bool:
    """One of the entries that a log takes; undo marks it as deleted."""
    name = in_brief(session_name(session))
    kind = await asker.ask(
        Choice(
            f"Add to the log of {name}",
            [
                Node("note", "Note", detail="a line of text"),
                Node("name", "Name", detail="rename the session"),
                Node("times", "Times", detail="from when to when its data is"),
                Node("wind", "Wind", detail="strength and direction by hand"),
                Node("device", "Device", detail="put a device on a boat of this session"),
                Node("mark", "Mark", detail="a mark of the course, or an end of the start line"),
            ],
        )
    )
    return kind is not None and await add_entry(asker, room, session, kind)


async def add_entry(asker: Asking, room: SessionRoom, session: Session, kind: str) -> bool:
    """The form of one kind of entry: note, name, times, wind, device or mark."""
    name = in_brief(session_name(session))
    names = _names(await room.fleet.devices()) if kind in ("device", "mark") else {}
    fields = {
        "note": [
            FormField("text", "Note", "lines", required=True, limit=2000),
            FormField("moment", "About", "datetime", within=_sailed(session),
                      help="The moment that it is about, or empty."),
        ],
        "name": [FormField("name", "Name", required=True, limit=255, default=session.name or "")],
        "times": [
            FormField("start", "From", "datetime", required=True, until="end",
                      default=session.start_time),
            FormField("end", "To", "datetime", default=session.end_time, help="Empty: it goes on."),
        ],
        "wind": [
            FormField("strength", "Strength, kn", "number", required=True, minimum=0, maximum=150),
            FormField("direction", "From, degrees", "number", required=True, minimum=0,
                      maximum=360),
        ],
        "device": [
            FormField("serial", "Device", "choice", required=True, choices=_choices(names)),
            FormField("boat", "Boat", limit=255, help="What it is on; empty takes its name."),
        ],
        "mark": [
            FormField("kind", "What", "choice", required=True, choices=list(MARK_KINDS.items())),
            FormField("name", "Name", limit=255, help="Empty: what it is."),
            FormField("spot", "Where", check=wrong_spot, placeholder="54 24.1 N, 10 12.3 E",
                      help="Latitude and longitude; empty: where the device below is."),
            FormField("serial", "Device", "choice", choices=_choices(names)),
            FormField("stays", "As it lies", "boolean", default=True,
                      help="Where the device is now, and stays; else the mark moves with it."),
        ],
    }[kind]  # fmt: skip

    async def add(values: Filled) -> str:
        if kind in ("name", "times") and not values.changed:
            return "Nothing was changed."
        if kind == "note":
            await room.note(session, values["text"], values["moment"])
        elif kind == "name":
            await room.rename(session, values["name"])
        elif kind == "times":
            if not await room.times(session, values.news.get("start"), values.news.get("end")):
                return "Nothing was changed: the log cannot take an end away."
        elif kind == "wind":
            kmh = float(Decimal(values["strength"])) * KNOT
            await room.wind(session, kmh, float(values["direction"]))
        elif kind == "mark":
            fix = await _lay(room, session, values)
            if fix is not None:
                where = (
                    f"where {in_brief(names[values['serial']])} was {fix.age(datetime.now(UTC))}"
                )
                return f"Added to the log of {name}: {where}. {key_for('deck.undo')} takes it back."
        else:
            serial = values["serial"]
            await room.put_device(session, serial, values["boat"] or names[serial])
        return f"Added to the log of {name}. {key_for('deck.undo')} takes it back."

    return await asker.ask_form(
        f"sessions.{kind}.{session.id}", f"Log of {name}", fields, add,
        check={"times": ends_after_start, "mark": somewhere}.get(kind),
    )  # fmt: skip


def wrong_spot(text: object) -> str | None:
    """What is wrong with a place that was typed."""
    try:
        read_spot(str(text))
    except PlaceError as error:
        return str(error)
    return None


def somewhere(values: dict[str, object]) -> Mapping[str, str]:
    """A mark lies at a place, or where a device is."""
    there = values.get("spot") or values.get("serial")
    return {} if there else {"spot": "Say where it lies, or below which device is there."}


async def _lay(room: SessionRoom, session: Session, values: Filled) -> Fix | None:
    """Lay a mark; the fix of a device that it was laid at, if any."""
    spot = read_spot(values["spot"]) if values["spot"] else None
    serial, fix = values["serial"] or "", None
    if spot is None and values["stays"]:
        fix = await room.fix_of(serial)
        spot, serial = fix.spot, ""
    await room.lay_mark(session, values["kind"], values["name"] or "", serial, spot)
    return fix

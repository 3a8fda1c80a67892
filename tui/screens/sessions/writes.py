"""What changes sessions, devices, groups and access, by what the cursor is on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.screens.base import DeckScreen
from tui.screens.sessions import fleet_dialogs
from tui.screens.sessions.dialogs import add_entry, annotate, create_session
from tui.screens.sessions.rows import View, session_name
from tui.widgets.dialogs import Confirm

if TYPE_CHECKING:
    from tui.workspace.sessions.sessions import Opened, SessionRoom


async def create(screen: DeckScreen, room: SessionRoom, view: View, chosen: Any) -> str | None:
    """A new one of what the list shows; the key of what was made, empty where it has none yet."""
    fleet = room.fleet
    made: object
    if view == "sessions":
        made = await create_session(screen, room)
    elif view == "devices":
        made = await fleet_dialogs.register_device(screen, fleet)
    elif view == "groups":
        made = await fleet_dialogs.create_group(screen, fleet)
    else:
        serial = chosen.window.device_serial_number if chosen is not None else ""
        made = "" if await fleet_dialogs.give_access(screen, fleet, serial) else None
    return None if made is None else str(made)


async def change(
    screen: DeckScreen, room: SessionRoom, view: View, chosen: Any, looked: Any
) -> bool:
    """Another name; for a group another member."""
    if chosen is None:
        return False
    if view == "sessions":
        return await add_entry(screen, room, chosen, "name")
    if view == "devices":
        return await fleet_dialogs.rename_device(screen, room.fleet, chosen)
    if view == "groups":
        if looked is None:
            return False
        return await fleet_dialogs.add_member(screen, room.fleet, looked)
    screen.flash("The service cannot change a window. a makes another one.", "warn")
    return False


async def delete(
    screen: DeckScreen, room: SessionRoom, view: View, chosen: Any, looked: Any, line: str
) -> bool:
    """What the cursor is on; `line` is the key of the line within it, empty for all of it."""
    kind, _, number = line.partition(":")
    if chosen is None:
        return False
    if view == "sessions":
        if not line:
            return await _delete_session(screen, room, chosen)
        if kind == "entry" and looked is not None:
            return await _take_back(screen, room, looked, int(number))
        screen.flash("Choose an entry of the log to take it back.", "warn")
        return False
    if view == "devices":
        return await fleet_dialogs.unregister_device(screen, room.fleet, chosen)
    if view == "groups":
        if kind == "member" and looked is not None:
            return await fleet_dialogs.remove_member(screen, room.fleet, looked, int(number))
        return await fleet_dialogs.delete_group(screen, room.fleet, chosen)
    screen.flash("The service cannot take access back: a window stays until it ends.", "warn")
    return False


async def _delete_session(screen: DeckScreen, room: SessionRoom, session: Any) -> bool:
    name = session_name(session)
    sure = await screen.ask(
        Confirm(
            "Delete session",
            f"Delete {name}?",
            loses="Its log goes for good. What devices measured stays.",
            yes="Delete",
        )
    )
    if sure:
        await room.delete(session)
        screen.flash(f"Deleted {name}.", "good")
    return bool(sure)


async def _take_back(screen: DeckScreen, room: SessionRoom, opened: Opened, entry: int) -> bool:
    from tui.workspace.sessions.sentences import Teller

    teller = Teller(opened.entries, screen.workspace.zone)
    found = next((one for one in opened.entries if one.id == entry), None)
    if found is None or entry in teller.taken_back:
        screen.flash("This entry was taken back already.", "warn")
        return False
    sure = await screen.ask(
        Confirm(
            "Take back",
            teller.sentence(found.data),
            loses="The log keeps the entry, but it counts as never made.",
            yes="Take back",
        )
    )
    if sure:
        await room.take_back(opened.session, entry)
        screen.flash("The entry is taken back.", "good")
    return bool(sure)


__all__ = ["annotate", "change", "create", "delete"]

"""What changes sessions, devices, groups and access, by what the cursor is on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.screens.asking import Asking
from tui.screens.sessions import fleet_dialogs
from tui.screens.sessions.dialogs import add_entry, create_session
from tui.screens.sessions.rows import View, only_read, session_name
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Confirm

if TYPE_CHECKING:
    from tui.workspace.sessions.sessions import Opened, Session, SessionRoom


async def create(asker: Asking, room: SessionRoom, view: View, chosen: Any) -> str | None:
    """A new one of what the list shows; the key of what was made, empty where it has none yet."""
    fleet = room.fleet
    made: object
    if view == "sessions":
        made = await create_session(asker, room)
    elif view == "devices":
        made = await fleet_dialogs.register_device(asker, fleet)
    elif view == "groups":
        made = await fleet_dialogs.create_group(asker, fleet)
    else:
        serial = chosen.window.device_serial_number if chosen is not None else ""
        made = "" if await fleet_dialogs.give_access(asker, fleet, serial) else None
    return None if made is None else str(made)


async def change(asker: Asking, room: SessionRoom, view: View, one: Any, found: Any) -> bool:
    """Another name; for a group, looked into as `found`, another member."""
    if view == "sessions":
        return not _refused(asker, one) and await add_entry(asker, room, one, "name")
    if view == "devices":
        return await fleet_dialogs.rename_device(asker, room.fleet, one)
    if view == "groups":
        return found is not None and await fleet_dialogs.add_member(asker, room.fleet, found)
    asker.flash(
        f"The service cannot change a window. {key_for('sessions.create')} makes another one.",
        "warn",
    )
    return False


async def delete(asker: Asking, room: SessionRoom, view: View, one: Any) -> bool:
    """One of a list, as a whole."""
    if view == "sessions":
        return not _refused(asker, one) and await _delete_session(asker, room, one)
    if view == "devices":
        return await fleet_dialogs.unregister_device(asker, room.fleet, one)
    if view == "groups":
        return await fleet_dialogs.delete_group(asker, room.fleet, one)
    asker.flash("The service cannot take access back: a window stays until it ends.", "warn")
    return False


async def take_out(asker: Asking, room: SessionRoom, view: View, found: Any, line: str) -> bool:
    """What a line of something looked into is: an entry of a log, or a member of a group."""
    kind, _, number = line.partition(":")
    if view == "sessions":
        if kind == "entry":
            refused = _refused(asker, found.session)
            return not refused and await _take_back(asker, room, found, int(number))
        asker.flash("Choose an entry of the log to take it back.", "warn")
    elif kind == "member":
        return await fleet_dialogs.remove_member(asker, room.fleet, found, int(number))
    else:
        asker.flash("Choose a member to take out of the group.", "warn")
    return False


def _refused(asker: Asking, session: Session) -> bool:
    """Say so where a session can only be read, before anything is asked; whether that is so."""
    why_not = only_read(session)
    if why_not:
        asker.flash(why_not, "warn")
    return bool(why_not)


async def _delete_session(asker: Asking, room: SessionRoom, session: Any) -> bool:
    name = session_name(session)
    sure = await asker.ask(
        Confirm(
            "Delete session",
            f"Delete {name}?",
            loses="Its log goes for good. What devices measured stays.",
            yes="Delete",
        )
    )
    if sure:
        await room.delete(session)
        asker.flash(f"Deleted {name}.", "good")
    return bool(sure)


async def _take_back(asker: Asking, room: SessionRoom, opened: Opened, entry: int) -> bool:
    from tui.workspace.sessions.sentences import Teller

    teller = Teller(opened.entries, asker.workspace.zone)
    found = next((one for one in opened.entries if one.id == entry), None)
    if found is None or entry in teller.taken_back:
        asker.flash("This entry was taken back already.", "warn")
        return False
    sure = await asker.ask(
        Confirm(
            "Take back",
            teller.sentence(found.data),
            loses="The log keeps the entry, but it counts as never made.",
            yes="Take back",
        )
    )
    if sure:
        await room.take_back(opened.session, entry)
        asker.flash("The entry is taken back.", "good")
    return bool(sure)

"""The series of the live screen as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.live.derived import FIRST
from tui.screens.asking import Asking
from tui.workspace.times import moment_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.screens.live.picture import Picture


async def export(asker: Asking, picture: Picture) -> None:
    """Ask for form and file, then write all that is kept, or all that is replayed; what is derived
    too, where that is shown.
    """
    from tui.screens.feed_files import ask_file, exported, tell
    from tui.screens.saving import shown

    watching = picture.watching
    feed = None if watching is None else watching.feed
    # A replay that has not begun to play is exported whole all the same.
    if watching is None or feed is None or (feed is watching.live and feed.store.span() is None):
        asker.flash("There is nothing to export yet.", "warn")
        return
    what = watching.title if watching.replay is not None or watching.session is not None else ""
    store, room = feed.store, watching.room
    serials = {*watching.serials, *store.serials()}

    async def boats() -> Mapping[str, str]:
        return {serial: room.name(serial) for serial in serials}

    wanted = await ask_file(asker, what or "live", boats)
    if wanted is None:
        return
    asker.flash(f"Writing {shown(wanted.path)} …")
    from tui.workspace.live.derived import water_of
    from tui.workspace.live.export import export_feed

    derived = [number for number in picture.arrangement.types if number >= FIRST]
    water = water_of(picture.course, asker.workspace.settings.live, picture.reckoning.polar)
    written = await exported(
        asker,
        export_feed(room, feed, wanted.path, wanted.form, derived, water, only=wanted.only),
    )
    if written is None:
        return
    since = ""
    if feed is watching.live and written.since is not None:
        first = datetime.fromtimestamp(written.since / 1000, UTC)
        since = moment_text(first, asker.workspace.zone)
    tell(asker, wanted, written, since)

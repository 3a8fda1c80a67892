"""What the devices of a past session measured, as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.asking import Asking, Saying
from tui.screens.feed_files import Wanted, ask_file, exported, tell
from tui.screens.sessions.rows import session_name
from tui.words import counted
from tui.workspace.problems import GivenUp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.workspace.live.export import Exported
    from tui.workspace.sessions.sessions import Session


async def export(asker: Asking, session: Session) -> None:
    """Ask for form and file, fetch the whole session, and write it."""
    name = session_name(session)
    room = asker.workspace.live
    reading = f"Reading the log of {name} …"
    given_up = GivenUp("The export was given up: nothing was written")

    async def boats() -> Mapping[str, str] | None:
        read = asker.wait_for(f"Export {name}", reading, room.session(session.id), given_up)
        sailed = await exported(asker, read)
        return None if sailed is None else {one: room.name(one) for one in sailed.serials}

    wanted = await ask_file(asker, name, boats)
    if wanted is None:
        return
    saying = Saying()
    work = _written(asker, session, wanted, saying)
    written = await exported(
        asker, asker.wait_for(f"Export {name}", reading, work, given_up, saying)
    )
    if written is not None:
        tell(asker, wanted, written)


async def _written(asker: Asking, session: Session, wanted: Wanted, saying: Saying) -> Exported:
    from tui.workspace.live.export import export_feed, refuse_unable

    room = asker.workspace.live
    # What the form cannot do is said before anything is fetched for it.
    refuse_unable(wanted.form, wanted.path, ())
    sailed = await room.session(session.id)

    def progress(done: int, count: int) -> None:
        saying.say(f"{sailed.name}: {done} of {counted(count, 'slice')} fetched …")

    feed = await room.replay_session(sailed, progress)
    try:
        return await export_feed(room, feed, wanted.path, wanted.form, only=wanted.only)
    finally:
        await room.release(feed)

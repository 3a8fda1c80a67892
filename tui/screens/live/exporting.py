"""The series of the live screen as a file: which form, which file, and what came of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING

from tui.live.derived import FIRST
from tui.screens.asking import Asking
from tui.widgets.dialogs import Choice
from tui.widgets.outline_model import Node
from tui.workspace.problems import EXPECTED
from tui.workspace.saved_files import proposed_name
from tui.workspace.times import moment_text

if TYPE_CHECKING:
    from tui.screens.live.picture import Picture


async def export(asker: Asking, picture: Picture) -> None:
    """Ask for form and file, then write all that is kept, or all that is replayed; what is derived
    too, where that is shown.
    """
    from tui.live.parquet import ParquetMissing
    from tui.screens.saving import ask_path, shown

    watching = picture.watching
    feed = None if watching is None else watching.feed
    # A replay that has not begun to play is exported whole all the same.
    if watching is None or feed is None or (feed is watching.live and feed.store.span() is None):
        asker.flash("There is nothing to export yet.", "warn")
        return
    module = await asyncio.to_thread(import_module, "tui.workspace.live.export")
    choices = [Node(form, title, detail=detail) for form, (title, detail) in module.FORMS.items()]
    form = await asker.ask(Choice("Export", choices))
    if form is None:
        return
    what = watching.title if watching.replay is not None or watching.session is not None else ""
    ending = module.ENDINGS.get(form, form)
    path = await ask_path(asker, "Export", proposed_name(what or "live", ending=ending))
    if path is None:
        return
    asker.flash(f"Writing {shown(path)} …")
    try:
        from tui.workspace.live.derived import water_of

        derived = [number for number in picture.arrangement.types if number >= FIRST]
        water = water_of(picture.course, asker.workspace.settings.live)
        written = await module.export_feed(watching.room, feed, path, form, derived, water)
    except ParquetMissing as error:
        asker.flash(f"{error}. Nothing was written.", "bad")
        return
    except EXPECTED as error:
        asker.flash_error(error)
        return
    things = "fixes" if form in module.TRACKS else "samples"
    news = f"Wrote {written.count:,} {things}"
    if feed is watching.live and written.since is not None:
        first = datetime.fromtimestamp(written.since / 1000, UTC)
        news += f", kept since {moment_text(first, asker.workspace.zone)},"
    news += f" to {shown(path)}"
    asker.flash("; ".join((news, *written.remarks)) + ".", "warn" if written.remarks else "good")

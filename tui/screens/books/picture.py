"""A picture of a cell, shown in the terminal; nothing of it stays on the disk."""

from __future__ import annotations

import os
from asyncio import to_thread
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.geometry import Size

from tui.screens.asking import Asking, Saying
from tui.terminal import colours_of, glyphs_of
from tui.widgets.pixels import EDGES, Picture, PicturePlaceholder, PictureShown
from tui.workspace.books.files import (
    NOTHING_WRITTEN,
    Attachment,
    FileDesk,
    progress_text,
    size_text,
)
from tui.workspace.books.out.needs import FormMissing
from tui.workspace.books.picture_ways import Answered, most_bytes, way_of, why_not_asked
from tui.workspace.books.pictures import (
    MOST_BYTES,
    Drawn,
    PictureRefused,
    Pixels,
    drawn_of,
    pixels_of,
    rgb_of,
)
from tui.workspace.problems import GivenUp


async def show_picture(asker: Asking, desk: FileDesk, file: Attachment, name: str) -> None:
    """Fetch a picture and show it, in every size that the window gets, until a key closes it."""
    saying = Saying()

    def told(done: int) -> None:
        saying.say(f"Fetching {name}: {progress_text(done, file.size)}")

    async def fetched() -> bytes:
        if (file.size or 0) > MOST_BYTES:
            raise PictureRefused(f"It is too large to be shown here ({size_text(file.size or 0)}).")
        with TemporaryDirectory(prefix="tockdeck-") as folder:
            path = Path(folder) / "picture"
            await desk.fetch_to(file, path, told)
            return await to_thread(path.read_bytes)

    given_up = GivenUp(NOTHING_WRITTEN)
    try:
        content = await asker.wait_for(name, "Fetching", fetched(), given_up, saying)
        again: bool | None = True
        while again:
            size = asker.app.size
            work = _made(asker, content, size)
            found, remark = await asker.wait_for(name, "Drawing", work, given_up)
            title = " · ".join(filter(None, (name, found.about, remark)))
            again = await asker.ask(PictureShown(title, _widget(asker, found), size))
    except PictureRefused as error:
        asker.flash(f"{name} is not shown: {error}", "warn")
    except FormMissing as error:
        asker.flash(f"{error}.", "warn")


async def _made(asker: Asking, content: bytes, size: Size) -> tuple[Drawn | Pixels, str]:
    """The picture for a screen of that size, and why it is in blocks where it might be better."""
    deck = asker.workspace.settings.deck
    ground = rgb_of(asker.app.get_css_variables().get("background", "#000000"))
    room = size.width - EDGES[0], size.height - EDGES[1]
    remark = ""
    if not why_not_asked(deck.pictures, deck.colours, os.environ):
        ask = getattr(asker.app._driver, "ask_for_pictures", None)
        answered = Answered() if ask is None else await ask()
        way, remark = way_of(deck.pictures, answered)
        if way != "blocks" and answered.cell is not None:
            most = most_bytes(deck.kilobytes_per_second)
            work = partial(drawn_of, content, ground, room, answered.cell, way, most)
            drawn = await to_thread(work)
            if drawn is not None:
                return drawn, ""
            remark = f"in blocks: as a picture it takes more than {size_text(most)}"
    return await to_thread(pixels_of, content, ground, *room), remark


def _widget(asker: Asking, found: Drawn | Pixels) -> Picture | PicturePlaceholder:
    if isinstance(found, Drawn):
        return PicturePlaceholder(found)
    deck = asker.workspace.settings.deck
    few = colours_of(deck.colours) not in ("truecolor", "256")
    return Picture(found.rows, in_colours=not few and glyphs_of(deck.glyphs) == "unicode")

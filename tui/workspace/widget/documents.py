"""Widget documents: found by path or address, and their entries as a list.

Nothing in a document is ever opened, fetched or sent to: its addresses are shown and copied.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tui.config.settings import Network
from tui.services.errors import InvalidArgument, NotFound, ServiceError, error_of_status
from tui.services.reading import Record
from tui.services.transport import Limits, Transport
from tui.services.widgets import (
    KINDS,
    LARGEST,
    Finding,
    WidgetDocument,
    WidgetKind,
    check,
    read_document,
)
from tui.services.widgets.bookstore import Bookstore
from tui.services.widgets.dashboard import Dashboard
from tui.services.widgets.form import CustomForm
from tui.services.widgets.media import AudioList, Photogallery, VideoList
from tui.services.widgets.records import Ebook
from tui.services.wire import Request
from tui.workspace.worded import holds

__all__ = [
    "KINDS",
    "LARGEST",
    "CustomForm",
    "Entry",
    "Finding",
    "Listing",
    "WidgetDocument",
    "WidgetKind",
    "check",
    "listing_of",
    "load",
    "menu_of",
    "read_document",
]

SERVICE = "widgets"
"""What errors name as their place."""


async def load(source: str, network: Network) -> WidgetDocument:
    """Read a document from a path, or from an http or https address.

    An address is asked without any credentials, and for no more than a document may be long.
    Raises InvalidArgument, NotFound, OSError, and what the transport and the reader raise.
    """
    text = source.strip()
    try:
        if "://" in text.partition("?")[0]:
            return read_document(await _fetched(text, network))
        return read_document(await asyncio.to_thread(_content_of, text))
    except ServiceError as error:
        error.locate(SERVICE, "")
        raise


class NoSuchFile(NotFound, InvalidArgument):
    """There is no file of the name that a person gave."""


def _content_of(name: str) -> bytes:
    path = Path(name).expanduser()
    if not path.is_file():
        raise NoSuchFile(f"there is no file {path}", advice="Check the path.")
    with path.open("rb") as file:
        # One byte more than may be: what is too large is told by the reader.
        return file.read(LARGEST + 1)


async def _fetched(address: str, network: Network) -> bytes:
    try:
        parts = urlsplit(address)
        host, named, _ = parts.hostname or "", parts.username or parts.password, parts.port
    except ValueError:
        raise InvalidArgument(f"{address!r} is no address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise InvalidArgument("only http and https addresses are fetched")
    if named:
        raise InvalidArgument("an address with a user or a password in it is not fetched")
    transport = Transport(
        SERVICE,
        f"{parts.scheme}://{parts.netloc}",
        limits=Limits(
            connect=network.connect_seconds,
            read=network.read_seconds,
            total=network.call_seconds,
            rate=network.least_kilobytes * 1024,
            answer=LARGEST,
        ),
        allow_plain=network.allow_plain_http,
    )
    try:
        response = await transport.send(Request("GET", parts._replace(fragment="").geturl()))
    finally:
        await transport.close()
    if response.status != 200:
        raise error_of_status(response.status)
    return response.content


# -- entries --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One thing that a widget lists."""

    values: tuple[str, ...]
    """As many as the listing has columns."""
    link: str
    """What is copied: its address, or what it opens. Empty where it has none."""
    record: Record
    """All of it."""
    choices: frozenset[str] = frozenset()
    """The choices of the menu that find it."""


@dataclass(frozen=True)
class Listing:
    """A widget's entries as a table."""

    columns: tuple[str, ...]
    entries: tuple[Entry, ...]

    def matching(self, text: str = "", choice: str = "") -> list[Entry]:
        """The entries that have every word of the text, and that a choice of the menu finds."""
        return [
            one
            for one in self.entries
            if (not choice or choice in one.choices) and holds("\n".join(one.values), text)
        ]


@dataclass(frozen=True)
class MenuChoice:
    """One choice of a bookstore's menu."""

    key: str
    """`Category/History`, or a tag in lower case."""
    title: str
    books: int


def listing_of(document: WidgetDocument) -> Listing | None:
    """What the widget lists; None where it lists nothing, or is not readable."""
    for kind, (columns, entries) in _LISTINGS.items():
        if isinstance(document.data, kind):
            return Listing(columns, tuple(entries(document.data)))
    return None


def menu_of(document: WidgetDocument) -> list[MenuChoice]:
    """The choices of a bookstore's menu with the number of books that each finds."""
    listing = listing_of(document)
    if not isinstance(document.data, Bookstore) or listing is None:
        return []
    found = []
    for item in document.data.menu:
        tag = item.tag.lower()
        names = item.items if tag == "category" else [item.name or item.tag]
        for name in names:
            key = f"category/{name}" if tag == "category" else tag
            title = f"{item.name or item.tag}: {name}" if tag == "category" else name
            found.append(MenuChoice(key, title, len(listing.matching(choice=key))))
    return found


def _chapters(data: Ebook) -> Iterator[Entry]:
    for one in data.row:
        yield Entry((one.title, "PDF" if one.is_pdf else "page", one.url), one.url, one)


def _books(data: Bookstore) -> Iterator[Entry]:
    tags = {item.tag.lower() for item in data.menu}
    for one in data.content:
        marked = [tag for tag in ("recommended", "releases", "bestsellers") if one.has(tag)]
        yield Entry(
            (one.title, one.author, one.category, one.price, ", ".join(marked), one.url),
            one.url,
            one,
            frozenset([f"category/{one.category}", *(tag for tag in marked if tag in tags)]),
        )


def _boxes(data: Dashboard) -> Iterator[Entry]:
    for image in data.image:
        url = image.data.url if image.data else ""
        yield Entry(("image", "", _place(image), url), url, image)
    for button in data.button:
        opens = f"{button.type} {button.widget_id}".strip()
        yield Entry(
            ("button", button.title or button.label, _place(button), opens),
            button.widget_id,
            button,
        )
    for label in data.label:
        title = label.data.title if label.data else ""
        yield Entry(("label", title, _place(label), ""), title, label)


def _place(box: Any) -> str:
    return f"{box.x},{box.y} {box.width}×{box.height}"


def _photos(data: Photogallery) -> Iterator[Entry]:
    for album in data.album:
        if not album.image:
            yield Entry((album.title, "", "", album.url), album.url, album)
        for one in album.image:
            yield Entry((album.title, one.title, one.description, one.url), one.url, one)


def _tracks(data: AudioList) -> Iterator[Entry]:
    for one in data.track:
        yield Entry((one.title, one.description, one.stream_url), one.stream_url, one)


def _videos(data: VideoList) -> Iterator[Entry]:
    for one in data.video:
        made = f"{one.created:%Y-%m-%d}" if one.created else one.creation_time
        yield Entry((one.title, one.duration, made, one.description, one.url), one.url, one)


_LISTINGS: dict[type[Record], tuple[tuple[str, ...], Callable[[Any], Iterable[Entry]]]] = {
    Ebook: (("title", "kind", "address"), _chapters),
    Bookstore: (("title", "author", "category", "price", "marked", "address"), _books),
    Dashboard: (("kind", "text", "place", "opens"), _boxes),
    Photogallery: (("album", "title", "description", "address"), _photos),
    AudioList: (("title", "description", "stream"), _tracks),
    VideoList: (("title", "length", "made", "description", "address"), _videos),
}

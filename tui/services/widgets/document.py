"""Reading a widget document: `{widgetid, type, data}`, by the record of its type.

Whatever cannot be read that way is kept as JSON, with what is wrong with it: a viewer can show
that in any case. Source: iBuildApp API document, chapter Widgets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from tui.services.errors import ProtocolViolation
from tui.services.reading import Record, read
from tui.services.widgets.bookstore import Bookstore
from tui.services.widgets.dashboard import Dashboard
from tui.services.widgets.form import CustomForm
from tui.services.widgets.media import AudioList, Photogallery, VideoList
from tui.services.widgets.records import (
    Camera,
    Ebook,
    Email,
    HtmlCode,
    HtmlUrl,
    Phonecall,
    QrScanner,
)

LARGEST = 8 * 1024 * 1024
"""Bytes; a larger document is not read."""


@dataclass(frozen=True)
class WidgetKind:
    """One documented type of widget."""

    name: str
    """The type as it is written."""
    heading: str
    """What the document calls it."""
    data: type[Record]
    help: str

    @property
    def id(self) -> str:
        """Its id in the list of operations."""
        return f"widgets.{self.name}"


KINDS: Mapping[str, WidgetKind] = {
    kind.name: kind
    for kind in (
        WidgetKind("customform", "CustomForm Widget", CustomForm, "A form, mailed when filled"),
        WidgetKind("qrscaner", "QR Scanner Widget", QrScanner, "Scans a code with the camera"),
        WidgetKind("taptocall", "Phonecall Widget", Phonecall, "Calls a phone number"),
        WidgetKind("htmlurl", "HTML Widget", HtmlUrl, "Shows a web page by its address"),
        WidgetKind("htmlcode", "HTML Widget", HtmlCode, "Shows a web page from its code"),
        WidgetKind("taptoemail", "E-Mail Widget", Email, "Writes a mail to an address"),
        WidgetKind("ebook", "PDF Reader Widget", Ebook, "PDF and text documents to read"),
        WidgetKind("takepicture", "Camera Widget", Camera, "Takes a picture and shares it"),
        WidgetKind("catalogbooks", "Bookstore Widget", Bookstore, "A catalogue of books"),
        WidgetKind("dashboard", "Dashboard Widget", Dashboard, "The app's main menu"),
        WidgetKind("photogallery", "Photogallery Widget", Photogallery, "Pictures in albums"),
        WidgetKind("audioplayer", "AudioListWidget", AudioList, "Recordings and streams"),
        WidgetKind("videoplayer", "VideoList Widget", VideoList, "Videos"),
    )
}
"""The documented types in the order of the document."""

PAGE_TYPES = frozenset(
    {
        "powr", "facebook", "instagramweb", "calendar", "googleform", "googlesites", "tumblr",
        "acuityscheduling", "chatzy", "trello", "paypal", "wufooform", "dapp", "jshtml",
    }
)  # fmt: skip
"""Types that the vendor's app shows with its HTML module; the document does not have them."""
WITHDRAWN_TYPES = frozenset({"rss", "map", "twitter2", "facebook2", "contacts"})
"""Types whose chapters stand in the document's source and were never published."""


@dataclass(frozen=True)
class WidgetDocument:
    """One document, read as far as it can be read."""

    id: str
    type: str
    """As written; empty where there is none."""
    data: Record | None
    """The typed content; None where the type is not documented or the content not readable."""
    raw: Any
    """The whole document as JSON values."""
    problem: str = ""
    """Why there is no typed content, in words."""

    @property
    def kind(self) -> WidgetKind | None:
        """The documented type."""
        return KINDS.get(self.type)

    @property
    def title(self) -> str:
        """The title, under whichever key; the type's heading where there is none."""
        raw = self.raw.get("data") if isinstance(self.raw, dict) else None
        own = getattr(self.data, "title", "")
        if not own and isinstance(raw, dict):
            own = next((raw[key] for key in ("title", "#title") if raw.get(key)), "")
        heading = self.kind.heading if self.kind else self.type or "JSON"
        return own if own and isinstance(own, str) else heading


def read_document(content: bytes) -> WidgetDocument:
    """Read a document from the bytes of a file or an answer.

    Raises ProtocolViolation for what is no JSON at all, too deep or too large.
    """
    if len(content) > LARGEST:
        raise _unreadable(f"is larger than {LARGEST // 1024 // 1024} MB")
    try:
        raw = msgspec.json.decode(content)
    except RecursionError:
        raise _unreadable("is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        start = content.lstrip()[:200].lower()
        what = "a web page, not data" if start.startswith((b"<!doctype", b"<html")) else "no JSON"
        raise _unreadable(f"is {what}: {error}") from error
    return document_of(raw)


def _unreadable(what: str) -> ProtocolViolation:
    return ProtocolViolation(f"the document {what}", advice="A widget document is one JSON object.")


def document_of(raw: Any) -> WidgetDocument:
    """A document from JSON values; nothing is refused."""
    if not isinstance(raw, dict):
        return WidgetDocument("", "", None, raw, "a widget document is an object")
    name = raw.get("type")
    # A number would be read as well: ids are text in every sample.
    given = raw.get("widgetid")
    own_id = str(given) if isinstance(given, (str, int)) and not isinstance(given, bool) else ""
    if not isinstance(name, str) or not name:
        return WidgetDocument(own_id, "", None, raw, "the document does not say its type")
    kind = KINDS.get(name)
    if kind is None:
        return WidgetDocument(own_id, name, None, raw, _why_unknown(name))
    if "data" not in raw:
        return WidgetDocument(own_id, name, None, raw, "the document has no data")
    try:
        data: Record = read(kind.data, raw["data"] if raw["data"] != [] else {}, "data")
    except ProtocolViolation as error:
        return WidgetDocument(own_id, name, None, raw, error.message)
    return WidgetDocument(own_id, name, data, raw)


def _why_unknown(name: str) -> str:
    shown = name if len(name) <= 40 else f"{name[:39]}…"
    if name in PAGE_TYPES:
        return f"{shown} is a web page of the vendor's app; the document does not describe it"
    if name in WITHDRAWN_TYPES:
        return f"{shown} was never published in the document"
    return f"{shown} is none of the {len(KINDS)} documented types"

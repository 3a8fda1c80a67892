"""What the thirteen documented widgets hold, one record a kind.

Source: iBuildApp API document, chapter Widgets; the wire names are those of its samples. Keys
mix `name`, `#name` and `@name`, left over from elements and attributes of XML, and the text
spells some with an underscore: every field is read under each of its spellings. What only
serves to be shown is kept as text, with what it means beside it, so that one odd value does
not make a document unreadable.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import ClassVar

from msgspec import field

from tui.services.reading import Extra, Record

OnOff = bool | str | None
""""on" or "off", in books 1 or 0; text that is neither is kept, None is left out."""
Number = int | float | str
"""A number, or the text that stands where one should."""
Spellings = dict[str, tuple[str, ...]]

WIRE_DATE = "%m/%d/%Y"
"""How a form writes a day: 10/08/2019 is the eighth of October."""
_PREFIXES = ("", "#", "@")


def spellings(*names: str) -> Spellings:
    """Other spellings of fields, by field: with each prefix, with and without underscores."""
    return {
        name: tuple(
            prefix + word
            for word in dict.fromkeys((name.replace("_", ""), name))
            for prefix in _PREFIXES
        )
        for name in names
    }


def read_wire_date(text: str) -> date | None:
    """The day that MM/DD/YYYY means, or None."""
    try:
        return datetime.strptime(text.strip(), WIRE_DATE).replace(tzinfo=UTC).date()
    except ValueError:
        return None


class ColorSkin(Record, frozen=True):
    """The colours of a widget as #rrggbb; left out where it has the default ones."""

    background: str = ""
    primary: str = ""
    secondary: str = ""
    text: str = ""
    accent: str = ""
    extra: Extra = {}


class Widget(Record, frozen=True):
    """What most widgets have: a title, shown on the navigation panel, and colours."""

    aliases: ClassVar[Spellings] = spellings("title", "colorskin")

    title: str = ""
    colorskin: ColorSkin | None = None
    extra: Extra = {}


class Plain(Record, frozen=True):
    """A widget or a part of one that has no colours."""

    aliases: ClassVar[Spellings] = spellings("title")

    title: str = ""
    extra: Extra = {}


class QrScanner(Plain, frozen=True):
    """QR Scanner Widget, whose type is spelled `qrscaner`."""


class Phonecall(Plain, frozen=True):
    """Phonecall Widget (`taptocall`)."""

    aliases: ClassVar[Spellings] = spellings("title", "phone")

    phone: str = field(name="#phone", default="")


class HtmlSource(Record, frozen=True):
    """Where a web page is."""

    aliases: ClassVar[Spellings] = spellings("src")

    src: str = field(name="@src", default="")
    extra: Extra = {}


class HtmlUrl(Record, frozen=True):
    """HTML Widget, the form with an address (`htmlurl`); its title key is `#title`."""

    aliases: ClassVar[Spellings] = spellings("title", "content")

    title: str = field(name="#title", default="")
    content: HtmlSource | str = ""
    extra: Extra = {}

    @property
    def url(self) -> str:
        """The address, under `content.@src` or as `content` itself."""
        return self.content if isinstance(self.content, str) else self.content.src


class HtmlCode(Record, frozen=True):
    """HTML Widget, the form with code (`htmlcode`); the text says `content`, samples `#content`."""

    aliases: ClassVar[Spellings] = spellings("title", "content")

    title: str = field(name="#title", default="")
    content: str = field(name="#content", default="")
    extra: Extra = {}


class Email(Plain, frozen=True):
    """E-Mail Widget (`taptoemail`)."""

    aliases: ClassVar[Spellings] = spellings("title", "mailto", "subject", "message")

    mailto: str = field(name="#mailto", default="")
    subject: str = field(name="#subject", default="")
    message: str = field(name="#message", default="")


class CameraButton(Record, frozen=True):
    """What the camera's button does: `share`, or `email` to an address."""

    aliases: ClassVar[Spellings] = spellings("type", "email", "label")

    type: str = ""
    email: str = ""
    label: str = ""
    extra: Extra = {}


class Camera(Plain, frozen=True):
    """Camera Widget (`takepicture`)."""

    button: CameraButton | None = None


class Chapter(Record, frozen=True):
    """One entry of a PDF reader."""

    aliases: ClassVar[Spellings] = spellings("url", "title")

    url: str = field(name="#url", default="")
    title: str = field(name="#title", default="")
    extra: Extra = {}

    @property
    def is_pdf(self) -> bool:
        """The vendor's app takes an entry as a PDF when its address contains ".pdf"."""
        return ".pdf" in self.url.lower()


class Ebook(Widget, frozen=True):
    """PDF Reader Widget (`ebook`)."""

    row: list[Chapter] = field(default_factory=list)

"""What a dashboard widget holds.

Source: iBuildApp API document, chapter Widgets.
"""

from __future__ import annotations

from typing import ClassVar

from msgspec import field

from tui.services.reading import Extra, Record
from tui.services.widgets.records import Number, Spellings, Widget, spellings


class Box(Record, frozen=True):
    """Something placed on a dashboard, in points from its upper left corner."""

    x: Number = 0
    y: Number = 0
    width: Number = 0
    height: Number = 0
    extra: Extra = {}


class ImageData(Record, frozen=True):
    """Where a dashboard's image is."""

    aliases: ClassVar[Spellings] = spellings("url")

    url: str = field(name="#url", default="")
    extra: Extra = {}


class DashboardImage(Box, frozen=True):
    """An image."""

    data: ImageData | None = None


class LabelData(Record, frozen=True):
    """A text and how it is set."""

    aliases: ClassVar[Spellings] = spellings("title")

    title: str = field(name="#title", default="")
    size: Number = 0
    align: str = ""
    color: str = ""
    style: str = ""
    """normal, bold (which the document lists as "bol"), italic or italic bold."""
    extra: Extra = {}


class DashboardLabel(Box, frozen=True):
    """A label."""

    data: LabelData | None = None


class DashboardButton(Box, frozen=True):
    """A button that opens another widget, named by its id and type."""

    aliases: ClassVar[Spellings] = {
        **spellings("label", "title"),
        "widget_id": ("widgetid", "#widget_id"),
    }

    icon: str = ""
    label: str = field(name="#label", default="")
    title: str = field(name="#title", default="")
    size: Number = 0
    align: str = ""
    color: str = ""
    style: str = ""
    widget_id: str = ""
    type: str = ""


class Dashboard(Widget, frozen=True):
    """Dashboard Widget (`dashboard`): the app's main menu, with widgetid -1."""

    image: list[DashboardImage] = field(default_factory=list)
    button: list[DashboardButton] = field(default_factory=list)
    label: list[DashboardLabel] = field(default_factory=list)

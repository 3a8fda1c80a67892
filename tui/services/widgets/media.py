"""What the photo, audio and video widgets hold.

Source: iBuildApp API document, chapter Widgets. The text writes `allow_sharing`, the samples
`allowsharing`: both are read.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from msgspec import field

from tui.services.reading import Extra, Record
from tui.services.widgets.records import Number, OnOff, Spellings, Widget, spellings

Id = int | str
"""An id of up to 64 bits; text that is no number is kept."""

_DURATION = re.compile(r"(\d{1,3}):([0-5]?\d):([0-5]?\d)\Z", re.ASCII)
_UNIX = re.compile(r"\d{1,11}\Z", re.ASCII)


class Thumbnail(Record, frozen=True):
    """A small picture, and a colour to show until it is there."""

    color: str = ""
    url: str = ""
    extra: Extra = {}


class Photo(Record, frozen=True):
    """One picture of an album."""

    aliases: ClassVar[Spellings] = spellings("title", "description", "url", "cover", "id")

    title: str = field(name="#title", default="")
    description: str = field(name="#description", default="")
    url: str = field(name="#url", default="")
    thumbnail: Thumbnail | None = None
    cover: str = field(name="#cover", default="")
    id: Id = field(name="#id", default=0)
    extra: Extra = {}


class Album(Record, frozen=True):
    """Pictures under one title."""

    aliases: ClassVar[Spellings] = spellings(
        "title", "allow_comments", "allow_sharing", "allow_saving", "url", "id", "cover", "image"
    )

    title: str = field(name="#title", default="")
    allow_comments: OnOff = field(name="#allowcomments", default=None)
    allow_sharing: OnOff = field(name="#allowsharing", default=None)
    allow_saving: OnOff = field(name="#allowsaving", default=None)
    url: str = field(name="#url", default="")
    """Where the pictures are, if not here."""
    id: Id = field(name="#id", default=0)
    cover: str = field(name="#cover", default="")
    image: list[Photo] = field(default_factory=list)
    extra: Extra = {}


class GalleryStyle(Record, frozen=True):
    """How albums are shown: 2, 3 or 4 columns, as a grid or a list."""

    columns: Number = 0
    type: str = ""
    extra: Extra = {}


class Photogallery(Widget, frozen=True):
    """Photogallery Widget (`photogallery`)."""

    aliases: ClassVar[Spellings] = spellings(
        "title", "colorskin", "allow_sharing", "allow_comments", "allow_saving"
    )

    allow_sharing: OnOff = field(name="allowsharing", default=None)
    allow_comments: OnOff = field(name="allowcomments", default=None)
    allow_saving: OnOff = field(name="allowsaving", default=None)
    style: GalleryStyle | None = None
    album: list[Album] = field(default_factory=list)


class Track(Record, frozen=True):
    """One recording or stream."""

    aliases: ClassVar[Spellings] = spellings(
        "title", "description", "cover_image", "permalink_url", "stream_url", "id"
    )

    title: str = field(name="#title", default="")
    description: str = field(name="#description", default="")
    cover_image: str = field(name="#cover_image", default="")
    permalink_url: str = field(name="#permalink_url", default="")
    """What is shared."""
    stream_url: str = field(name="#stream_url", default="")
    """What is played."""
    id: Id = field(name="#id", default=0)
    extra: Extra = {}


class AudioList(Widget, frozen=True):
    """AudioListWidget (`audioplayer`)."""

    aliases: ClassVar[Spellings] = spellings(
        "title", "colorskin", "module_id", "allow_sharing", "allow_comments", "cover_image"
    )

    module_id: str = ""
    allow_sharing: OnOff = field(name="allowsharing", default=None)
    allow_comments: OnOff = field(name="allowcomments", default=None)
    cover_image: str = field(name="#cover_image", default="")
    track: list[Track] = field(default_factory=list)


class Video(Record, frozen=True):
    """One video."""

    aliases: ClassVar[Spellings] = spellings(
        "url", "description", "title", "duration", "creation_time", "cover", "id"
    )

    url: str = field(name="#url", default="")
    description: str = field(name="#description", default="")
    title: str = field(name="#title", default="")
    duration: str = field(name="#duration", default="")
    """HH:MM:SS."""
    creation_time: str = field(name="#creation_time", default="")
    """Unix seconds, as text."""
    cover: str = field(name="#cover", default="")
    id: Id = field(name="#id", default=0)
    extra: Extra = {}

    @property
    def length(self) -> timedelta | None:
        """How long it is; None where the text is no HH:MM:SS."""
        found = _DURATION.match(self.duration.strip())
        if found is None:
            return None
        hours, minutes, seconds = map(int, found.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)

    @property
    def created(self) -> datetime | None:
        """When it was made; None where the text is no Unix time."""
        plain = self.creation_time.strip()
        return datetime.fromtimestamp(int(plain), UTC) if _UNIX.match(plain) else None


class VideoList(Widget, frozen=True):
    """VideoList Widget (`videoplayer`)."""

    aliases: ClassVar[Spellings] = spellings(
        "title", "colorskin", "module_id", "allow_sharing", "allow_comments", "allow_likes"
    )

    module_id: str = ""
    allow_sharing: OnOff = field(name="allowsharing", default=None)
    allow_comments: OnOff = field(name="allowcomments", default=None)
    allow_likes: OnOff = field(name="allowlikes", default=None)
    video: list[Video] = field(default_factory=list)

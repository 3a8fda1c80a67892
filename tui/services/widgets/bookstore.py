"""What a bookstore widget holds.

Source: iBuildApp API document, chapter Widgets.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from msgspec import field

from tui.services.reading import Extra, Record
from tui.services.widgets.records import OnOff, Widget


class MenuItem(Record, frozen=True):
    """One way to choose books: by category, or by a tag that books have."""

    name: str = ""
    tag: str = ""
    """Category, Recommended, Releases or Bestsellers; in lower case the key of a book."""
    icon: str = ""
    items: list[str] = field(default_factory=list)
    """The categories; only where the tag is Category."""
    extra: Extra = {}


class Book(Record, frozen=True):
    """One book of a store."""

    title: str = ""
    description: str = ""
    author: str = ""
    author_description: str = field(name="authorDescription", default="")
    thumbnail_author: str = field(name="thumbnailAuthor", default="")
    thumbnail: str = ""
    url: str = ""
    price: str = ""
    category: str = ""
    recommended: OnOff = None
    releases: OnOff = None
    bestsellers: OnOff = None
    extra: Extra = {}

    @property
    def amount(self) -> Decimal | None:
        """The price as an amount; None where the text is none."""
        try:
            amount = Decimal(self.price.strip())
        except InvalidOperation:
            return None
        # Written out, a huge exponent could fill the memory.
        return amount if amount.is_finite() and abs(amount.adjusted()) <= 40 else None

    def has(self, tag: str) -> bool:
        """Whether the book is chosen by a menu's tag, which is compared in lower case."""
        return getattr(self, tag.lower(), None) is True if tag.lower() in BOOK_TAGS else False


BOOK_TAGS = ("recommended", "releases", "bestsellers")


class Bookstore(Widget, frozen=True):
    """Bookstore Widget (`catalogbooks`), the one that has no title."""

    menu: list[MenuItem] = field(default_factory=list)
    content: list[Book] = field(default_factory=list)

"""Which pages of a table were asked for: none twice at once, each once since it was read anew."""

from __future__ import annotations

from collections.abc import Iterable


class AskedPages:
    """Pages by their numbers."""

    def __init__(self) -> None:
        self._under_way: set[int] = set()
        self._came: set[int] = set()
        self._counts = False

    def others(self, pages: Iterable[int]) -> list[int]:
        """Those that are not under way; they are from now on."""
        found = [page for page in pages if page not in self._under_way]
        self._under_way.update(found)
        return found

    def done(self, page: int) -> None:
        """It is not under way any more."""
        self._under_way.discard(page)

    def none_under_way(self) -> None:
        """Other rows are shown: what was asked for before is for nobody."""
        self._under_way.clear()

    def anew(self) -> None:
        """The service answers, and what is kept of any page may be old."""
        self._came.clear()
        self._counts = True

    def came(self, page: int) -> None:
        """The service has told a page."""
        self._came.add(page)

    def is_old(self, page: int) -> bool:
        """Whether a page is as it was before the table was read anew."""
        return self._counts and page not in self._came

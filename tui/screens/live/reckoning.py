"""Derived series of what is watched: which rows there are, reckoned as far as they are seen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from tui.live.derived import FIRST

if TYPE_CHECKING:
    from tui.config.live import Live
    from tui.live.derived.deriver import Deriver
    from tui.live.polars import Polar
    from tui.live.series import SeriesKey
    from tui.live.store import FeedStore
    from tui.screens.live.rows import RowSpec
    from tui.workspace.live.course import Course


class Reckoning:
    """The derived series of one store at a time. Imports nothing until there are any."""

    def __init__(self, settings: Live) -> None:
        self._settings = settings
        self._deriver: Deriver | None = None
        self._course: Course | None = None
        self.polar: Polar | None = None

    def offered(
        self,
        store: FeedStore,
        course: Course | None,
        serials: Sequence[str],
        types: Collection[int],
    ) -> list[SeriesKey]:
        """The derived series among the chosen types that there is all for."""
        wanted = [number for number in types if number >= FIRST]
        if not wanted:
            self._forget()
            return []
        return self._of(store, course).offered(serials, wanted)

    def bring(
        self, store: FeedStore, course: Course | None, specs: Iterable[RowSpec], since: int
    ) -> bool:
        """Reckon what is new in these rows, from `since` on; whether some is left over."""
        keys = [spec.key for spec in specs if spec.key is not None and spec.derived]
        return bool(keys) and self._of(store, course).bring(keys, since)

    def _of(self, store: FeedStore, course: Course | None) -> Deriver:
        from tui.live.derived.deriver import Deriver
        from tui.workspace.live.derived import water_of

        deriver = self._deriver
        if deriver is None or deriver.store is not store:
            self._forget()
            water = water_of(course, self._settings, self.polar)
            deriver = self._deriver = Deriver(store, water)
        elif course is not self._course:
            deriver.learn(water_of(course, self._settings, self.polar))
        self._course = course
        return deriver

    def _forget(self) -> None:
        if self._deriver is not None:
            self._deriver.close()
            self._deriver = None

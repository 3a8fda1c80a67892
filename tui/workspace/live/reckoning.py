"""Derived series of what is watched, reckoned as far as somebody looks: rows and the wind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from tui.live.course import Wind
from tui.live.derived import FIRST, FLEET, MEAN_TWD, MEAN_TWS
from tui.live.series import SeriesKey

if TYPE_CHECKING:
    from tui.config.live import Live
    from tui.live.derived.deriver import Deriver
    from tui.live.polars import Polar
    from tui.live.store import FeedStore
    from tui.workspace.live.course import Course, WindThen

LATELY = 2_000
"""Milliseconds before a moment in which its wind is mostly found."""
AT_A_TIME = 12_000
"""Values of the wind that are reckoned for one picture: of 40 boats it is there with the third."""
DIRECTION, SPEED = (SeriesKey(FLEET, one) for one in (MEAN_TWD, MEAN_TWS))


class Reckoning:
    """The derived series of one store at a time. Imports nothing until there are any."""

    def __init__(self, settings: Live) -> None:
        self._settings = settings
        self._deriver: Deriver | None = None
        self._course: Course | None = None
        self._far: int | None = None
        """From when on a wind is reckoned that is not found lately, where that goes on."""
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
        return self._of(store, course).offered(serials, wanted) if wanted else []

    def bring(
        self, store: FeedStore, course: Course | None, keys: Iterable[SeriesKey], since: int
    ) -> bool:
        """Reckon what is new in these derived series, from `since` on; whether some is left."""
        wanted = list(keys)
        return bool(wanted) and self._of(store, course).bring(wanted, since)

    def wind(self, store: FeedStore, course: Course | None, now: int) -> WindThen | None:
        """The wind at `now`, as rows have it: measured, else entered, else of apparent winds."""
        from tui.live.derived.winds import LASTING
        from tui.workspace.live.course import WindThen

        deriver = self._of(store, course)
        entered = None if course is None or course.wind is None else WindThen(course.wind)
        if not deriver.offered((), (MEAN_TWD,)):
            return entered
        far, self._far = self._far, None
        begun = far is not None and now - 2 * LASTING <= far <= now - LATELY
        for since in (far or 0,) if begun else (now - LATELY, now - LASTING):
            left = deriver.bring((DIRECTION, SPEED), since, AT_A_TIME)
            found, blows = store.value_at(DIRECTION, now), store.value_at(SPEED, now)
            whole = not left or (found and blows and found[0] == blows[0])
            if whole and found is not None and now - found[0] <= LASTING:
                break
            if left:
                # Of many boats it is reckoned in several frames. What was begun further back goes
                # on: begun again for what is late, and that for it, neither would be done ever.
                self._far = None if since == now - LATELY else since
                return entered
        else:
            return entered
        known, speed = [self._known(store, DIRECTION, found[0])], 0.0
        boats = deriver.boats_at(found[0])
        lasts = blows is not None and now - blows[0] <= LASTING
        # Never one measured and the other of apparent winds.
        if blows is not None and lasts and bool(deriver.boats_at(blows[0])) == bool(boats):
            speed = blows[1][0]
            known.append(self._known(store, SPEED, blows[0]))
        return WindThen(Wind(found[1][0], speed), min(known), boats)

    @staticmethod
    def _known(store: FeedStore, key: SeriesKey, time: int) -> int:
        series = store.series(key)
        return time if series is None else series.known_at(time)

    def _of(self, store: FeedStore, course: Course | None) -> Deriver:
        from tui.live.derived.deriver import Deriver
        from tui.workspace.live.derived import water_of

        deriver = self._deriver
        if deriver is None or deriver.store is not store:
            if deriver is not None:
                deriver.close()
            self._far = None
            water = water_of(course, self._settings, self.polar)
            deriver = self._deriver = Deriver(store, water)
        elif course is not self._course:
            deriver.learn(water_of(course, self._settings, self.polar))
        self._course = course
        return deriver

"""Keeps derived series up to date: each costs what is new of what it is made of.

They stand in the feed's own store, so that whatever shows, reads or writes a series has them too.
What is newest counts at once: nothing is waited for. What comes of an earlier time than was
reckoned already, as from another unit, has the series made anew from there on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui.live.derived import FLEET
from tui.live.derived.glances import Glances
from tui.live.derived.kinds import KINDS
from tui.live.derived.recipes import RECIPES, SECOND, Given, Glance, Recipe
from tui.live.derived.water import Input, Inputs, Water
from tui.live.derived.winds import BEHIND
from tui.live.series import NEVER, Series, SeriesKey, Watch
from tui.live.store import FeedStore

LAG = 60_000
"""Milliseconds that a series which nobody looked at for a while is made up for."""
MOST = 4000
"""Values reckoned at a time, so that a long history does not hold up a frame."""


class _Follower:
    """One input, followed through time: its newest sample at or before it."""

    __slots__ = ("_next", "_read", "_samples", "series", "time", "value", "what")

    def __init__(self, what: Input, store: FeedStore, start: int) -> None:
        self.what = what
        self.series = None if what.key is None else store.series(what.key)
        self._samples: list[tuple[int, Given]] = []
        self._next, self._read = 0, start
        self.time, self.value = 0, what.fixed
        found = None if self.series is None else self.series.before(start - 1)
        if found is not None:
            self.time, self.value = found

    def read(self, end: int) -> list[int]:
        """Read what has come before `end`; the times of that."""
        series, start = self.series, self._read
        if series is None or end <= start:
            return []
        self._read = end
        if (series.ring.last_time or 0) < start:
            return []
        if self._next == len(self._samples):
            self._samples, self._next = [], 0
        newest = series.ring.single(start, end)
        if newest is not None:
            self._samples.append(newest)
            return [newest[0]]
        times, axes = series.ring.samples(start, end)
        self._samples += zip(times, zip(*axes, strict=True), strict=True)
        return times

    def at(self, time: int) -> Given | None:
        """What it said at a time, that never goes back; None where that is too old."""
        samples, place = self._samples, self._next
        while place < len(samples) and samples[place][0] <= time:
            place += 1
        if place > self._next:
            self._next = place
            self.time, self.value = samples[place - 1]
        what = self.what
        lost = self.series is None or time - self.time > what.age
        if lost or not what.since <= time < what.until:
            return what.fixed_at(time) or None
        turn = self.what.turn
        return self.value if not turn else ((self.value[0] + turn) % 360, *self.value[1:])

    @property
    def known_at(self) -> int | None:
        """When what it says was known; None for what stands fast."""
        if self.series is None or not self.time:
            return None
        return self.series.known_at(self.time)


class _Work:
    """One derived series in the making."""

    def __init__(
        self,
        key: SeriesKey,
        recipe: Recipe,
        inputs: Sequence[Input],
        store: FeedStore,
        since: int,
        water: Water,
    ) -> None:
        self.key = key
        self.recipe = recipe
        self.inputs = tuple(inputs)
        self.since = since
        self._store = store
        self._water = water
        self._watched: list[tuple[Series, Watch]] = []
        self._restart(since)

    def _restart(self, since: int) -> None:
        """Begin at a time; what was reckoned from there on goes."""
        self._drop_watches()
        start = max(0, since - self.recipe.warm)
        self._from = since
        self._step = self.recipe.make(self._water)
        self._followers = [_Follower(one, self._store, start) for one in self.inputs]
        self._needed = sum(one.needed for one in self.inputs)
        self._due: list[int] = []
        self._read_to = start
        for one in self._followers:
            if one.series is not None:
                watch = Watch()
                watch.tail = start - 1
                one.series.watched_by(watch)
                self._watched.append((one.series, watch))
        own = self._store.series(self.key)
        if own is not None and own.ring.take_out(since, NEVER)[0]:
            own.changed(since)

    def _drop_watches(self) -> None:
        for series, watch in self._watched:
            series.let_go_of(watch)
        self._watched = []

    def close(self) -> None:
        """Watch nothing any more."""
        self._drop_watches()

    @property
    def stands(self) -> bool:
        """Whether all that it is made of is still the store's."""
        return all(
            one.series is self._store.series(one.what.key)
            for one in self._followers
            if one.what.key is not None
        )

    @property
    def reckoned_to(self) -> int:
        """Up to when it was brought, in ms; what was but looked at to begin with counts, too."""
        return (self._due[0] if self._due else self._read_to) + self.recipe.warm

    def bring(self, most: int) -> int:
        """Reckon at most so many values; how many it was. Fewer than `most`: it is up to date."""
        late, read_to = NEVER, self._read_to
        for _, watch in self._watched:
            if watch.dirty < late:
                late = watch.dirty
        if late < self._read_to:
            # From what was not reckoned yet, where that is earlier.
            self._restart(max(min([late, *self._due[:1]]), self.since))
        until = self._until()
        if until >= self._read_to:
            self._plan(until)
        due, self._due = self._due[:most], self._due[most:]
        if due:
            self._reckon(due)
        if late != NEVER or self._read_to != read_to:
            for _, watch in self._watched:
                watch.tail, watch.dirty = self._read_to - 1, NEVER
        return len(due)

    def _until(self) -> int:
        """Up to when there are values; what an input says of then later makes them anew."""
        lasts = (one.series.last_time or 0 for one in self._followers if one.series is not None)
        if self.recipe.rhythm == "first":
            return next(lasts, 0)
        last = max(lasts, default=0)
        # Up to the second of the last value: what comes for a second that is not over is not late.
        return last // SECOND * SECOND if self.recipe.rhythm == "second" else last

    def _plan(self, until: int) -> None:
        """Read what has come, and see at which times there is a value to reckon."""
        times: list[int] = []
        for place, one in enumerate(self._followers):
            read = one.read(until + 1)
            if place == 0 or self.recipe.rhythm == "any":
                times = read if not times else sorted({*times, *read})
        if self.recipe.rhythm == "second":
            first = -(-self._read_to // SECOND)
            starts = (one.series.first_time for one in self._followers if one.series is not None)
            first = max(first, -(-min((at for at in starts if at), default=0) // SECOND))
            times = [second * SECOND for second in range(first, until // SECOND + 1)]
        self._read_to = until + 1
        self._due += times

    def _reckon(self, due: Sequence[int]) -> None:
        followers, step, since, needed = self._followers, self._step, self._from, self._needed
        times: list[int] = []
        values: list[Given] = []
        rank = 0
        for time in due:
            given: list[Given] = []
            there, rank = 0, followers[0].what.rank
            for one in followers:
                if one.what.rank != rank:
                    if given:
                        break
                    rank = one.what.rank
                found = one.at(time)
                if found is not None:
                    given.append(found)
                    there += one.what.needed
            if there < needed:
                continue
            value = step(time, given)
            if value is not None and time >= since:
                times.append(time)
                values.append(value if isinstance(value, tuple) else (value,))
        if times:
            ages = [
                at
                for one in followers
                if one.what.rank == rank
                and (at := one.known_at) is not None
                and times[-1] - one.time <= one.what.age
            ]
            known = min(ages, default=0)
            self._store.add([(self.key, times, list(zip(*values, strict=True)))], heard=known)


class Deriver:
    """The derived series of a store."""

    def __init__(self, store: FeedStore, water: Water | None = None) -> None:
        self.store = store
        self.water = water or Water()
        self._inputs: Inputs | None = None
        self._layout = -1
        self._works: dict[SeriesKey, _Work | Glances] = {}
        self._found: dict[SeriesKey, tuple[Input, ...] | None] = {}
        self._sure: set[SeriesKey] = set()
        """Those whose work is of what the store has now."""

    def learn(self, water: Water) -> None:
        """Take in what is known of the water; what was made otherwise is made anew."""
        if water != self.water:
            self.water = water
            self._layout = -1

    def offered(self, serials: Iterable[str], types: Iterable[int]) -> list[SeriesKey]:
        """Those series of boats and of the fleet that there is all for."""
        self._look()
        kinds = [KINDS[number] for number in types if number in KINDS]
        boats = [one for one in dict.fromkeys(serials) if one not in self.water.not_boats]
        keys = [SeriesKey(FLEET, kind.id) for kind in kinds if kind.fleet and len(kind.axes) == 1]
        keys += [SeriesKey(boat, kind.id) for kind in kinds if not kind.fleet for boat in boats]
        return [key for key in keys if self._find(key) is not None]

    def bring(self, keys: Iterable[SeriesKey], since: int, most: int = MOST) -> bool:
        """Bring series up to date from `since` on, in ms; whether something is left over.

        What they are made of comes first. What is not among `keys` stands as it is.
        """
        self._look()
        left = most
        for key, start in self._in_order(keys, since):
            work = self._work(key, start)
            if work is None:
                continue
            left -= work.bring(left)
            if left <= 0:
                return True
        return False

    def boats_at(self, time: int) -> int:
        """Of how many boats' apparent winds the mean wind of a time is; 0 where it is measured."""
        self._look()
        inputs = self._inputs
        told = None if inputs is None or inputs.water.wind else inputs.apparent.at(time)
        return 0 if told is None else told.boats

    def close(self) -> None:
        """Watch nothing any more."""
        for work in self._works.values():
            work.close()
        self._works = {}

    def _look(self) -> None:
        """Find the inputs anew where there are other series."""
        if self._layout == self.store.layout and self._inputs is not None:
            return
        self._inputs = Inputs(self.store, self.water)
        self._layout = self.store.layout
        self._found.clear()
        self._sure.clear()

    def _find(self, key: SeriesKey) -> tuple[Input, ...] | None:
        if key not in self._found:
            names = RECIPES[key.type].inputs
            found = None if self._inputs is None else self._inputs.find(key.serial, names)
            # Without a series in the first place nothing says when there is a value.
            self._found[key] = None if found is None or found[0].key is None else found
        return self._found[key]

    def _in_order(self, keys: Iterable[SeriesKey], since: int) -> list[tuple[SeriesKey, int]]:
        """Each from when on, those that others are made of first and from earlier on."""
        found: dict[SeriesKey, int] = {}

        def want(key: SeriesKey, start: int) -> None:
            if found.get(key, NEVER) <= start:
                return
            before = start - RECIPES[key.type].warm - BEHIND
            for one in self._find(key) or ():
                if one.key is not None and one.key.type in KINDS:
                    want(one.key, before)
            found[key] = start

        for key in keys:
            want(key, since)
        return list(found.items())

    def _work(self, key: SeriesKey, since: int) -> _Work | Glances | None:
        work = self._works.get(key)
        if work is not None and work.reckoned_to + LAG < since:
            # What nobody looked at since then is not reckoned on the way to what is looked at now.
            work.close()
            del self._works[key]
            work = None
        if work is not None and key in self._sure and work.since <= since:
            return work
        inputs = self._find(key)
        if inputs is None:
            return None
        if work is not None and work.inputs == inputs and work.stands and work.since <= since:
            self._sure.add(key)
            return work
        if work is not None:
            since = min(since, work.since)
            work.close()
        recipe = RECIPES[key.type]
        if isinstance(recipe, Glance):
            if self._inputs is None:
                return None
            made = Glances(key, recipe, inputs, self.store, since, self._inputs.apparent)
            self._works[key] = made
            return made
        needed = [one.key for one in inputs if one.key is not None and not one.rank]
        if any(self.store.series(one) is None for one in needed):
            return None
        work = self._works[key] = _Work(key, recipe, inputs, self.store, since, self.water)
        return work

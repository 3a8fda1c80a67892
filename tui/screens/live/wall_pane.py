"""The wall, or one row of it large in its place: which rows, how arranged, read at which time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING

from textual import on

from tui.commands import Command
from tui.live.derived import FIRST
from tui.screens.live.beat import Tick
from tui.screens.live.picture import LivePane, Picture
from tui.screens.live.reckon_pace import ReckonPace
from tui.screens.live.row import AGES_EVERY
from tui.screens.live.rows import MARKS, WIND, RowSpec, row_specs
from tui.screens.live.wall import Wall
from tui.screens.live.window import longer, window_text
from tui.spoken_keys import key_for, with_keys
from tui.words import counted
from tui.workspace.live.presets import CHOICES
from tui.workspace.text import clean
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.live.replay import Replay
    from tui.live.supervisor import LiveFeed
    from tui.screens.live.large import Large

ORDER_EVERY = 2.0
LATELY = 5_000
"""Milliseconds of which a row that nobody sees is reckoned, where it was not before."""
NEW_ROWS_EVERY = 0.5
CELL_BYTES = 12
"""What a changed cell costs on the wire, about: colours, and where it stands."""
SCALES = {
    "shared": "One scale for each type.",
    "auto": "Every row has its own scale.",
    "fixed": "Fixed scales; <live.limits> sets them.",
}


class WallPane(LivePane):
    """One line a series. While a row is large the wall keeps the keys that move its cursor."""

    DEFAULT_CSS = """
    WallPane { padding: 0; }
    """

    def __init__(self, workspace: Workspace, picture: Picture) -> None:
        self.wall = Wall(picture.glyphs, picture.zone, id="wall")
        super().__init__(workspace, picture, self.wall, "Wall", id="rows")
        self._large: Large | None = None
        """Made once it is wanted; it says by `Resized` that it is to be drawn."""
        self._order_at = 0.0
        self._layout_seen: tuple[int, int] | None = None
        self._pace = ReckonPace(ORDER_EVERY)

    @property
    def large(self) -> Large | None:
        """The large row, where it stands in the place of the wall."""
        return self._large if self._large is not None and self._large.display else None

    # -- drawing --------------------------------------------------------------------------------

    def forget_rows(self) -> None:
        """Look for rows anew at the next frame."""
        self._layout_seen = None

    def paint(
        self, feed: LiveFeed | Replay, now: float, room: int, *, forced: bool = False
    ) -> Tick:
        """Draw wall or large row; `now` is in seconds, `room` in bytes that may be written."""
        wall, large, watching = self.wall, self.large, self.picture.watching
        left, due = self._reckon(feed, now, forced=forced)
        # Once all was reckoned it is only what has come since.
        wall.drawing.reckoning = wall.drawing.reckoning and left
        live = None if watching is None or watching.replay else watching.live
        wall.drawing.filling = frozenset() if live is None else live.filling
        if large is None:
            drawn = wall.tick(feed.now, now, max(1, room // CELL_BYTES))
            if left:
                return drawn._replace(left_over=True, rest=0.0)
            return drawn._replace(rest=min(drawn.rest, due))
        cells = large.tick(
            feed.store,
            self.picture.arrangement,
            feed.now,
            now,
            held=wall.held,
            cursor=wall.cursor,
            marked=() if watching is None else [one.time for one in watching.events],
        )
        return Tick(cells, left, AGES_EVERY if large.alive else inf)

    def _reckon(self, feed: LiveFeed | Replay, now: float, *, forced: bool) -> tuple[bool, float]:
        """Reckon what is new in the derived rows that are seen, where it is time; whether some is
        left over, and in how many seconds more is due.
        """
        wall, chosen, pace = self.wall, self.wall.chosen, self._pace
        if self.large is not None:
            pace.forget()
            return self.bring([] if chosen is None else [chosen]), inf
        if self.picture.arrangement.order == "value" and wall.held is None:
            # A row's place by its value hangs on rows that nobody sees.
            self.bring(wall.specs[pace.others(len(wall.specs), now)], feed.now - LATELY)
        rows, store = wall.on_screen, feed.store
        picture = (wall.drawing.frame_at(feed.now), [row.id for row in rows])
        wait = 0.0 if forced else pace.wait(picture, store.version, now)
        if wait:
            return False, wait
        left = self.bring(rows)
        pace.reckoned(picture, store.version, now, left=left)
        wall.drawing.read_derived()
        return left, inf

    def bring(self, rows: Sequence[RowSpec], since: int | None = None) -> bool:
        """Reckon what is new in these rows, since a time or as far as the window reaches; whether
        some is left.
        """
        feed, held = self.picture.feed, self.wall.held
        if feed is None:
            return False
        if since is None:
            # A tenth more: the large row's columns begin where they may.
            since = (feed.now if held is None else held) - self.picture.arrangement.window * 1100
        keys = [row.key for row in rows if row.key is not None and row.derived]
        return self.picture.reckoning.bring(feed.store, self.picture.course, keys, since)

    def reorder(self, now: float) -> str:
        """Other rows where the store has other series, or where their order has changed.

        How many there are then, in words; empty where it is not time to look.
        """
        watching, wall = self.picture.watching, self.wall
        if watching is None or watching.feed is None or watching.store is None:
            return ""
        arrangement, store = self.picture.arrangement, watching.store
        seen = (id(store), store.layout)
        sorting = arrangement.order != "name" and wall.held is None
        anew = self._layout_seen is None or store is not wall.store
        same = seen == self._layout_seen
        if (same and not sorting) or (not anew and now < self._order_at):
            return ""
        self._order_at = now + (ORDER_EVERY if same else NEW_ROWS_EVERY)
        # A series that is not shown changes nothing: on a thin link a whole picture is a second.
        self._layout_seen = seen
        specs = row_specs(
            store,
            watching.serials,
            watching.names(),
            self.picture.kinds,
            arrangement,
            watching.feed.now,
            self._parts(),
            self.picture.reckoning.offered(
                store, self.picture.course, watching.serials, arrangement.types
            ),
        )
        if anew or specs != wall.specs:
            known = {spec.id for spec in wall.specs}
            wall.drawing.reckoning |= any(one.derived and one.id not in known for one in specs)
            wall.show(specs, store, arrangement)
            if self.large is not None:
                self.large.show(wall.chosen)
        series, total = sum(spec.key is not None for spec in specs), len(store)
        return counted(series, "series", "series") + (f" of {total}" if total > series else "")

    def _parts(self) -> Mapping[str, int]:
        """Which devices are no boats, as far as a session's log says so."""
        course = self.picture.course
        found = self.wall.drawing.parts = (
            {}
            if course is None
            else dict.fromkeys(course.not_boats, MARKS) | dict.fromkeys(course.wind_serials, WIND)
        )
        return found

    # -- one row large --------------------------------------------------------------------------

    def keys(self) -> Mapping[str, str]:
        """Fewer where others want their place in the footer."""
        return {"open": "", "types": ""} if self.cramped else {}

    def offer(self, command: Command) -> Command | None:
        """The key that opens a row leads back from it."""
        offered = super().offer(command)
        if offered is not None and command.name == "open" and self.large is not None:
            return offered._replace(title="Wall", help="Back to the wall.")
        return offered

    def command_open(self) -> None:
        """The row under the cursor large, or back to the wall."""
        self.show_large(self.large is None)

    @on(Wall.Opened)
    async def _clicked_twice(self) -> None:
        await self.perform("open")

    @on(Wall.Moved)
    def _row_moved(self) -> None:
        if self.large is not None:
            self.large.show(self.wall.chosen)
            self.draw()

    def on_large_resized(self) -> None:
        """The large row has another size, also the first one."""
        self.draw()

    def show_large(self, wanted: bool) -> None:
        """Show the row under the cursor in the place of the wall, or the wall again."""
        from tui.screens.live.large import Large

        wall = self.wall
        if wanted and wall.chosen is None:
            return
        wall.stay()
        if self._large is None:
            self._large = Large(self.picture.glyphs, self.picture.zone, id="large")
            self.mount(self._large)
        self._large.display = wanted
        self._large.show(wall.chosen)
        # Hidden, not gone: the wall keeps the keys that move its cursor.
        wall.styles.height = 0 if wanted else "1fr"
        self.post_message(self.KeysChanged())
        self.call_after_refresh(self.draw)

    # -- the time that all rows are read at -----------------------------------------------------

    def command_left(self) -> None:
        """Read all rows at an earlier time."""
        self._move_cursor(-1)

    def command_right(self) -> None:
        """Read all rows at a later time; beyond the newest column the cursor goes."""
        self._move_cursor(1)

    def _move_cursor(self, cells: int) -> None:
        feed, wall = self.picture.feed, self.wall
        if feed is None:
            return
        time = wall.beside_cursor(cells, feed.now)
        wall.show_cursor(None if cells > 0 and time == wall.cursor else time)
        self.draw()

    def reach_back(self, held: int) -> bool:
        """Fetch what the large row lacks in a window that ends at `held`; whether it is asked for.

        A quarter more of the window is asked for, so that it is there once one scrolls on.
        """
        watching, chosen = self.picture.watching, self.wall.chosen
        live = None if watching is None or watching.replay is not None else watching.live
        if live is None or chosen is None or self.large is None:
            return False
        return live.reach(chosen.serial, max(1, held - self.picture.arrangement.window * 1250))

    def follow_the_present(self) -> None:
        """Neither held nor read at an earlier time."""
        self.wall.held = None
        self.wall.show_cursor(None)

    # -- arrangement ----------------------------------------------------------------------------

    def command_zoom_in(self) -> None:
        """Show a shorter time."""
        self._zoom(-1)

    def command_zoom_out(self) -> None:
        """Show a longer time."""
        self._zoom(1)

    def _zoom(self, by: int) -> None:
        before = self.picture.arrangement.window
        window = longer(before, by)
        if window == before:
            self.flash(f"The window is {window_text(window)}, which is all that there is.")
            return
        self.change(f"Window {window_text(window)}.", window=window)

    def command_scale(self) -> None:
        """The next kind of scale."""
        scale = next_choice(self.picture, "scale")
        self.change(with_keys(SCALES[scale]), scale=scale)

    def command_group(self) -> None:
        """By device, or by type."""
        group = next_choice(self.picture, "group")
        self.change(f"Grouped by {group}.", group=group)

    def command_order(self) -> None:
        """By name, value or age."""
        order = next_choice(self.picture, "order")
        self.change(f"Ordered by {order}.", order=order)

    def command_smooth(self) -> None:
        """Smooth the graphs, or no longer."""
        smooth = not self.picture.arrangement.smooth
        self.change("Smoothed." if smooth else "As measured.", smooth=smooth)

    async def command_types(self) -> None:
        """Choose the types."""
        from tui.screens.live.dialogs import choose_types

        if await choose_types(self, self.picture):
            self.rearrange(keep=True)

    def command_derived(self) -> None:
        """Show the derived series, or hide those that are shown."""
        arrangement = self.picture.arrangement
        measured = tuple(number for number in arrangement.types if number < FIRST)
        if measured == arrangement.types:
            news = self.show_derived()
        else:
            self.picture.arrangement = arrangement.changed(types=measured)
            news = (
                f"Only what is measured is shown; {key_for('live.derived')} shows "
                "derived series again."
            )
        self.rearrange(keep=True)
        self.flash(news)

    def show_derived(self) -> str:
        """Show the derived series of the settings beside what is measured; what that did."""
        from tui.workspace.live.derived import USUAL, derived_types

        arrangement, kinds = self.picture.arrangement, self.picture.kinds
        wanted, unknown = derived_types(self.workspace.settings.live.derived)
        types = (*arrangement.types, *(wanted or USUAL))
        self.picture.arrangement = arrangement.changed(types=types)
        names = ", ".join(kinds[number].short for number in wanted or USUAL)
        missing = f" There is no {clean(unknown[0])} of [live] derived." if unknown else ""
        return f"Derived: {names}; {key_for('live.types')} chooses others.{missing}"

    async def command_limits(self) -> None:
        """What of the type under the cursor rings, its fixed scale, and when silent boats ring."""
        from tui.screens.live.dialogs import set_limits, set_silence

        kind = None if self.wall.chosen is None else self.wall.chosen.kind
        if kind is None:
            done = await set_silence(self, self.picture)
        else:
            done = await set_limits(self, self.picture, kind)
        if done:
            self.rearrange(keep=True)


def next_choice(picture: Picture, name: str) -> str:
    """What comes after the arrangement's present choice of a name."""
    choices = CHOICES[name]
    now = getattr(picture.arrangement, name)
    return choices[(choices.index(now) + 1) % len(choices)]

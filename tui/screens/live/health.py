"""The Health page: how fresh every device is, what was lost, how sources and units stand."""

from __future__ import annotations

from datetime import tzinfo
from math import inf
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from tui.screens.live.numbers import LATE, age_text, clock_text
from tui.screens.live.status import REASONS
from tui.spoken_keys import key_for
from tui.widget_keys import HEALTH
from tui.widgets.bindings import bindings_from
from tui.widgets.cells import clip_name, fit
from tui.widgets.dialogs import MessageBox
from tui.widgets.work import begin_work
from tui.words import counted
from tui.workspace.problems import EXPECTED, one_line
from tui.workspace.text import NaturalOrder, clean, in_order
from tui.workspace.times import clock_off_text

if TYPE_CHECKING:
    from tui.live.feed import DeviceHealth, Health
    from tui.screens.live.watch import Watching

HEALTH_EVERY = 1.0


class HealthBox(MessageBox):
    """The feed's health, as it is while somebody reads it; its own key asks about units."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(HEALTH)

    wants_units = False
    """Whether it was closed by that key."""

    def __init__(self, watching: Watching, zone: tzinfo) -> None:
        super().__init__("Health", health_text(watching, zone))
        self._watching, self._zone = watching, zone
        self._sources: list[str] = []
        self._asks = False

    def on_mount(self) -> None:
        """Look again while it is open."""
        self.set_interval(HEALTH_EVERY, self._look)
        self._look()

    def _look(self) -> None:
        # What is heard now says nothing of what is played.
        live = self._watching.replay is None
        if live and self._watching.room.sources.there and not self._asks:
            self._asks = True
            begin_work(self, self._ask, group="sources")
        self._show_all()

    def _show_all(self) -> None:
        feed = health_text(self._watching, self._zone)
        self.show_text("\n".join((*self._sources, feed)))

    def action_units(self) -> None:
        """Close it, and go on to the units."""
        self.wants_units = True
        self.dismiss(None)

    async def _ask(self) -> None:
        from tui.workspace.live.sources import lets_units_in, said_of

        room = self._watching.room
        try:
            heard = await room.sources.heard()
            units = await room.units.all() if any(map(lets_units_in, heard)) else []
            self._sources = said_of(heard, units, key_for(HEALTH[0].id))
        except EXPECTED as error:
            self._sources = [f"sources of real boats: {one_line(error)}", ""]
        finally:
            self._asks = False
        self._show_all()


def _called(name: str, cells: int) -> str:
    return fit(clip_name(clean(name), cells), cells)


def health_text(watching: Watching, zone: tzinfo) -> str:
    """All that the feed knows about itself, the silent devices first."""
    from tui.workspace.live.apart import left_apart
    from tui.workspace.live.holes import coarse_said, conflicts_said, holes_said

    feed = watching.feed
    if feed is None:
        return ""
    health = feed.health()

    def by_silence(one: DeviceHealth) -> tuple[float, NaturalOrder, str]:
        # By what is read, so that those that are heard stay where they are.
        age = inf if one.age is None else one.age // 1000 if one.age > LATE else 0
        return -age, in_order(watching.room.name(one.serial)), one.serial

    lines = [f"! {clean(one.text)}" for one in watching.alarms.standing]
    over = [f"{clock_text(time, zone)}  rang: {clean(said)}" for time, said in watching.alarms.rang]
    lines += [*over, ""] if over else []
    lines += [
        f"{_called(watching.room.name(one.serial), 20)} {_called(one.serial, 14)} "
        + ("no samples" if one.age is None else f"{age_text(max(0, one.age)):>5}")
        + (f"  {clock_off_text(one.clock)}" if one.clock else "")
        + (f"  {one.apart:,} left out" if one.apart else "")
        for one in sorted(health.devices, key=by_silence)
    ]
    lines.append("")
    # A recording knows its marks from the start: those that are still to come are no news yet.
    marked = [one for one in watching.events if watching.replay is None or one.time <= feed.now]
    lines += [f"{clock_text(one.time, zone)}  {clean(one.text)}" for one in marked]
    lines += left_apart(feed.store.apart())
    lines += conflicts_said(health.conflicts)
    lines += coarse_said(feed.store, zone)
    if watching.live is not None and watching.replay is None:
        lines += holes_said(watching.live.standing(), watching.names(), zone)
        if health.asked_later:
            lines.append(f"silence that is asked for again later: {health.asked_later:,}")
        if health.hole_failure:
            serial, why = health.hole_failure
            called = clean(watching.names()(serial))
            lines.append(f"gaps of {called} could not be filled: {clean(why)}")
    if watching.replay is None:
        size = counted(health.received_bytes, "byte")
        lines.append(f"{counted(health.messages, 'message')}, {size}")
    lines += _counts_text(health, heard=watching.replay is None)
    if watching.live is not None and (watching.replay is None or watching.recording):
        if watching.replay is not None:
            lines += ["", "recorded meanwhile, beside this replay:"]
        lines += [
            f"connection of {counted(len(serials), 'device')}: {state.phase} {clean(state.server)}"
            for serials, state in watching.live.states
        ]
    return "\n".join(lines)


def _counts_text(health: Health, *, heard: bool) -> list[str]:
    """What became of samples that are not simply kept, with what of it is new; `heard`: from a
    connection.
    """
    lines = []
    for title, counts, lately in (
        ("lost", health.dropped, health.lost_lately),
        ("passed by", health.passed, {}),
        ("put in order", {"late": health.repaired}, {"late": health.repaired_lately}),
    ):
        lines += [
            f"{title}, {REASONS.get(reason, reason)}: {count:,}"
            + (f", {lately[reason]:,} in the last minute" if lately.get(reason) else "")
            for reason, count in sorted(counts.items())
            if count
        ]
    if health.clock_offset is not None:
        lines.append(f"server's clock: {round(health.clock_offset / 1000, 1) + 0.0:+.1f} s")
    again = f" · connected again: {health.reconnects:,}" if heard else ""
    lines.append(f"known already: {health.duplicates:,}{again}")
    return lines

"""The two lines above the wall: how the feed stands, and what is recorded or replayed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from tui.screens.live.numbers import clock_text, since_text
from tui.screens.live.runs import changed_regions, strip_of
from tui.spoken_keys import key_for
from tui.widget_keys import HEALTH
from tui.widgets.cells import clip
from tui.widgets.palette import Role, palette_of
from tui.words import counted
from tui.workspace.text import clean
from tui.workspace.times import clock_off_text, running_text

if TYPE_CHECKING:
    from tui.live.feed import FeedState, Health
    from tui.live.replay import Replay

MARKS: dict[str, tuple[str, str, Role]] = {
    "live": ("●", "*", "good"),
    "replay": ("▶", ">", "accent"),
    "quiet": ("○", "o", "warn"),
    "stale": ("◌", "!", "bad"),
    "paused": ("‖", "=", "warn"),
    "connecting": ("…", ".", "accent"),
    "reconnecting": ("↻", "~", "bad"),
    "refused": ("✗", "x", "bad"),
    "stopped": ("■", "#", "muted"),
}
"""How each phase is marked, beside its word: a symbol, one in ASCII, a colour."""
ALARM = 16
"""Cells at least for an alarm that was not read: behind it stands how many more there are, and
which key leads to all of them."""
SLOW = 1.0
"""Messages a second below which no number is shown: heartbeats alone are fewer."""
NAMED = 3
SERIAL = 20
"""Cells for a unit's serial number, of its own choice: behind it stands what to press."""
CLOCK_OFF = 2000
"""Milliseconds from which on somebody may want to set this machine's clock."""
MANY_LOST = 10
"""Samples lost within a minute from which on something is amiss; all are on the Health page."""
REASONS = {
    "unknown": "of unknown types",
    "not_numbers": "no numbers",
    "foreign": "of other devices",
    "junk": "junk",
    "unreadable": "unreadable",
    "unstamped": "without a time",
    "expired": "too late",
}


class Piece(NamedTuple):
    """A text and what it is."""

    text: str
    role: Role


class Line(NamedTuple):
    """A line's pieces from the left, and those that stand at its right end."""

    left: Sequence[Piece]
    right: Sequence[Piece] = ()
    yields: bool = False
    """Whether the right part gives way, piece by piece: what was asked for stands at the left."""

    def cells(self, width: int) -> list[tuple[str, Role]]:
        """The line as runs of text of exactly `width` cells; one part is cut before the other."""
        if self.yields:
            left, room = _clipped(self.left, width)
            right, room = _whole(self.right, room)
        else:
            right, room = _clipped(self.right, width)
            left, room = _clipped(self.left, room)
        return [*left, (" " * room, "text"), *right]


def _clipped(pieces: Sequence[Piece], room: int) -> tuple[list[tuple[str, Role]], int]:
    """What fits of the pieces, and the room that is left."""
    runs: list[tuple[str, Role]] = []
    for text, role in pieces:
        shown = clip(text, room)
        room -= cell_len(shown)
        runs.append((shown, role))
    return runs, room


def _whole(pieces: Sequence[Piece], room: int) -> tuple[list[tuple[str, Role]], int]:
    """The first pieces that fit as wholes, and the room that is left."""
    runs: list[tuple[str, Role]] = []
    for text, role in pieces:
        if cell_len(text) > room:
            break
        room -= cell_len(text)
        runs.append((text, role))
    return runs, room


class StatusLines(Widget):
    """Lines of which only what changed is written."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    StatusLines { height: 2; width: 1fr; background: $background; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[Line] = []
        self._shown: list[list[tuple[str, Role]]] = []

    def show(self, lines: list[Line]) -> None:
        """Show other lines."""
        self._lines = lines
        width = self.content_size.width
        before, self._shown = self._shown, [line.cells(width) for line in lines]
        regions = changed_regions(before, self._shown, width)
        if regions:
            self.refresh(*regions)

    def on_resize(self) -> None:
        """Cut to the new width."""
        self._shown = [line.cells(self.content_size.width) for line in self._lines]
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        runs = self._shown[y] if y < len(self._shown) else ()
        return strip_of(runs, self.content_size.width, palette_of(self.app))


def state_line(
    state: FeedState,
    title: str,
    monotonic: float,
    where: tzinfo,
    *,
    ascii_only: bool,
    replayed: bool = False,
    held: str = "",
    recording: Sequence[Piece] = (),
    alarms: Sequence[str] = (),
    width: int = 120,
) -> Line:
    """The state in words with its reason, what is watched, what is held or recorded, and before
    these what rang and was not read.
    """
    phase = "replay" if replayed and state.phase == "live" else str(state.phase)
    symbol, plain, role = MARKS.get(phase, ("?", "?", "warn"))
    word = phase
    wait = state.retry_in(monotonic)
    if wait is not None:
        word = f"{phase} in {wait} s"
    # How fast a replay goes stands in the line below.
    reason = "" if phase == "replay" else clean(state.reason)
    left = [Piece(f" {plain if ascii_only else symbol} {word}", role)]
    if reason:
        left.append(Piece(f": {reason}", "text" if phase == "live" else role))
    if state.since and phase not in ("live", "replay", "connecting"):
        left.append(Piece(f" since {clock_text(state.since, where)}", "muted"))
    if title:
        left.append(Piece(f" · {title}", "text"))
    right = [*recording]
    if held:
        right.append(Piece(f" {'=' if ascii_only else '‖'} {held} ", "warn"))
    if alarms:
        tail = f" +{len(alarms) - 1}" if len(alarms) > 1 else ""
        tail += f": {key_for('live.health')} "
        said, others = (sum(cell_len(one.text) for one in part) for part in (left, right))
        room = max(width - min(said, width // 4) - others - cell_len(tail) - 3, ALARM)
        right.insert(0, Piece(f" ! {clip(clean(alarms[0]), room)}{tail}", "bad"))
    return Line(left, right)


def health_line(
    health: Health,
    name: Callable[[str], str],
    width: int,
    waiting: Sequence[str] = (),
    unwatched: int = 0,
) -> Line:
    """What the feed knows about itself; silent devices, and units that wait, at the right.
    So are real boats that are heard and not watched.

    What a person would act on; all else stands on the Health page. Rates and the like give way
    where `width` cells are too few.
    """
    rate, size = health.messages_per_second, health.bytes_per_second
    busy = rate >= SLOW
    parts = [f"{rate:.0f} msg/s" if busy else "<1 msg/s"]
    parts.append(f"{size / 1000:.1f} kB/s" if busy else "<0.1 kB/s")
    offset = health.clock_offset or 0
    if abs(offset) >= CLOCK_OFF:
        parts.append(f"this machine's clock {round(-offset / 1000, 1):+.1f} s")
    lost = health.lost_lately
    if sum(lost.values()) >= MANY_LOST:
        why = max(lost, key=lambda reason: lost[reason])
        parts.append(f"{sum(lost.values()):,} lost a minute, mostly {REASONS.get(why, why)}")
    holes = []
    if health.holes:
        failure = health.hole_failure
        reason = f": {clean(name(failure[0]))}: {clean(failure[1])}" if failure else ""
        holes = [Piece(f" · filling {counted(health.holes, 'gap')}{reason}", "warn")]
    silent = [clean(name(one.serial)) for one in health.devices if one.newest is None]
    right = []
    if silent:
        more = f" +{len(silent) - NAMED}" if len(silent) > NAMED else ""
        right = [Piece(f" no samples: {', '.join(silent[:NAMED])}{more} ", "warn")]
    ahead = [one for one in health.devices if one.clock]
    if ahead:
        more = f" +{len(ahead) - 1}" if len(ahead) > 1 else ""
        first = ahead[0]
        said = f" {clean(name(first.serial))}: {clock_off_text(first.clock)}{more} "
        right.insert(0, Piece(said, "warn"))
    if unwatched:
        boats, key = counted(unwatched, "real boat"), key_for("live.devices")
        right.insert(0, Piece(f" ! {boats} heard, not watched: {key} to choose ", "warn"))
    if waiting:
        from tui.workspace.live.units import waiting_text

        # The Health page is where the wall leads to, and there that key asks about units.
        keys = f"{key_for('live.health')} {key_for(HEALTH[0].id)}"
        said = waiting_text([clip(clean(one), SERIAL) for one in waiting], keys)
        right.insert(0, Piece(f" ! {said} ", "warn"))
    room = width - sum(cell_len(piece.text) for piece in (*holes, *right))
    while len(parts) > 1 and cell_len(_joined(parts)) > room:
        parts.pop()
    return Line([Piece(_joined(parts), "muted"), *holes], right)


def _joined(parts: Sequence[str]) -> str:
    return "   " + " · ".join(parts)


def replay_line(replay: Replay, where: tzinfo, width: int, *, ascii_only: bool) -> Line:
    """Where the replay stands between its ends, how fast it goes."""
    source = replay.source
    start, end = source.sample_time(source.start), source.sample_time(source.end)
    place = replay.now
    share = (place - start) / max(1, end - start)
    phase = "replay" if replay.state.phase == "live" else "paused"
    speed = f" {MARKS[phase][ascii_only]} {replay.speed:g}x"
    texts = (since_text(start, end, where), clock_text(place, where), since_text(end, end, where))
    tail = f" {texts[2]}{'  loop' if replay.loop else ''} "
    head = f"{speed}  {texts[0]} "
    room = max(4, width - len(head) - len(tail) - len(texts[1]) - 2)
    done = max(0, min(room - 1, round(share * (room - 1))))
    line, knob = ("-", "O") if ascii_only else ("─", "●")
    return Line(
        [
            Piece(head, "primary"),
            Piece(line * done, "accent"),
            Piece(knob, "strong"),
            Piece(line * (room - 1 - done), "line"),
            Piece(f" {texts[1]} ", "strong"),
            Piece(tail, "muted"),
        ]
    )


def recording_piece(seconds: float, size: int, failure: str | None, *, ascii_only: bool) -> Piece:
    """That a recording runs, for how long, and how large it is."""
    mark = "*" if ascii_only else "●"
    if failure is not None:
        return Piece(f" ! {clean(failure)} ", "bad")
    amount = f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1000:.0f} kB"
    return Piece(f" {mark} REC {running_text(seconds)} {amount} ", "bad")

"""The pacer against a link that is played: a buffer that nobody sees, drained at some rate."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from statistics import mean

import pytest

from tui.live.clock import EARLY
from tui.screens.live.pace import COSTLY, FRAME, LONGEST_FRAME, UNLIMITED, UNSEEN, Pacer, Tempo

STEP = 0.1


class Link:
    """A pseudo terminal that takes some bytes at once, and again once its reader has them."""

    def __init__(self, rate: float, buffer: int = UNSEEN) -> None:
        self.rate = rate
        self.buffer = buffer
        self.waiting = 0.0
        self.inside = 0.0
        self.written = 0
        self.carried = 0.0
        self._blocked = False

    def write(self, size: int) -> None:
        self.written += size
        self.waiting += size
        self._take()

    def pass_time(self) -> None:
        gone = min(self.inside, self.rate * STEP)
        self.inside -= gone
        self.carried += gone
        self._take()

    def _take(self) -> None:
        # A blocked writer is woken only when most of the buffer has been read.
        if self._blocked and self.inside > self.buffer / 8:
            return
        taken = min(self.waiting, self.buffer - self.inside)
        self.inside += taken
        self.waiting -= taken
        self._blocked = self.waiting > 0

    @property
    def delay(self) -> float:
        """Seconds that a key's echo would wait now."""
        return (self.inside + self.waiting) / self.rate


def play(link: Link, seconds: float, frame: int, pacer: Pacer) -> tuple[list[float], list[int]]:
    """The delays and the sizes of frames, for a screen that would write `frame` bytes each time."""
    delays, sizes = [], []
    for step in range(round(seconds / STEP)):
        room = pacer.room(step * STEP, backlog=link.waiting > 0, written=link.written)
        size = min(frame, room) if room > 0 else 0
        if size:
            link.write(size)
        sizes.append(size)
        link.pass_time()
        delays.append(link.delay)
    return delays, sizes


def test_a_fast_link_is_never_held_back() -> None:
    link = Link(1e7)
    _, sizes = play(link, 30, 8000, pacer := Pacer())
    assert set(sizes) == {8000}
    assert pacer.room(31, backlog=False, written=link.written) == UNLIMITED


@pytest.mark.parametrize("rate", [2_000.0, 20_000.0, 60_000.0])
def test_a_thin_link_is_used_and_keys_still_echo(rate: float) -> None:
    link = Link(rate)
    frame = round(rate * STEP * 2.5)
    play(link, 20, frame, pacer := Pacer())
    before = link.carried
    delays = []
    for step in range(200, 600):
        room = pacer.room(step * STEP, backlog=link.waiting > 0, written=link.written)
        if room > 0:
            link.write(min(frame, room))
        link.pass_time()
        delays.append(link.delay)
    assert mean(delays) < 0.25, "a key waits for what was written before it"
    used = (link.carried - before) / (rate * 40)
    assert used > 0.35, f"only {used:.0%} of the link is used: the picture is older than it must be"


def test_one_burst_does_not_make_the_link_look_thin_for_long() -> None:
    """A whole picture at once: what follows it waits for the buffer, which says nothing new."""
    link = Link(20_000.0)
    pacer = Pacer()
    play(link, 15, 5000, pacer)
    assert pacer.rate is not None
    link.write(30_000)
    for step in range(150, 180):
        room = pacer.room(step * STEP, backlog=link.waiting > 0, written=link.written)
        if room > 0:
            link.write(min(2000, room))
        link.pass_time()
    assert pacer.rate > 8_000


def test_a_little_that_waited_does_not_make_the_link_look_thin() -> None:
    """The screen's first picture fills the buffer; the few bytes after it wait until it is read."""
    link = Link(20_000.0)
    link.write(UNSEEN - 1_000)
    pacer = Pacer()
    for step in range(20):
        room = pacer.room(step * STEP, backlog=link.waiting > 0, written=link.written)
        if room > 0 and step in (1, 2):
            link.write(4_000)
        link.pass_time()
    assert pacer.rate is not None
    assert 12_000 < pacer.rate < 30_000


def run(tempo: Tempo, seconds: float, size: int, now: float = 0.0, written: int = 0) -> list[float]:
    """The times between frames of so many bytes each."""
    frames: list[float] = []
    while now < seconds:
        tempo.drawn(now, written)
        frames.append(tempo.frame)
        now += tempo.frame
        written += size
    return frames


def test_most_walls_are_drawn_ten_times_a_second() -> None:
    assert set(run(Tempo(), 30, 750)) == {FRAME}


def test_frames_that_cost_much_come_less_often() -> None:
    frames = run(Tempo(), 60, 1_800)
    assert max(frames[:10]) == FRAME, "not for a moment"
    assert frames[-1] < 2 * FRAME
    assert 1_800 / frames[-1] < 1.5 * COSTLY


def test_whatever_it_costs_something_is_drawn_twice_a_second() -> None:
    assert max(run(Tempo(), 30, 60_000)) == LONGEST_FRAME


def test_one_whole_picture_is_soon_forgotten() -> None:
    tempo = Tempo()
    tempo.drawn(0.0, 0)
    tempo.drawn(0.1, 40_000)
    assert tempo.frame < 3 * FRAME
    tempo.drawn(5.0, 42_000)
    assert tempo.frame == FRAME


def heard(tempo: Tempo, times: list[float]) -> list[float]:
    """When what comes at these times is drawn."""
    drawn: list[float] = []
    due = inf
    for now in times:
        if due <= now:
            drawn.append(due)
            tempo.drawn(due, 0)
        due = now + tempo.wait(now)
        if due == now:
            drawn.append(now)
            tempo.drawn(now, 0)
            due = inf
    return drawn


def test_news_that_come_with_the_frames_are_drawn_at_once_whatever_was_drawn_between() -> None:
    tempo = Tempo()
    times = [5 + FRAME * step for step in range(20)]
    assert heard(tempo, times[:10]) == times[:10]
    tempo.drawn(times[9] + FRAME / 2, 0)
    assert heard(tempo, times[10:]) == times[10:]


def test_news_that_come_more_often_wait_for_the_next_frame() -> None:
    drawn = heard(Tempo(), [5 + step / 97 for step in range(200)])
    steps = [after - before for before, after in pairwise(drawn)]
    assert min(steps) >= FRAME - EARLY - 1e-9
    assert max(steps) <= FRAME + 2 / 97

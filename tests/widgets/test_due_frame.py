"""A frame that is due is painted, whatever comes in between and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import product
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.due_frame import PATIENCE, DueFrame
from tui.widgets.frame_pace import BYTES, FRAMES, LONGEST, FramePace


class Timer:
    def __init__(self, due: float, act: Callable[[], None]) -> None:
        self.due, self.act, self.off = due, act, False

    def cancel(self) -> None:
        self.off = True


class World:
    """A terminal, its line, two screens and a clock, all told what happens."""

    def __init__(self) -> None:
        self.now = 100.0
        self.jumped = 0.0
        """How far the clock that the pace goes by is from the loop's."""
        self.timers: list[Timer] = []
        self.turns: list[Callable[[], None]] = []
        """What the loop does at its next turn."""
        self.messages: list[int] = []
        """Screens that are told to paint."""
        self.behind = self.batch = self.drains_next = self.fails_next = False
        self.loses = self.away = False
        self.front, self.dirty = 0, {0: False, 1: False}
        self.pace = FramePace()
        self.due = DueFrame(self.wait, self.paint, self.later)

    def clock(self) -> float:
        return self.now + self.jumped

    def later(self, seconds: float, act: Callable[[], None]) -> Timer:
        self.timers = [one for one in self.timers if not one.off]
        self.timers.append(Timer(self.now + seconds, act))
        assert len(self.timers) == 1, "one timer, however often a frame is held"
        return self.timers[-1]

    def wait(self) -> float:
        if self.fails_next:
            self.fails_next = False
            raise RuntimeError("a defect")
        behind = self.behind
        if self.drains_next:
            self.drains_next = False
            self.drain()  # by its thread, after it was looked at
        if behind:
            return inf
        return 0.005 if self.batch else self.pace.wait(self.clock())

    def paint(self) -> None:
        if self.fails_next:
            self.fails_next = False
            raise RuntimeError("a defect")
        if not self.loses:
            self.messages.append(self.front)

    def refresh(self) -> None:
        """What a screen in front does when it has something new."""
        if self.away:
            self.due.settle()
        elif not self.due.hold():
            self.dirty[self.front] = False
            self.behind = True
            self.pace.painted(self.clock(), BYTES // FRAMES + 1)

    # -- what happens

    def new(self) -> None:
        self.dirty[self.front] = True
        self.refresh()

    def drain(self) -> None:
        self.behind = False
        if self.due.is_due:
            self.turns.append(self.due.look)

    def drain_when_it_is_asked(self) -> None:
        self.drains_next = self.behind

    def switch(self) -> None:
        self.front = 1 - self.front
        self.new()

    def close(self) -> None:
        """A dialog, say; what lies below hears of it later."""
        self.front = 1 - self.front
        self.turns.append(self.new)

    def stop(self) -> None:
        self.away, self.behind = True, False
        self.drain()

    def go_on(self) -> None:
        if self.away:
            self.away = False
            self.new()

    def batched(self) -> None:
        self.batch = not self.batch

    def set_back(self) -> None:
        self.jumped -= 1000.0

    def turn(self) -> None:
        turns, self.turns = self.turns, []
        for act in turns:
            self.act(act)
        messages, self.messages = self.messages, []
        for screen in messages:
            if screen == self.front:
                self.refresh()

    def pass_time(self, seconds: float = 0.05) -> None:
        end = self.now + seconds
        while True:
            self.turn()
            ready = [one for one in self.timers if not one.off and one.due <= end]
            if not ready:
                break
            timer = min(ready, key=lambda one: one.due)
            self.timers.remove(timer)
            self.now = max(self.now, timer.due)
            self.act(timer.act)
        self.now = end

    def pass_much(self) -> None:
        self.pass_time(PATIENCE)

    def lose(self) -> None:
        self.loses = not self.loses

    def fail(self) -> None:
        self.fails_next = self.due.is_due

    def act(self, act: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop goes on, whatever is raised in one of its turns
            act()

    def end(self, seconds: float) -> None:
        """Everything is well from now on, and so much time passes."""
        self.loses = self.fails_next = self.drains_next = False
        self.batch = False
        self.go_on()
        self.turn()
        if self.behind:
            self.drain()
        self.pass_time(seconds)


SOUND = (
    World.new, World.drain, World.drain_when_it_is_asked, World.switch, World.stop, World.go_on,
    World.batched, World.close, World.set_back, World.turn, World.pass_time, World.pass_much,
)  # fmt: skip
FAULTY = (*SOUND, World.lose, World.fail)


Events = Sequence[Callable[[World], None]]


def told(events: Events, *, many: bool = False) -> World:
    """A world after all this, from its first frame on: after few frames or many."""
    world = World()
    world.new()
    for _ in range(FRAMES * many):
        world.pace.painted(world.now, BYTES)
    for event in events:
        world.act(partial(event, world))
    return world


def check_soon(world: World) -> None:
    """What is told is heard: the last resort of looking again is not needed."""
    world.end(LONGEST + 0.01)
    assert not world.dirty[world.front]


def check_in_the_end(world: World) -> None:
    """Whatever got lost, it is painted; and at rest nothing is looked at."""
    world.end(PATIENCE + LONGEST + 0.01)
    assert not world.dirty[world.front]
    assert not world.due.is_due
    assert [one for one in world.timers if not one.off] == []


BEGUN: list[Events] = [(), (World.drain,), (World.new,), (World.drain, World.new)]


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("begun", BEGUN)
def test_it_is_painted_after_any_three_events(begun: Events, many: bool) -> None:
    for events in product(SOUND, repeat=3):
        check_soon(told([*begun, *events], many=many))
    for events in product(FAULTY, repeat=3):
        check_in_the_end(told([*begun, *events], many=many))


@given(st.lists(st.sampled_from(SOUND), max_size=40))
def test_it_is_painted_as_soon_as_there_is_room(events: Events) -> None:
    check_soon(told(events))


@given(st.lists(st.sampled_from(FAULTY), max_size=40))
def test_it_is_painted_though_a_message_gets_lost_or_something_fails(events: Events) -> None:
    check_in_the_end(told(events))


def test_nothing_is_due_that_was_painted_at_once() -> None:
    world = World()
    world.new()
    assert (world.behind, world.due.is_due, world.timers) == (True, False, [])
    world.drain()
    world.due.look()
    assert (world.turns, world.messages) == ([], [])


def test_a_clock_that_is_set_back_holds_up_no_frame() -> None:
    pace = FramePace()
    for count in range(FRAMES):
        pace.painted(100.0 + count / 100, BYTES)
    assert pace.wait(100.05) == pytest.approx(LONGEST)
    assert pace.wait(50.0) == 0

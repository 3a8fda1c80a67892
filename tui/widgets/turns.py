"""Keys one after the other: the next is taken once all that the one before it began has come to
rest.

Textual looks through the bindings that have priority as soon as a key arrives, while the text
that was typed before it may still be on its way to the line of text; and it gives a key to what
has the focus when it arrives, though the key before it is about to move the focus, to open a
form or to close one. Here keys, pastes and the mouse wait in one line. Nothing waits, and nothing
runs, while nobody types: whether all is at rest is looked at only when a key has come.

Textual's version is pinned exactly, and a test holds what is used of it here.
"""

from __future__ import annotations

from asyncio import Task, create_task, sleep
from collections import deque
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any, Protocol, TypeGuard, runtime_checkable

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.widget import Widget

from tui.commands import shown_key
from tui.words import counted, were

BREAKS_OFF = "ctrl+c"
"""The key that does not wait long: as on every terminal, what was typed before it and is not
taken yet is then not taken any more. It may not follow either, since it would answer the question
that the key leads to.
"""
BREAK_OFF_SECONDS = 0.3
"""How long it waits for its turn: text that was typed just before it is still taken."""
LONGEST_WAIT = 3.0
"""Seconds after which a key is taken though messages of the one before it are still on their
way: nothing that a key begins may make the keyboard dead."""
EAGER_LOOKS = 20
"""How often it is looked again at once; most keys are done by then."""
LOOK_SECONDS = 0.002
"""Between later looks, while somebody's key waits."""
HELD_LOOK_SECONDS = 0.02
"""The same while a screen that asks nothing holds the keys, which may be long."""
LATE_SECONDS = 0.01
"""A look that comes later than this was held up: by work of this program or by other programs."""
LOOKS_ON = events.Key("f35", None)
"""Stands for a key that nobody presses, where it is only looked whether all is at rest."""
MOST_HELD_UP = 10.0
"""Seconds of being held up that do not count as waiting: in them what is waited for got no further
either. However busy a machine is, keys are taken some time.
"""


@runtime_checkable
class TakesTime(Protocol):
    """A screen whose keys may begin what no message tells the end of, such as a request."""

    def busy_until(self, key: str) -> float:
        """Until when (`monotonic`) at most a key has to wait for that; 0 where it need not."""
        ...


@runtime_checkable
class HoldsKeys(Protocol):
    """A screen that asks nothing, such as what says how far something is: what is typed over it
    waits, however long it stands, and is for what follows it."""

    def holds(self, key: str) -> bool:
        """Whether a key waits; a paste is none (""). Not those by which a person gives up."""
        ...

    def is_told(self, key: str) -> bool:
        """Whether a key that comes now is for this screen, whatever was typed before it: a person
        has seen what stands there, and gives it up.
        """
        ...


class InTurn(App[None], inherit_bindings=False):
    """An application that takes keys strictly in the order in which they come."""

    def __init__(self) -> None:
        super().__init__()
        self._line: deque[events.Event] = deque()
        self._handing_on: Task[None] | None = None
        self._at_work: Widget | None = None
        self._break_off_at: float | None = None
        """When (`monotonic`) what stands in the line before the breaking key goes."""

    async def on_event(self, event: events.Event) -> None:
        """Take it at once where nothing is before it, else when it is its turn."""
        if (
            not isinstance(event, (events.InputEvent, events.Paste))
            or event.is_forwarded
            or (isinstance(event, events.MouseEvent) and self.is_held)
            or (not self._line and (_may_pass(event) or self._at_rest(event, handling=True)))
        ):
            await super().on_event(event)
            return
        if self._line and isinstance(event, events.Key) and self._gives_up(event.key):
            self._take_no_more(shown_key(event.key), until=lambda _: False)
        self._line.append(event)
        if _breaks_off(event) and self._break_off_at is None:
            self._break_off_at = monotonic() + BREAK_OFF_SECONDS
        if self._handing_on is None:
            self._handing_on = create_task(self._hand_on(), name="keys in turn")
            self._handing_on.add_done_callback(self._handed_on)

    async def _hand_on(self) -> None:
        try:
            while self._line and self._running:
                if not _may_pass(self._line[0]):
                    await self._rest()
                if self._is_broken_off():
                    self._break_off()
                event = self._line.popleft()
                if _breaks_off(event):
                    self._break_off_at = self._next_break_off()
                self.call_later(super().on_event, event)
        finally:
            self._handing_on = None

    def _handed_on(self, task: Task[None]) -> None:
        """A defect is told as one of any handler of a key is: else the keyboard would be dead, and
        nobody would know why.
        """
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self._handle_exception(error)

    def _is_broken_off(self) -> bool:
        return self._break_off_at is not None and monotonic() >= self._break_off_at

    def _break_off(self) -> None:
        """Take nothing of what was typed before the breaking key."""
        self._take_no_more(BREAKS_OFF, until=_breaks_off)

    def _take_no_more(self, key: str, *, until: Callable[[events.Event], bool]) -> None:
        """Take nothing of what stands in the line `until` an event; how much that was is said,
        with the `key` that did so.
        """
        lost = 0
        while self._line and not until(self._line[0]):
            event = self._line.popleft()
            lost += isinstance(event, events.Key) or (
                len(event.text) if isinstance(event, events.Paste) else 0
            )
        if lost:
            self.notify(
                f"{counted(lost, 'key')} typed before {key} {were(lost)} not taken.",
                severity="warning",
                markup=False,
            )

    @property
    def is_held(self) -> bool:
        """Whether the screen in front asks nothing, and what is typed waits for what follows."""
        return self._is_held(events.Paste(""))

    def _is_held(self, event: events.Event) -> bool:
        front = self.screen_stack[-1:]
        key = event.key if isinstance(event, events.Key) else ""
        return any(_holds_keys(one) and one.holds(key) for one in front)

    def _gives_up(self, key: str) -> bool:
        return any(_holds_keys(one) and one.is_told(key) for one in self.screen_stack[-1:])

    def _next_break_off(self) -> float | None:
        """The same for a breaking key that came after the one that is taken now."""
        again = any(map(_breaks_off, self._line))
        return monotonic() + BREAK_OFF_SECONDS if again else None

    async def _rest(self) -> None:
        """Until the first event of the line can be taken, which may become another meanwhile."""
        latest, looks, held_up = monotonic() + LONGEST_WAIT, 0, 0.0
        while not (
            self._is_broken_off()
            or self._at_rest(self._line[0], held_up=held_up)
            or monotonic() - held_up >= latest
            or not self._running
        ):
            looks += 1
            pause, before = 0 if looks < EAGER_LOOKS else LOOK_SECONDS, monotonic()
            if is_held := self._is_held(self._line[0]):
                pause = HELD_LOOK_SECONDS
            await sleep(pause)
            late = monotonic() - before - pause
            if is_held:
                latest, looks, held_up = monotonic() + LONGEST_WAIT, 0, 0.0
            elif late > LATE_SECONDS:
                held_up = min(held_up + late, MOST_HELD_UP)

    async def at_rest(self) -> bool:
        """Return once every key that has come is done, or waits for a screen that asks nothing, at
        the latest after the longest wait; whether there is nothing more to wait for.
        """
        latest = monotonic() + LONGEST_WAIT
        while self._running and monotonic() < latest:
            await sleep(0)
            if self._all_taken() and self._at_rest(LOOKS_ON):
                return True
            await sleep(LOOK_SECONDS)
        return not self._running

    def _all_taken(self) -> bool:
        """Whether no key waits but for a screen that asks nothing."""
        return not self._line or self._is_held(self._line[0])

    def _at_rest(
        self, event: events.Event, *, handling: bool = False, held_up: float = 0.0
    ) -> bool:
        """Whether nothing that was begun before an event is still on its way; `handling` where
        the application is just about to take it. Of the wait `held_up` seconds do not count.
        """
        if self._message_queue.values if handling else _at_work(self):
            return False
        stack = self.screen_stack
        if stack and stack[-1]._callbacks:
            return False
        # What was at work at the last look is the likeliest to be so still.
        if self._at_work is not None and _at_work(self._at_work):
            return False
        everything = (one for screen in stack for one in _all_of(screen))
        self._at_work = next(filter(_at_work, everything), None)
        if self._at_work is not None:
            return False
        if event is not LOOKS_ON and self._is_held(event):
            return False
        key = event.key if isinstance(event, events.Key) else ""
        now = monotonic() - held_up
        return not any(_takes_time(one) and one.busy_until(key) > now for one in stack)


def _takes_time(screen: object) -> TypeGuard[TakesTime]:
    # Of an instance Python asks anew each time, for 35 µs or more; of a class it knows it.
    return issubclass(type(screen), TakesTime)


def _holds_keys(screen: object) -> TypeGuard[HoldsKeys]:
    return issubclass(type(screen), HoldsKeys)


def _breaks_off(event: events.Event) -> bool:
    return isinstance(event, events.Key) and event.key == BREAKS_OFF


def _may_pass(event: events.Event) -> bool:
    """Whether an event neither waits for the ones before it to be done nor is waited for."""
    return isinstance(event, events.MouseEvent) and not isinstance(
        event, (events.MouseDown, events.MouseUp)
    )


def _at_work(pump: MessagePump) -> bool:
    """Whether it does anything but wait for a message."""
    if pump._closing or pump._closed:
        # What is being taken away handles nothing any more.
        return False
    queue: Any = pump._message_queue
    return bool(queue.values) or not queue.ready_event._waiters


def _all_of(widget: Widget) -> Iterator[Widget]:
    """A widget and all that is in it."""
    yield widget
    for child in widget._nodes:
        yield from _all_of(child)

"""Reminders of one's own, in one small file: what is to be remembered when, and the way back.

Several programs may have it open: each change reads the file again under a lock and replaces it
as a whole. Nothing heavy is imported here: a status bar reads it as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from tui.kept_status import REMINDERS
from tui.store.files import locked, write_atomically

FILE = REMINDERS
"""In the data directory."""
STEPS = 50
"""Changes of reminders that are kept to be taken back."""


class Reminder(NamedTuple):
    """What is to be remembered; `when` is seconds since the epoch."""

    id: int
    when: float
    text: str
    rung: bool = False
    """Whether a bell was rung for it: it rings once."""

    @property
    def moment(self) -> datetime:
        """When it is due."""
        return datetime.fromtimestamp(self.when, UTC)

    def is_due(self, now: datetime) -> bool:
        """Whether its time has come."""
        return self.when <= now.timestamp()


class Step(NamedTuple):
    """One change of the reminders: what was there before it, and after it."""

    time: float
    title: str
    before: Reminder | None
    after: Reminder | None


class Undone(NamedTuple):
    """A step that was taken back, and when."""

    time: float
    step: Step


class _Content(NamedTuple):
    reminders: tuple[Reminder, ...] = ()
    steps: tuple[Step, ...] = ()
    undone: tuple[Undone, ...] = ()
    """What can be made again, the latest last; nothing of it once something new is done."""
    last: int = 0
    """The number that was given last: none is given twice."""


class Damaged(OSError):
    """The file is there and is none of ours, or not whole: nothing is written over it."""


class Reminders:
    """The reminders of one person. Calls work on the disk; all of them raise OSError."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def all(self) -> list[Reminder]:
        """All that are open, the earliest first."""
        return sorted(self._read().reminders, key=lambda one: (one.when, one.id))

    def due(self, now: datetime) -> list[Reminder]:
        """Those whose time has come, the earliest first."""
        return [one for one in self.all() if one.is_due(now)]

    def add(self, when: datetime, text: str) -> Reminder:
        """Keep another one."""
        with self._changing() as change:
            made = Reminder(change.content.last + 1, when.timestamp(), text)
            change.make(f"Remind: {text}", None, made)
        return made

    def done(self, id: int) -> Reminder | None:
        """It is done with, and gone; None where there is no such one."""
        return self._change(id, "Done", _gone)

    def delete(self, id: int) -> Reminder | None:
        """It is gone without being done; None where there is no such one."""
        return self._change(id, "Delete", _gone)

    def snooze(self, id: int, when: datetime) -> Reminder | None:
        """It is due at another time, and rings again then; None where there is no such one."""
        return self._change(
            id, "Snooze", lambda one: one._replace(when=when.timestamp(), rung=False)
        )

    def ring(self, now: datetime) -> list[Reminder]:
        """Those that a bell is to be rung for now. Whoever is told them rings, and nobody else."""
        if not any(one.is_due(now) and not one.rung for one in self._read().reminders):
            return []
        with self._changing() as change:
            found = [one for one in change.content.reminders if one.is_due(now) and not one.rung]
            change.put(*(one._replace(rung=True) for one in found))
        return found

    def next_ring(self) -> datetime | None:
        """When a bell is to be rung next."""
        return next((one.moment for one in self.all() if not one.rung), None)

    def last_step(self) -> Step | None:
        """What undo would take back."""
        steps = self._read().steps
        return steps[-1] if steps else None

    def undo(self) -> Step | None:
        """Take the latest change back; what it was, None where there is none."""
        with self._changing() as change:
            return change.take_back()

    def last_undone(self) -> Undone | None:
        """What redo would make again."""
        undone = self._read().undone
        return undone[-1] if undone else None

    def redo(self) -> Step | None:
        """Make the latest again that was taken back; what it was, None where there is none."""
        with self._changing() as change:
            return change.make_again()

    def _change(
        self, id: int, title: str, to: Callable[[Reminder], Reminder | None]
    ) -> Reminder | None:
        with self._changing() as change:
            found = next((one for one in change.content.reminders if one.id == id), None)
            if found is None:
                return None
            after = to(found)
            change.make(f"{title}: {found.text}", found, after)
            return after or found

    # -- the file -------------------------------------------------------------------------------

    @contextmanager
    def _changing(self) -> Iterator[_Change]:
        """The content, to be changed while nobody else does."""
        with locked(self._file):
            change = _Change(self._read())
            yield change
            if change.content != change.before:
                write_atomically(self._file, _written(change.content))

    def _read(self) -> _Content:
        try:
            found = json.loads(self._file.read_bytes())
            return _content(found)
        except FileNotFoundError:
            return _Content()
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            words = "The reminders cannot be read, and nothing is written over them: mend or move"
            raise Damaged(f"{words} {self._file}") from error


class _Change:
    """What becomes of the content."""

    def __init__(self, content: _Content) -> None:
        self.before = self.content = content

    def put(self, *changed: Reminder) -> None:
        """Have these in the place of those with their numbers."""
        by_id = {one.id: one for one in self.content.reminders} | {one.id: one for one in changed}
        self.content = self.content._replace(reminders=tuple(by_id.values()))

    def drop(self, id: int) -> None:
        """Have no such one."""
        left = tuple(one for one in self.content.reminders if one.id != id)
        self.content = self.content._replace(reminders=left)

    def make(self, title: str, before: Reminder | None, after: Reminder | None) -> None:
        """Change one, and keep the way back."""
        self._place(before, after)
        step = Step(datetime.now(UTC).timestamp(), title, before, after)
        self.content = self.content._replace(
            steps=(*self.content.steps, step)[-STEPS:],
            undone=(),
            last=max(self.content.last, *(one.id for one in (before, after) if one is not None)),
        )

    def take_back(self) -> Step | None:
        """Have what was before the latest step."""
        if not self.content.steps:
            return None
        *steps, last = self.content.steps
        self._place(last.after, last.before)
        undone = (*self.content.undone, Undone(datetime.now(UTC).timestamp(), last))[-STEPS:]
        self.content = self.content._replace(steps=tuple(steps), undone=undone)
        return last

    def make_again(self) -> Step | None:
        """Have what was after the step that was taken back last."""
        if not self.content.undone:
            return None
        *undone, last = self.content.undone
        self._place(last.step.before, last.step.after)
        steps = (*self.content.steps, last.step)[-STEPS:]
        self.content = self.content._replace(steps=steps, undone=tuple(undone))
        return last.step

    def _place(self, before: Reminder | None, after: Reminder | None) -> None:
        if after is not None:
            self.put(after)
        elif before is not None:
            self.drop(before.id)


def _gone(_reminder: Reminder) -> None:
    """What is left of one that is done or deleted."""


def _written(content: _Content) -> bytes:
    told = {
        "reminders": [one._asdict() for one in content.reminders],
        "steps": [_told(one) for one in content.steps],
        "undone": [{"time": one.time, "step": _told(one.step)} for one in content.undone],
        "last": content.last,
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _told(step: Step) -> dict[str, object]:
    before, after = (None if one is None else one._asdict() for one in (step.before, step.after))
    return {"time": step.time, "title": step.title, "before": before, "after": after}


def _content(found: Any) -> _Content:
    return _Content(
        tuple(_reminder(one) for one in found["reminders"]),
        tuple(_step(one) for one in found["steps"]),
        # Files of earlier versions have none.
        tuple(Undone(float(one["time"]), _step(one["step"])) for one in found.get("undone", ())),
        int(found["last"]),
    )


def _reminder(found: Any) -> Reminder:
    when, number, text = found["when"], found["id"], found["text"]
    if not isinstance(text, str) or type(number) is not int:
        raise TypeError("a reminder has a number and a text")
    try:
        datetime.fromtimestamp(when, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("a reminder is due at a time that there is") from error
    return Reminder(number, float(when), text, found.get("rung") is True)


def _step(found: Any) -> Step:
    before, after = (
        None if found[name] is None else _reminder(found[name]) for name in ("before", "after")
    )
    return Step(float(found["time"]), str(found["title"]), before, after)

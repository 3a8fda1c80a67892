"""Which task of the timesheet a tracker is: said once, and inherited by what stands below it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

import msgspec

from tui.services.timesheets.records import Task
from tui.words import counted
from tui.workspace.invoices.invoices import Clients
from tui.workspace.timers.overview import Overview

NEVER = 0
"""In the place of a task: what is never entered, such as lunch."""
SEPARATOR = " › "
MOST_NAMED = 5
_BETWEEN = re.compile(r"\s*[›>/]\s*")


class TaskNameError(ValueError):
    """A name that is no task's, or of several; the message says which."""


class Target(msgspec.Struct, frozen=True):
    """A task with the project and the client that it is for."""

    task_id: int
    task: str
    project: str = ""
    client: str = ""
    client_id: int | None = None
    done: bool = False
    """Whether its work has ended, by what the service says."""

    @property
    def path(self) -> str:
        """Client, project and task."""
        return SEPARATOR.join(filter(None, (self.client, self.project, self.task)))

    @property
    def short(self) -> str:
        """Project and task."""
        return SEPARATOR.join(filter(None, (self.project, self.task)))


def targets_of(clients: Clients, tasks: Sequence[Task]) -> list[Target]:
    """All tasks, by client, project and name."""
    found = []
    for one in tasks:
        project = clients.projects.get(one.project or 0)
        client = project.client_id if project is not None else None
        found.append(
            Target(
                one.id,
                one.name,
                project.name if project is not None else "",
                clients.name(client) if client is not None else "",
                client,
                one.status in ("done", "cancelled"),
            )
        )
    return sorted(found, key=lambda one: (one.path.casefold(), one.task_id))


class Said(NamedTuple):
    """What was said of a tracker, or of one that it stands under."""

    task_id: int
    """NEVER where it is never entered."""
    tracker_id: int
    """Of which tracker it was said."""


def lineages(overview: Overview) -> dict[int, tuple[int, ...]]:
    """Each tracker with those that it stands under, itself first."""
    found: dict[int, tuple[int, ...]] = {}
    above: list[int] = []
    for one in overview.trackers:
        del above[one.depth :]
        above.append(one.id)
        found[one.id] = tuple(reversed(above))
    return found


def said_of(
    tracker_id: int | None, known: Mapping[str, int], lines: Mapping[int, Sequence[int]]
) -> Said | None:
    """What was said of a tracker itself, else of the nearest that it stands under."""
    if tracker_id is None:
        return None
    for one in lines.get(tracker_id, (tracker_id,)):
        task = known.get(str(one))
        if task is not None:
            return Said(task, one)
    return None


def find_target(targets: Sequence[Target], typed: str) -> int:
    """The task that is called so, by its name, its path or a part of it that fits one alone; or
    NEVER for that word. Raises TaskNameError, which names who is near.
    """
    wanted = " ".join(_BETWEEN.sub(SEPARATOR, typed.casefold()).split())
    if wanted == "never":
        return NEVER
    for fits in (
        lambda one: wanted in (one.path.casefold(), one.short.casefold(), str(one.task_id)),
        lambda one: wanted == one.task.casefold(),
        lambda one: wanted in one.path.casefold(),
    ):
        found = [one for one in targets if wanted and fits(one)]
        if len(found) == 1:
            return found[0].task_id
        if found:
            named = ", ".join(one.path for one in found[:MOST_NAMED])
            more = f", and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
            raise TaskNameError(f"{counted(len(found), 'task')} fit {typed!r}: {named}{more}")
    names = {one.task.casefold(): one.path for one in targets}
    names |= {one.path.casefold(): one.path for one in targets}
    close = get_close_matches(wanted, names, n=3, cutoff=0.6)
    near = list(dict.fromkeys(names[text] for text in close))
    listed = ", ".join(near or [one.path for one in targets[:MOST_NAMED]])
    hint = f"; {'near is' if near else 'some are'} {listed}" if listed else ""
    raise TaskNameError(f"no task is called {typed!r}{hint}")


def suggested(path: Sequence[str], targets: Sequence[Target]) -> list[Target]:
    """The tasks with the most words of a tracker's path in them, the best first; none without a
    word in common. What has ended comes last.
    """
    own, above = _words(path[-1:]), _words(path[:-1])

    def weight(one: Target) -> int:
        names = _words([one.task]), _words([one.project, one.client])
        return (
            8 * len(own & names[0])
            + 3 * len((own & names[1]) | (above & names[0]))
            + 2 * len(above & names[1])
        )

    weights = [(weight(one), one) for one in targets]
    fitting = [pair for pair in weights if pair[0]]
    return [one for _, one in sorted(fitting, key=lambda pair: (pair[1].done, -pair[0]))]


def _words(names: Sequence[str]) -> set[str]:
    return {word for word in re.findall(r"\w{3,}", " ".join(names).casefold()) if word != "the"}

"""Which of the live screen's commands are for what it shows just now, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tui.commands import Command, in_scope

WALL_ONLY = frozenset(
    f"live.{name}"
    for name in (
        "open",
        "types",
        "zoom_in",
        "zoom_out",
        "scale",
        "group",
        "order",
        "smooth",
        "limits",
        "left",
        "right",
    )
)
"""What says nothing to the map; some of these keys do something else there."""
PICTURE_ONLY = WALL_ONLY | {"live.pause", "live.track", "live.export"}
"""What says nothing where nothing could be watched."""
REPLAY_ONLY = frozenset(f"live.{name}" for name in ("slower", "faster", "step", "jump", "loop"))
LIVE_ONLY = frozenset({"live.devices", "live.record", "live.retry"})
AFTER_WATCH = 4
"""The place in the footer that a replay's own keys have: behind `w`."""


class Showing(NamedTuple):
    """What the live screen shows."""

    picture: bool = True
    """Wall, large row or map; not what stands there while it loads, or after it failed."""
    failed: bool = False
    mapped: bool = False
    large: bool = False
    replaying: bool = False
    standing: bool = False
    """Whether a replay is paused or at its end."""
    before: bool = False
    """Whether there is a picture to go back to."""


def commands_now(commands: Iterable[Command], showing: Showing) -> list[Command]:
    """The commands with the names and places that they have now; those of the map before them."""
    if not showing.picture:
        return [_without_picture(command, showing) for command in commands]
    found = [] if not showing.mapped else in_scope("track")
    back = "live.track" if showing.mapped else "live.open" if showing.large else ""
    for command in commands:
        if showing.mapped and command.id in WALL_ONLY:
            continue
        if command.id == back:
            command = command._replace(title="Wall", help="Back to the wall.")
        if showing.replaying and command.id in REPLAY_ONLY:
            command = command._replace(rank=AFTER_WATCH)
        elif showing.replaying and command.id in LIVE_ONLY:
            command = command._replace(rank=0)
        elif showing.replaying and command.id == "live.pause":
            command = command._replace(
                title="Play" if showing.standing else "Pause",
                help="Let the replay go on, or stand still; at its end it begins anew.",
            )
        found.append(command)
    return found


def _without_picture(command: Command, showing: Showing) -> Command:
    if command.scope != "live" or command.id == "live.watch":
        return command
    if command.id == "live.record" and showing.failed:
        return command._replace(title="Try again", help="Try again what failed.", rank=1)
    if command.id == "live.now" and showing.before:
        return command._replace(title="Back", help="Back to what was watched before.", rank=2)
    return command._replace(rank=0)


def why_not(command: Command, showing: Showing) -> str:
    """Why a command cannot be carried out where this is shown; empty where it can."""
    if not showing.picture and command.id in PICTURE_ONLY:
        return f"{command.title}: nothing is watched yet; w chooses."
    if showing.mapped and command.id in WALL_ONLY:
        return f"{command.title} is for the wall; m goes back to it."
    return ""

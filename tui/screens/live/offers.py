"""What the commands of the live screen are called for what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.commands import Command
from tui.spoken_keys import key_for

if TYPE_CHECKING:
    from tui.live.replay import Replay
    from tui.screens.live.picture import Picture

LIVE_ONLY = frozenset({"devices", "record"})


def nobody(picture: Picture) -> tuple[str, str]:
    """What is said where there is no device to watch, and what leads on."""
    if picture.watching is not None and picture.watching.listening:
        return "No real boat is heard yet.", (
            f"The first one stands here once it is. {key_for('live.health')} says how the sources "
            f"stand; {key_for('live.devices')} chooses devices, {key_for('live.watch')} a replay."
        )
    return "This account has no devices.", (
        f"`tockdeck listen ADDRESS` hears real boats; {key_for('live.watch')} chooses what to "
        "replay."
        if picture.hears_boats
        else f"{key_for('live.watch')} chooses a session or a recording to replay."
    )


def over_nothing(command: Command, picture: Picture, *, failed: bool) -> Command:
    """A command while wall and map do not stand; `failed` where it is said why."""
    if command.name == "record" and failed:
        return command._replace(help="Try again what failed.")
    if command.name == "now" and picture.feed is not None:
        return command._replace(help="Back to what was watched before.")
    return command


def over_picture(
    command: Command, replay: Replay | None, *, in_front: bool, cramped: bool
) -> Command:
    """A command over what is shown; `in_front` where it is what brought that there. In a `cramped`
    footer there is no room for all.
    """
    name = command.name
    if in_front:
        return command._replace(title="Wall", help="Back to the wall.", rank=command.rank or 1)
    if (replay is not None and name in LIVE_ONLY) or (name == "startline" and cramped):
        return command._replace(rank=0)
    if replay is not None and name == "pause":
        return command._replace(
            title="Pause" if replay.state.phase == "live" else "Play",
            help="Let the replay go on, or stand still; at its end it begins anew.",
        )
    return command

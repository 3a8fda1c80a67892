"""What the live screen asks: devices, types, limits, presets, what to watch, where to jump."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from tui.live.derived import FIRST, SIGN
from tui.live.units import SpeedUnit, from_kmh, to_kmh
from tui.screens.asking import Asking
from tui.screens.live.numbers import unit_text
from tui.spoken_keys import key_for
from tui.widgets.choices import Choices
from tui.widgets.dialogs import Choice, Confirm, TextPrompt
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.live.presets import LATEST, LONGEST_SILENCE, TYPES_IN_ORDER, Limits
from tui.workspace.problems import EXPECTED, one_line
from tui.workspace.text import clean
from tui.workspace.times import TimeTextError, moment_text, moments_of, read_clock, read_moment

if TYPE_CHECKING:
    from tui.live.replay import Replay
    from tui.screens.live.picture import Picture
    from tui.screens.live.watch import Watching
    from tui.widgets.form_filled import Filled
    from tui.widgets.form_values import FormField
    from tui.workspace.live.live import DataType

LISTED = 60
"""Sessions that are offered, the newest ones."""
PATIENCE = 5.0
"""Seconds that recordings wait for the sessions they are listed with."""
NEW = "+"
DROP = "-"


async def choose_devices(asker: Asking, picture: Picture) -> bool:
    """Which devices to follow, in a replay none; whether any were chosen."""
    watching = picture.watching
    if watching is None:
        return False
    if watching.replay is not None:
        asker.flash(
            f"A replay shows the devices that it has; {key_for('live.watch')} goes back to live.",
            "warn",
        )
        return False
    devices = await watching.load_devices()
    choices = [(one.serial, f"{clean(one.name)}  {clean(one.serial)}") for one in devices]
    chosen = await asker.ask(Choices("Devices", choices, list(watching.serials)))
    if chosen is None:
        return False
    everything = len(chosen) == len(devices) or not chosen
    picture.arrangement = picture.arrangement.changed(devices=() if everything else tuple(chosen))
    await watching.follow(picture.arrangement.devices)
    return True


async def choose_types(asker: Asking, picture: Picture) -> bool:
    """Which types to show: those that have come, and the usual ones; whether any were chosen."""
    watching = picture.watching
    if watching is None or watching.store is None:
        return False
    heard = {key.type for key in watching.store}
    shown = picture.arrangement.types
    wanted = [
        kind
        for number, kind in sorted(picture.kinds.items(), key=lambda pair: pair[1].name.casefold())
        if kind.numeric
        and kind.kind != "position"
        and (number in heard or number in TYPES_IN_ORDER or number in shown or number >= FIRST)
    ]

    def note(number: int) -> str:
        return "  (derived)" if number >= FIRST else "" if number in heard else "  (none came)"

    choices = [
        (
            str(kind.id),
            f"{kind.name}  {SIGN if kind.id >= FIRST else ''}{kind.short}{note(kind.id)}",
        )
        for kind in wanted
    ]
    chosen = await asker.ask(Choices("Types", choices, [str(number) for number in shown]))
    if chosen:
        types = tuple(int(one) for one in chosen)
        picture.arrangement = picture.arrangement.changed(types=types)
    return bool(chosen)


async def set_limits(asker: Asking, picture: Picture, kind: DataType) -> bool:
    """The limits and the fixed scale of a type, in the person's unit, and when silent boats ring;
    whether they were set.
    """
    from tui.widgets.form_values import FormField

    unit = picture.arrangement.unit
    limits = picture.arrangement.limits.get(kind.id, Limits())
    silent = picture.arrangement.silent

    def shown(value: float | None) -> str:
        if value is None:
            return ""
        return f"{from_kmh(value, SpeedUnit(unit)) if kind.kind == 'speed' else value:.6g}"

    def stored(name: str, values: Filled) -> float | None:
        value = values.get(name)
        if name not in values.changed:
            # What is shown is rounded.
            kept: float | None = getattr(limits, name)
            return kept
        if value is None:
            return None
        return to_kmh(float(value), SpeedUnit(unit)) if kind.kind == "speed" else float(value)

    fields = [
        FormField("warn_low", "Ring below", "number", default=shown(limits.warn_low)),
        FormField("warn_high", "Ring above", "number", default=shown(limits.warn_high)),
        FormField("low", "Scale from", "number", default=shown(limits.low)),
        FormField("high", "Scale to", "number", default=shown(limits.high)),
        _silence_field(silent),
    ]

    made = limits

    async def submit(values: Filled) -> str:
        nonlocal made, silent
        made = Limits(**{name: stored(name, values) for name in Limits.__dataclass_fields__})
        if "silent" not in values.changed:
            return f"Limits of {kind.name}."
        silent = int(values.get("silent") or 0)
        return f"Limits of {kind.name}; {_rings(silent)}."

    done = await asker.ask_form(
        f"live-limits-{kind.id}-{unit}",
        f"{kind.name} {f'in {unit_text(kind, unit)}' if unit_text(kind, unit) else ''}",
        fields,
        submit,
        check=check_limits,
        intro="Empty for none.",
    )
    if done:
        # After the news of the form: what rings now is said last.
        kept = {**picture.arrangement.limits, kind.id: made}
        picture.arrangement = picture.arrangement.changed(limits=kept, silent=silent)
    return done


async def set_silence(asker: Asking, picture: Picture) -> bool:
    """When silent boats ring, where there is no series that could have limits; whether that was
    set.
    """
    silent = picture.arrangement.silent

    async def submit(values: Filled) -> str:
        nonlocal silent
        silent = int(values.get("silent") or 0)
        said = _rings(silent)
        return f"{said[0].upper()}{said[1:]}."

    done = await asker.ask_form(
        "live-limits-silent", "Silent boats", [_silence_field(silent)], submit,
        intro="Empty for none.",
    )  # fmt: skip
    if done:
        picture.arrangement = picture.arrangement.changed(silent=silent)
    return done


def _silence_field(silent: int) -> FormField:
    from tui.widgets.form_values import FormField

    return FormField(
        "silent",
        "Silent for, s",
        "number",
        default=silent or None,
        check=check_silence,
        help="Seconds after which a boat that was heard rings; one setting for all boats.",
    )


def _rings(silent: int) -> str:
    how = f"after {counted(silent, 'second')}" if silent else "no more"
    return f"a silent boat rings {how}"


def check_silence(value: object) -> str | None:
    """What is wrong with the seconds after which a silent boat rings."""
    if isinstance(value, int) and 0 < value <= LONGEST_SILENCE:
        return None
    return f"Whole seconds from 1 to {LONGEST_SILENCE:,}; empty for never."


def check_limits(values: Mapping[str, object]) -> dict[str, str]:
    """What is wrong with limits and scale as they were typed, by field."""

    def crossed(low: str, high: str) -> bool:
        one, other = values.get(low), values.get(high)
        return one is not None and other is not None and float(str(one)) >= float(str(other))

    wrong = {}
    if crossed("warn_low", "warn_high"):
        wrong["warn_high"] = "Every value would ring: this must be above “Ring below”."
    if crossed("low", "high"):
        wrong["high"] = "The scale must end above where it begins."
    return wrong


async def choose_preset(asker: Asking, picture: Picture) -> bool:
    """Take a kept arrangement, keep this one, or forget one; whether one was taken."""
    watching = picture.watching
    if watching is None:
        return False
    presets = watching.room.presets
    names = await asyncio.to_thread(presets.names)
    choices = [Node(f"{NEW}", "Keep this arrangement …", mark="+")]
    choices += [Node(f"={name}", clean(name), is_name=True) for name in names]
    choices += [Node(f"{DROP}{name}", f"Forget {clean(name)}", role="muted") for name in names]
    chosen = await asker.ask(Choice("Presets", choices))
    if chosen is None:
        return False
    if chosen == NEW:
        name = await asker.ask(
            TextPrompt(
                "Keep this arrangement",
                label="Name",
                check=lambda text: None if text.strip() else "It needs a name.",
            )
        )
        if name is None or name.strip() == LATEST:
            return False
        await asyncio.to_thread(presets.save, picture.arrangement, name.strip())
        asker.flash(f"Kept as {clean(name.strip())}.", "good")
        return False
    name = chosen[1:]
    if chosen.startswith(DROP):
        sure = await asker.ask(Confirm("Presets", f"Forget {clean(name)}?", yes="forget", key="y"))
        if sure:
            await asyncio.to_thread(presets.delete, name)
            asker.flash(f"{clean(name)} is forgotten.")
        return False
    kept = await asyncio.to_thread(presets.load, name)
    if kept is None:
        asker.flash(f"{clean(name)} is gone.", "warn")
        return False
    picture.arrangement = kept
    if watching.replay is None and tuple(watching.serials) != kept.devices:
        await watching.follow(kept.devices)
    return True


async def choose_watched(asker: Asking, watching: Watching) -> str | None:
    """Devices live, a session that runs or is over, or a recording; None where it is given up."""
    zone, now = asker.workspace.zone, datetime.now(UTC)
    recordings = await asyncio.to_thread(watching.room.recordings.all)
    missing = ""
    try:
        sessions = await asyncio.wait_for(watching.room.sessions(), PATIENCE)
    except TimeoutError:
        sessions, missing = [], f"no answer within {PATIENCE:.0f} s"
    except EXPECTED as error:
        sessions, missing = [], one_line(error)
    choices = [Node("live", "Devices, live", mark="●", role="good")]
    for one in recordings:
        size = f"{one.bytes / 1e6:.1f} MB"
        when = moment_text(one.changed, zone, now)
        title = f"Recording {one.path.stem}"
        choices.append(Node(f"file:{one.path}", title, size, when, is_name=True))
    for session in sessions[:LISTED]:
        if session.start_time is None or session.start_time > now:
            continue
        runs = session.end_time is None or session.end_time > now
        when = moment_text(session.start_time, zone, now)
        name = clean(session.name or f"session {session.id}")
        choices.append(
            Node(
                f"session:{session.id}",
                name,
                "running" if runs else "",
                when,
                mark="●" if runs else "",
                is_name=True,
            )
        )
    note = missing and f"! The sessions could not be fetched: {missing}"
    return await asker.ask(Choice("Watch", choices, note=note))


async def jump(asker: Asking, replay: Replay) -> None:
    """Ask for a time of the replay, and go there."""
    source, zone = replay.source, asker.workspace.zone
    offset = source.sample_time(source.start) - source.start
    first, last = (
        datetime.fromtimestamp((time + offset) / 1000, UTC) for time in (source.start, source.end)
    )

    def check(text: str) -> str | None:
        try:
            moment_of_replay(text, first, last, zone)
        except TimeTextError as error:
            return str(error)
        return None

    typed = await asker.ask(
        TextPrompt(
            "Jump to",
            label=f"Time, from {_range_text(first, last, zone)}",
            placeholder=f"{first.astimezone(zone):%H:%M:%S}",
            check=check,
            enter="goes there",
        )
    )
    if typed is not None:
        there = moment_of_replay(typed, first, last, zone)
        await replay.jump(round(there.timestamp() * 1000) - offset)


def moment_of_replay(text: str, first: datetime, last: datetime, zone: tzinfo) -> datetime:
    """The moment that was typed, a time of day or a whole one. Raises TimeTextError outside."""
    # Nobody types fractions of a second.
    begin = first.replace(microsecond=0)
    try:
        at, day = read_clock(text), first.astimezone(zone).date()
    except TimeTextError:
        found = [read_moment(text, zone, first)]
    else:
        # On the day after too: the replay may go over midnight. Of two hours, the first.
        walls = [datetime.combine(day + timedelta(days=by), at) for by in (0, 1)]
        found = [moment for wall in walls for moment in moments_of(wall, zone)]
    for there in found:
        if begin <= there <= last:
            return there
    raise TimeTextError(f"The replay reaches from {_range_text(first, last, zone)}.")


def _range_text(first: datetime, last: datetime, zone: tzinfo) -> str:
    texts = [f"{moment_text(one, zone)}:{one:%S}" for one in (first, last)]
    return " to ".join(texts)

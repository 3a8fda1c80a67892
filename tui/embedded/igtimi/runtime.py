"""What the embedded Igtimi keeps in memory between requests, in `context.state`."""

from __future__ import annotations

from dataclasses import dataclass

from tui.embedded.context import Context
from tui.embedded.igtimi.faults import Faults, Timing
from tui.embedded.igtimi.feed import Feed
from tui.embedded.igtimi.fleet import Fleet
from tui.embedded.igtimi.fleet_names import live_plan
from tui.embedded.igtimi.recordings import Recordings
from tui.embedded.igtimi.replay import Recording, Replay, read_recording
from tui.embedded.igtimi.samples import SampleStore
from tui.embedded.igtimi.sources.hub import Hub

_KEY = "igtimi"
_SHORTEST_TICK, _LONGEST_TICK = 0.1, 0.25

BREAK_MILLISECONDS = 15 * 60 * 1000
"""The longest break after which the fleet is taken to have sailed on unseen."""

BREAK_SAMPLES = 60_000
"""Boat samples that filling a break may cost; bigger and faster fleets get shorter breaks."""


@dataclass
class Runtime:
    """One of each, shared by all requests and connections."""

    samples: SampleStore
    recordings: Recordings
    feed: Feed
    hub: Hub
    faults: Faults
    timing: Timing
    replayed: tuple[Recording, ...]
    """The recordings that play instead of the fleet."""


def _fleet_feed(context: Context, samples: SampleStore) -> Feed:
    plan = live_plan(context.options)
    longest = min(
        BREAK_MILLISECONDS, int(1000 * BREAK_SAMPLES / (plan.hertz * max(len(plan.boats), 1)))
    )
    # A quarter of the units' own period, so that no sample waits long for the next step; fast
    # units are sent in batches.
    tick = max(_SHORTEST_TICK, min(_LONGEST_TICK, 0.25 / plan.hertz))
    return Feed(context, samples, lambda start: Fleet(plan, start), tick=tick, longest=longest)


def _replay_feed(context: Context, samples: SampleStore, recordings: tuple[Recording, ...]) -> Feed:
    # A recording does not go on while nobody watches: the next one to come sees its beginning.
    return Feed(
        context, samples, lambda start: Replay(recordings, start), tick=_SHORTEST_TICK, longest=0
    )


def runtime(context: Context) -> Runtime:
    """The runtime of a context, made when it is first asked for.

    Raises UnreadableRecording, OSError when a recording that is to be played cannot be read.
    """
    found = context.state.get(_KEY)
    if isinstance(found, Runtime):
        return found
    samples = SampleStore(context.database)
    replayed = tuple(read_recording(path) for path in context.options.replay)
    feed = _replay_feed(context, samples, replayed) if replayed else _fleet_feed(context, samples)
    made = Runtime(
        samples,
        Recordings(context, samples),
        feed,
        Hub(context, samples, feed),
        Faults(),
        Timing(),
        replayed,
    )
    context.state[_KEY] = made
    context.state["igtimi.faults"] = made.faults
    context.state["igtimi.timing"] = made.timing
    return made

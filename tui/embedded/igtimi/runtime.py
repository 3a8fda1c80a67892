"""What the embedded Igtimi keeps in memory between requests, in `context.state`."""

from __future__ import annotations

from dataclasses import dataclass

from tui.embedded.context import Context
from tui.embedded.igtimi.faults import Faults, Timing
from tui.embedded.igtimi.feed import Feed
from tui.embedded.igtimi.fleet import Fleet
from tui.embedded.igtimi.fleet_names import live_plan
from tui.embedded.igtimi.recordings import Recordings
from tui.embedded.igtimi.samples import SampleStore

_KEY = "igtimi"


@dataclass
class Runtime:
    """One of each, shared by all requests and connections."""

    samples: SampleStore
    recordings: Recordings
    feed: Feed
    faults: Faults
    timing: Timing


def runtime(context: Context) -> Runtime:
    """The runtime of a context, made when it is first asked for."""
    found = context.state.get(_KEY)
    if isinstance(found, Runtime):
        return found
    samples = SampleStore(context.database)
    plan = live_plan(context.options)
    feed = Feed(
        context,
        samples,
        lambda start: Fleet(plan, start),
        hertz=plan.hertz,
        units=len(plan.boats),
    )
    made = Runtime(samples, Recordings(context, samples), feed, Faults(), Timing())
    context.state[_KEY] = made
    context.state["igtimi.faults"] = made.faults
    context.state["igtimi.timing"] = made.timing
    return made

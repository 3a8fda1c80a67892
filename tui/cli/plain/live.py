"""Live: the last value of every series, as the feed has it when it is read."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tui.cli.live import RECENT, all_refused, read_lasts
from tui.cli.plain.page import Line, Page
from tui.cli.streams import Form
from tui.workspace.live.sources import LOOK_SECONDS
from tui.workspace.live.stream import StreamStore


class LivePage(Page):
    """The feed of all devices of the account."""

    title = "Live"
    service = "igtimi"
    empty = "Nothing was measured in the latest ten minutes."

    async def read(self) -> Sequence[Line]:
        """One line a series."""
        room = self.workspace.live
        places = await room.devices()
        heard = await room.sources.boats(lambda: None, LOOK_SECONDS)
        serials = [place.serial for place in places] if heard is None else heard
        if heard == []:
            self.head.append("No boat is heard yet; r looks again.")
            return []
        if not serials:
            self.head.append("This account has no devices.")
            return []
        store = StreamStore()
        form = Form(
            argparse.Namespace(json=False, csv=False, to=None),
            self.workspace.settings.deck.speed_unit,
            self.workspace.zone,
            room.name,
        )
        feed = room.feed(serials, history=RECENT, store=store)
        try:
            stood = await read_lasts(feed, store, form)
            if all_refused(feed) or not stood:
                reasons = {state.reason for _, state in feed.states if state.reason}
                self.head.append(f"The feed does not stand. {' '.join(sorted(reasons))}".strip())
                return []
            self.head.append("Last values; r reads them again.")
            return [
                Line(" ".join(line.split())) for line in form.text([*store.lasts()]).splitlines()
            ]
        finally:
            await feed.stop()

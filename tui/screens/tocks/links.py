"""Where a tock leads: its link and its page, opened in the person's browser once they say so."""

from __future__ import annotations

from tui.screens.asking import Asking
from tui.screens.browser import Browser, chosen_browser, is_page, open_page, terminal_browsers
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice
from tui.widgets.outline_model import Node
from tui.workspace.tocks.tocks import Tock, short_link

_COPY = "copy "


def addresses_of(tock: Tock) -> list[tuple[str, str]]:
    """What a tock leads to, each with what it is; what is no address of a page leads nowhere."""
    short = short_link(tock.short_url)
    named = [("Its link", tock.link), ("Its page", tock.page), ("Its short link", short)]
    found = dict[str, str]()
    for name, address in named:
        if is_page(address):
            found.setdefault(address, name)
    return [(name, address) for address, name in found.items()]


async def follow_link(asker: Asking, tock: Tock) -> None:
    """Ask which address is opened and by what; it is copied where no browser is there."""
    addresses = addresses_of(tock)
    own = chosen_browser()
    browsers = [own] if own is not None else list(terminal_browsers())
    ways = {
        f"{browser.name} {address}": (browser, address)
        for _name, address in addresses
        for browser in browsers
    }
    nodes = [
        Node(key, f"Open in {browser.name}", detail=address)
        for key, (browser, address) in ways.items()
    ]
    nodes += [
        Node(f"{_COPY}{address}", f"Copy: {name.lower()}", detail=address)
        for name, address in addresses
    ]
    note = "" if not tock.link or is_page(tock.link) else "Its link is no address of a page."
    chosen = await asker.ask(
        Choice("Where the tock leads", nodes, empty="It leads nowhere.", note=note)
    )
    if chosen is None:
        return
    if chosen.startswith(_COPY):
        await asker.copy(chosen.removeprefix(_COPY))
        return
    await _open(asker, *ways[chosen])


async def _open(asker: Asking, browser: Browser, address: str) -> None:
    failed = await open_page(asker.app, browser, address)
    if failed:
        asker.flash(f"{failed} {key_for('tocks.link')} copies the address.", "bad")
    elif not browser.in_terminal:
        asker.flash(f"{browser.name} shows {address}", "good")

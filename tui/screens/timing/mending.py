"""A wrong block: its page is opened, and what has become of it there is said.

Import this module where it is wanted, not where a screen is defined.
"""

from __future__ import annotations

from tui.screens.asking import Asking
from tui.screens.browser import Browser, chosen_browser, is_page, open_page, terminal_browsers
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice
from tui.widgets.outline_model import Node
from tui.workspace.timers.timers import Block, Overview

COPY = "copy"


async def edit_block(asker: Asking, block: Block, overview: Overview, *, hint: str = "") -> bool:
    """Open the page that edits a block, in the person's browser or in one that they choose.

    Whether that was done, or the address copied: then the block may become another. `hint` says
    what is to be done there. Raises what finding the address raises.
    """
    address = await asker.workspace.timers.mending.address(block, overview)
    if not is_page(address):
        asker.flash(f"The service tells no address of a page: {address}", "bad")
        return False
    browser = chosen_browser()
    if browser is None:
        browser = await _chosen(asker, address, hint)
        if browser is None:
            return False
    if not browser.words:
        await asker.copy(address)
        return True
    failed = await open_page(asker.app, browser, address)
    if failed:
        asker.flash(f"{failed} {key_for('timers.copy_page')} copies the address.", "bad")
    elif not browser.in_terminal:
        asker.flash(f"{browser.name} shows the page of the block. {hint}".rstrip(), "good")
    return not failed


async def _chosen(asker: Asking, address: str, hint: str) -> Browser | None:
    """A browser of this machine, or one without words to copy the address."""
    found = {one.name: one for one in terminal_browsers()}
    choices = [Node(name, f"Open it in {name}", detail="in this terminal") for name in found]
    choices.append(Node(COPY, "Copy the address", detail="for a browser elsewhere"))
    note = f"Neither $BROWSER nor a desktop says which browser is yours. {hint}\n{address}"
    chosen = await asker.ask(Choice("The page of the block", choices, note=note))
    if chosen is None:
        return None
    return found.get(chosen, Browser(()))


async def copy_address(asker: Asking, block: Block, overview: Overview) -> None:
    """Copy the address of the page that edits a block."""
    await asker.copy(await asker.workspace.timers.mending.address(block, overview))

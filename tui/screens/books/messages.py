"""Forms and questions about a book's messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tui.screens.asking import Asking
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.form_filled import Filled
from tui.widgets.form_values import FormField
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.books.books import Shelf, book_key
from tui.workspace.books.talk import Book, Message, TalkDesk, comes_back, opening
from tui.workspace.changes.errors import Conflict, TheirsStay

NOTHING_SAID = "There is nothing in it but what is quoted."


async def write_message(
    asker: Asking, desk: TalkDesk, book: Book, quote: str = "", answered: int | None = None
) -> bool:
    """Write and send; what could not be sent is kept. An answer begins with a `quote` of the
    message that is `answered`.
    """

    def check(values: dict[str, object]) -> dict[str, str]:
        said = str(values["text"]).strip()
        return {"text": NOTHING_SAID} if quote and said == quote.strip() else {}

    async def send(values: Mapping[str, Any]) -> str:
        await desk.send(book, values["text"].strip("\n"))
        return f"Sent to {book.title[:40]}. {key_for('deck.undo')} takes it back."

    behind = "" if answered is None else f".to.{answered}"
    return await asker.ask_form(
        f"books.message.{book.b_o}/{book.b_c}{behind}",
        f"Message to {book.title}",
        [FormField("text", "Message", "lines", required=True, default=quote or None, at_end=True)],
        send,
        save="Send",
        check=check,
        intro=f"{counted(book.member_count, 'member')} read it." if book.member_count > 1 else "",
    )


async def change_message(asker: Asking, desk: TalkDesk, book: Book, message: Message) -> bool:
    """Another text for a message."""

    seen = message

    async def change(values: Filled) -> str:
        nonlocal seen
        if not values.changed:
            return "Nothing was changed."
        try:
            await desk.change(book, seen, values["text"].strip("\n"))
        except TheirsStay:
            raise
        except Conflict as conflict:
            # Who saves again has seen theirs.
            seen = msgspec.structs.replace(seen, text=conflict.theirs["msg"])
            conflict.message = f"It was changed elsewhere meanwhile, to “{opening(seen)}”"
            conflict.advice = "Save again to write yours in its place."
            raise
        return f"Changed the message. {key_for('deck.undo')} gives it its old text."

    return await asker.ask_form(
        f"books.message.{book.b_o}/{book.b_c}.{message.smid}",
        f"Change the message “{opening(message)}”",
        [FormField("text", "Message", "lines", required=True, default=message.text)],
        change,
    )


async def delete_message(asker: Asking, desk: TalkDesk, book: Book, message: Message) -> bool:
    """Ask, then delete."""
    loses = (
        f"{key_for('deck.undo')} sends its text again, as a new message."
        if comes_back(message)
        else "It is gone for everybody, with its files; it cannot be brought back."
    )
    sure = await asker.ask(
        Confirm("Delete message", f"Delete “{opening(message)}”?", loses=loses, yes="delete")
    )
    if not sure:
        return False
    await desk.delete(book, message)
    back = f" {key_for('deck.undo')} sends it again." if comes_back(message) else ""
    asker.flash(f"Deleted the message.{back}", "good")
    return True


async def pass_on(asker: Asking, desk: TalkDesk, shelf: Shelf, book: Book, message: Message) -> str:
    """Choose a book and put the message there too, or there instead; which was done, or ""."""
    others = [one for one in shelf.open_books() if book_key(one) != book_key(book)]
    nodes = [Node(book_key(one), shelf.title(one)) for one in others]
    title = f"“{opening(message)}” goes to"
    key = await asker.ask(Choice(title, nodes, empty="There is no other book."))
    to = None if key is None else shelf.find(key)
    if to is None:
        return ""
    name = shelf.title(to)[:40]
    ways = [Node("copy", f"Copy it to {name}", detail="it stays here too")]
    if shelf.me in (message.author, book.b_o):
        ways.append(Node("move", f"Move it to {name}", detail="it is gone from here"))
    note = f"{counted(to.member_count, 'member')} of {name} will read it."
    way = await asker.ask(Choice(title, ways, note=note))
    if way is None:
        return ""
    await desk.pass_on(book, message, to, move=way == "move")
    done = "Moved" if way == "move" else "Copied"
    asker.flash(f"{done} the message to {name}. {key_for('deck.undo')} takes it back.", "good")
    return way

"""Forms and questions about a book's messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tui.screens.asking import Asking
from tui.widgets.dialogs import Confirm
from tui.widgets.form_filled import Filled
from tui.widgets.form_values import FormField
from tui.words import counted
from tui.workspace.books.talk import Book, Message, TalkDesk, comes_back, opening
from tui.workspace.changes.errors import Conflict, TheirsStay


async def write_message(asker: Asking, desk: TalkDesk, book: Book) -> bool:
    """Write and send; what could not be sent is kept."""

    async def send(values: Mapping[str, Any]) -> str:
        await desk.send(book, values["text"].strip("\n"))
        return f"Sent to {book.title[:40]}. u takes it back."

    return await asker.ask_form(
        f"books.message.{book.b_o}/{book.b_c}",
        f"Message to {book.title}",
        [FormField("text", "Message", "lines", required=True)],
        send,
        save="Send",
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
        return "Changed the message. u gives it its old text."

    return await asker.ask_form(
        f"books.message.{book.b_o}/{book.b_c}.{message.smid}",
        f"Change the message “{opening(message)}”",
        [FormField("text", "Message", "lines", required=True, default=message.text)],
        change,
    )


async def delete_message(asker: Asking, desk: TalkDesk, book: Book, message: Message) -> bool:
    """Ask, then delete."""
    loses = (
        "u sends its text again, as a new message."
        if comes_back(message)
        else "It is gone for everybody, with its files; it cannot be brought back."
    )
    sure = await asker.ask(
        Confirm("Delete message", f"Delete “{opening(message)}”?", loses=loses, yes="delete")
    )
    if not sure:
        return False
    await desk.delete(book, message)
    back = " u sends it again." if comes_back(message) else ""
    asker.flash(f"Deleted the message.{back}", "good")
    return True

"""Forms and questions about a book's messages."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tui.screens.asking import Asking, Saying
from tui.screens.opening import files_meant, files_typed, trouble_of_several
from tui.screens.saving import trouble_of
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.form_filled import Filled
from tui.widgets.form_values import FormField
from tui.widgets.outline_model import Node
from tui.words import are, counted
from tui.workspace.books.books import Shelf, book_key
from tui.workspace.books.files import progress_text, size_text
from tui.workspace.books.talk import Book, Message, TalkDesk, comes_back, may_write, opening
from tui.workspace.changes.errors import Conflict, TheirsStay
from tui.workspace.problems import GivenUp, ServiceError, one_line

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
        text = values["text"].strip("\n")
        files = await files_typed(values["files"] or "")
        if files:
            return await _send_with(asker, book, text, files)
        await desk.send(book, text)
        return f"Sent to {book.title[:40]}. {key_for('deck.undo')} takes it back."

    behind = "" if answered is None else f".to.{answered}"
    intro = f"{counted(book.member_count, 'member')} read it." if book.member_count > 1 else ""
    if not await desk.may_write(book):
        intro = "You may only read this book, it seems: the service may refuse a message."
    return await asker.ask_form(
        f"books.message.{book.b_o}/{book.b_c}{behind}",
        f"Message to {book.title}",
        [
            FormField(
                "text", "Message", "lines", required=True, default=quote or None, at_end=True
            ),
            FormField(
                "files",
                "Files",
                placeholder="a path, or several as in ~/photos/*.jpg",
                check=lambda typed: _why_not_attached(str(typed)),
            ),
        ],
        send,
        save="Send",
        check=check,
        intro=intro,
    )


def _why_not_attached(typed: str) -> str | None:
    """What is wrong with the files of a path as it was typed."""
    return trouble_of_several(typed) or trouble_of(typed, _why_nothing_in)


def _why_nothing_in(path: Path) -> str | None:
    empty = next((one for one in files_meant(path) if not one.stat().st_size), None)
    return None if empty is None else f"{empty.name} is empty."


async def _send_with(asker: Asking, book: Book, text: str, files: Sequence[Path]) -> str:
    """Send a message with files, and say how far they are; the news."""
    desk, saying = asker.workspace.books.files, Saying()
    sizes = await to_thread(lambda: [one.stat().st_size for one in files])
    number, before = 1, 0

    def told(done: int) -> None:
        nonlocal number, before
        # It begins anew with each of them.
        number, before = min(number + (done < before), len(files)), done
        file, size = files[number - 1], sizes[number - 1]
        saying.say(f"{number} of {len(files)} · {file.name}: {progress_text(done, size)}")

    work = desk.send_with(book, text, files, told)
    waits = f"Sending {counted(len(files), 'file')}, {size_text(sum(sizes))}"
    try:
        await asker.wait_for(f"Message to {book.title}", waits, work, GivenUp(""), saying)
    except GivenUp:
        # The message may be there: who sends the form again would send it twice.
        return (
            f"Given up on the way: look what is there, then {key_for('books.add_row')} adds files."
        )
    except ServiceError as error:
        if not error.progress:
            raise
        return f"The message is there, not all of its files. {one_line(error)}"
    return f"Sent to {book.title[:40]} with {counted(len(files), 'file')}."


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
            words = f"It was changed elsewhere meanwhile, to “{opening(seen)}”"
            raise conflict.in_a_form(words) from conflict
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
    nodes = [Node(book_key(one), shelf.title(one)) for one in others if may_write(one, shelf.me)]
    title, left = f"“{opening(message)}” goes to", len(others) - len(nodes)
    note = f"{counted(left, 'other book')} {are(left)} left out: you may only read there."
    note, empty = note if left else "", "There is no other book."
    key = await asker.ask(Choice(title, nodes, empty=empty, note=note))
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

"""Files of a cell or of a book: chosen, fetched, opened, sent."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from tui.screens.asking import Asking, Saying
from tui.screens.books.opened import OpenTable
from tui.screens.browser import file_opener, open_page
from tui.screens.opening import ask_file, ask_files
from tui.screens.saving import ask_path, shown
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.outline_model import Node
from tui.words import counted, in_brief
from tui.workspace.books.cells import Field, TableRow, files_of, row_title
from tui.workspace.books.files import (
    NOTHING_WRITTEN,
    Attachment,
    Batch,
    FileDesk,
    batch_of,
    beginning_of,
    downloads,
    progress_text,
    safe_name,
    size_text,
    why_not_opened,
)
from tui.workspace.books.pictures import is_picture
from tui.workspace.books.talk import Book
from tui.workspace.problems import EXPECTED, GivenUp, one_line

Sending = Callable[[Path, Callable[[int], object]], Awaitable[object]]
"""Sends a file; the other hears how many bytes have gone."""
_UPLOAD = "upload"
NO_WAY_BACK = "The service has no request that takes a file away again."
ONE_FILE = "The column is for one file: what becomes of the one that is there the service decides. "


def why_not_uploaded(asker: Asking, table: OpenTable, field: Field) -> str:
    """Why no file can be put into the cells of a field; empty where one can."""
    if asker.workspace.settings.deck.read_only:
        return "The deck is read-only."
    if field.read_only:
        return f"{field.name} is read-only: the service fills it."
    if table.place.table.locked or not table.place.may_change:
        return f"{in_brief(table.place.table.name)} is locked: its cells cannot be changed."
    return ""


async def show_files(asker: Asking, table: OpenTable, row: TableRow, field: Field) -> bool:
    """The files of a cell: one is fetched or opened, or another one sent; whether one was."""
    files = files_of(field, row.cells.get(field.id))
    why_not = why_not_uploaded(asker, table, field)
    name = row_title(table.fields, row, table.zone)
    if not files:
        if why_not:
            asker.flash(f"There is no file in it. {why_not}", "warn")
            return False
        return await upload_into(asker, table, row, field)
    nodes = _nodes(files)
    if not why_not:
        nodes.append(Node(_UPLOAD, "Upload another …"))
    chosen = await asker.ask(Choice(f"{field.name} of {name}", nodes, note=why_not))
    if chosen == _UPLOAD:
        return await upload_into(asker, table, row, field)
    if chosen is not None:
        await take_file(asker, asker.workspace.books.files, files[int(chosen)])
    return False


def _nodes(files: Sequence[Attachment]) -> list[Node]:
    return [
        Node(
            str(number),
            file.name or "file",
            detail="" if file.size is None else size_text(file.size),
        )
        for number, file in enumerate(files)
    ]


# -- sending --------------------------------------------------------------------------------------


async def upload_into(asker: Asking, table: OpenTable, row: TableRow, field: Field) -> bool:
    """Ask for a file and put it into a cell; whether it may be there now."""
    why_not = why_not_uploaded(asker, table, field)
    if why_not:
        asker.flash(why_not, "warn")
        return False
    name, desk = row_title(table.fields, row, table.zone), asker.workspace.books.files
    loses = ONE_FILE if field.type == "file" and files_of(field, row.cells.get(field.id)) else ""
    where = f"{field.name} of {name}"

    def send(file: Path, told: Callable[[int], object]) -> Awaitable[object]:
        return desk.upload(table.place, row, field, name, file, told)

    title = f"Upload into {where}"
    files = await ask_files(asker, title)
    if len(files) < 2:
        loses = f"{loses}{NO_WAY_BACK}"
        return await _send(asker, desk, title, where, files[0], send, loses) if files else False
    if field.type == "file":
        asker.flash(f"{ONE_FILE}It is not for {len(files):,}.", "warn")
        return False
    batch = await to_thread(batch_of, files, files_of(field, row.cells.get(field.id)))
    return await _send_all(asker, title, where, batch, send)


async def _send_all(asker: Asking, title: str, where: str, batch: Batch, send: Sending) -> bool:
    """Send several files, one after the other; whether one of them may be there now."""
    if not batch.files:
        asker.flash(f"There is nothing to upload: {batch.remark}", "warn")
        return False
    count, size = len(batch.files), sum(batch.sizes)
    question = f"Upload {counted(count, 'file')} ({size_text(size)})?"
    loses = " ".join(filter(None, (batch.remark, NO_WAY_BACK)))
    if not await asker.ask(Confirm(title, question, loses=loses, yes="upload", no="do not")):
        return False
    saying, sent = Saying(), 0

    async def work() -> None:
        nonlocal sent
        for number, (file, size) in enumerate(zip(batch.files, batch.sizes, strict=True), 1):
            before = f"{number} of {count} · {file.name}"
            saying.say(before)
            await send(file, partial(_say, saying, before, size))
            sent = number

    again = "The same once more sends what is not there."
    try:
        await asker.wait_for(title, "Sending", work(), GivenUp(""), saying)
    except GivenUp:
        asker.flash(f"Given up: {sent} of {counted(count, 'file')} are there. {again}", "warn")
        return True
    except EXPECTED as error:
        there = f"{sent} of {counted(count, 'file')} are there. {again}"
        asker.flash(f"{there} {one_line(error)}", "bad")
        return True
    asker.flash(f"Uploaded {counted(count, 'file')}, {size_text(size)}, into {where}.", "good")
    return True


def _say(saying: Saying, before: str, size: int, done: int) -> None:
    saying.say(f"{before}: {progress_text(done, size)}")


async def attach(asker: Asking, desk: FileDesk, book: Book) -> bool:
    """Ask for a file and send it as a message of a book; whether it may be there now."""
    loses = "It goes as a message that is called like the file; who deletes that deletes both."
    title = f"Upload into {book.title}"
    file = await ask_file(asker, title, "The file")
    if file is None:
        return False
    return await _send(asker, desk, title, book.title, file, partial(desk.attach, book), loses)


async def _send(
    asker: Asking,
    desk: FileDesk,
    title: str,
    where: str,
    file: Path,
    send: Sending,
    loses: str,
) -> bool:
    size = (await to_thread(file.stat)).st_size
    if not size:
        asker.flash(f"{file.name} is empty: there is nothing to upload.", "warn")
        return False
    question = f"Upload {file.name} ({size_text(size)})?"
    if not await asker.ask(Confirm(title, question, loses=loses, yes="upload", no="do not")):
        return False
    saying, gone = Saying(), [0]

    def told(done: int) -> None:
        gone[0] = done
        saying.say(f"Sending {file.name}: {progress_text(done, size)}")

    try:
        await asker.wait_for(title, f"Sending {file.name}", send(file, told), GivenUp(""), saying)
    except GivenUp:
        asker.flash(_given_up(desk, gone[0], size), "warn")
        return True
    asker.flash(f"Uploaded {file.name}, {size_text(size)}, into {where}.", "good")
    return True


def _given_up(desk: FileDesk, gone: int, size: int) -> str:
    if gone >= size:
        return "Given up at the end: the file may have arrived. Look before you send it again."
    again = "only what is missing is sent" if desk.goes_on else "it is sent anew"
    return f"Given up at {100 * gone // size}%. Uploaded again, {again}."


# -- fetching -------------------------------------------------------------------------------------


async def take_file(asker: Asking, desk: FileDesk, file: Attachment) -> None:
    """Ask what is to be done with a file, and do it."""
    name, folder = safe_name(file.name), await to_thread(downloads)
    nodes = [
        Node("save", f"Save in {shown(folder)}", detail="beside what is there"),
        Node("as", "Save as …"),
    ]
    opener, why_not = file_opener(), why_not_opened(name)
    if is_picture(name) and asker.workspace.settings.deck.pictures != "off":
        nodes.append(Node("show", "Show it here"))
    if opener is None and not why_not:
        why_not = "It cannot be opened from here: there is no desktop in this session."
    elif opener is not None and not why_not:
        nodes.append(Node("open", f"Save there and open with {opener.name}"))
    about = "" if file.size is None else f" · {size_text(file.size)}"
    chosen = await asker.ask(Choice(f"{file.name or 'file'}{about}", nodes, note=why_not))
    if chosen is None:
        return
    if chosen == "show":
        from tui.screens.books.picture import show_picture

        await show_picture(asker, desk, file, name)
        return
    saying = Saying()

    def told(done: int) -> None:
        saying.say(f"Fetching {name}: {progress_text(done, file.size)}")

    if chosen == "as":
        is_there = await to_thread(folder.is_dir)
        wanted = await ask_path(asker, "Save the file", str(folder / name) if is_there else name)
        if wanted is None:
            return
        path, work = wanted, desk.fetch_to(file, wanted, told)
        size = await asker.wait_for(name, "Fetching", work, GivenUp(NOTHING_WRITTEN), saying)
    else:
        fetching = desk.fetch(file, folder, told)
        path, size = await asker.wait_for(
            name, "Fetching", fetching, GivenUp(NOTHING_WRITTEN), saying
        )
    asker.flash(f"Wrote {path.name} ({size_text(size)}) {_where(path)}.", "good")
    if chosen == "open" and opener is not None:
        why_not = why_not_opened(path.name, await to_thread(beginning_of, path))
        trouble = why_not or await open_page(asker.app, opener, str(path))
        if trouble:
            asker.flash(f"{trouble} {path.name} is {_where(path)}.", "warn")


def _where(path: Path) -> str:
    folder = shown(path.parent)
    return "here" if folder == "." else f"in {folder}"

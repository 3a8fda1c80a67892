"""TimeTonic's requests that write rows and values.

Source: seed document, "Access / Change Information via POST"; reference page, section 5.5.
Some parameters are in no document and are sent as the vendor's own clients send them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from tui.services.digits import whole
from tui.services.errors import InvalidArgument, ProtocolViolation, ServiceError
from tui.services.left_out import received
from tui.services.operation import operation
from tui.services.reading import read
from tui.services.timetonic.dialect import OWN, TimeTonicDialect
from tui.services.timetonic.records import Done
from tui.services.timetonic.table_reading import (
    read_written,
)
from tui.services.timetonic.table_records import Written
from tui.services.timetonic.wire_values import (
    NEW,
    SentRows,
    wire_row,
    wire_row_id,
    wire_value,
)
from tui.words import counted, were


class RowOperations(TimeTonicDialect):
    """Writes to tables."""

    @operation("timetonic.updateTableValue", "write", idempotent=True)
    async def update_table_value(
        self,
        row_id: int,
        field_id: int,
        value: str | int | Decimal | bool | list[Any] | None,
        *,
        b_o: str | None = None,
        bypass_url_trigger: bool | None = None,
        b_c: str | None = None,
        tab_id: int | None = None,
        return_updated_rows: bool | None = None,
        encrypted_field_passwords: dict[str, str] | None = None,
        version: str | None = None,
    ) -> Written:
        """Write one value. Ids of rows and fields are unique, so no table is needed.

        Source: seed document, updateTableValue.

        Args:
            row_id: The row.
            field_id: The field.
            value: What its type takes; nothing empties it.
            b_o: The owner of the table's book; the user without it.
            bypass_url_trigger: Whether to leave out the table's webhooks.
            b_c: The book's code.
            tab_id: The tab through which it is written.
            return_updated_rows: Whether the answer has the rows as they are afterwards.
            encrypted_field_passwords: Field id to password, to unlock encrypted fields.
            version: The version of the API that is asked for.
        """
        form = {
            "b_o": b_o or OWN,
            "value": "" if value is None else wire_value(value),
            "rowId": row_id,
            "fieldId": field_id,
            "bypassUrlTrigger": bypass_url_trigger,
            **_places(None, tab_id),
            **_as_clients_send(b_c, None, return_updated_rows, encrypted_field_passwords, version),
        }
        return _of_row(row_id, read_written(await self.write("updateTableValue", form)))

    @operation("timetonic.createOrUpdateTableRow", "write")
    async def create_or_update_table_row(
        self,
        row_id: int | str = NEW,
        field_values: dict[str, Any] | None = None,
        *,
        cat_id: int | None = None,
        b_o: str | None = None,
        view_id: int | None = None,
        tab_id: int | None = None,
        link_separator: str | None = None,
        bypass_url_trigger: bool | None = None,
        b_c: str | None = None,
        cat_code: str | None = None,
        return_updated_rows: bool | None = None,
        encrypted_field_passwords: dict[str, str] | None = None,
        version: str | None = None,
    ) -> Written:
        """Make a new row, or change some values of one.

        The service leaves out webhooks unless `bypass_url_trigger` is false. The document
        writes view_id and tab_id where clients write viewId and tabId: both are sent.
        Source: seed document, createOrUpdateTableRow; reference page, section 5.5.

        Args:
            row_id: The row; a text that begins with tmp for a new one.
            field_values: Field id to value.
            cat_id: The table; needed for a new row without values.
            b_o: The owner of the table's book; the user without it.
            view_id: The view through which it is written.
            tab_id: The tab through which it is written.
            link_separator: What stands between row names in a link's text; a comma without it.
            bypass_url_trigger: Whether to leave out the table's webhooks.
            b_c: The book's code.
            cat_code: The table's sync code, in place of its id.
            return_updated_rows: Whether the answer has the rows as they are afterwards.
            encrypted_field_passwords: Field id to password, to unlock encrypted fields.
            version: The version of the API that is asked for.
        """
        values = wire_row(field_values or {})
        if not values and cat_id is None and cat_code is None and str(row_id).startswith("tmp"):
            raise InvalidArgument("a new row without values needs cat_id, the table")
        form = {
            "b_o": b_o or OWN,
            "catId": cat_id,
            "rowId": wire_row_id(row_id),
            "fieldValues": values,
            **_places(view_id, tab_id),
            "linkSeparator": link_separator,
            "bypassUrlTrigger": bypass_url_trigger,
            **_as_clients_send(
                b_c, cat_code, return_updated_rows, encrypted_field_passwords, version
            ),
        }
        return _of_row(row_id, read_written(await self.write("createOrUpdateTableRow", form)))

    @operation("timetonic.createOrUpdateTableRows", "write")
    async def create_or_update_table_rows(
        self,
        rows: dict[str, dict[str, Any]],
        *,
        cat_id: int | None = None,
        b_o: str | None = None,
        view_id: int | None = None,
        tab_id: int | None = None,
        link_separator: str | None = None,
        bypass_url_trigger: bool | None = None,
        b_c: str | None = None,
        cat_code: str | None = None,
        return_updated_rows: bool | None = None,
        encrypted_field_passwords: dict[str, str] | None = None,
        version: str | None = None,
    ) -> Written:
        """Make or change several rows, ten a request or as many as are set.

        When a request is refused, the rows of those before it have been written; the error
        says how many.
        Source: seed document, createOrUpdateTableRows; reference page, section 5.5.

        Args:
            rows: Row id to values by field id; ids that begin with tmp make new rows.
            cat_id: The table.
            b_o: The owner of the tables' book; the user without it.
            view_id: The view through which they are written.
            tab_id: The tab through which they are written.
            link_separator: What stands between row names in a link's text; a comma without it.
            bypass_url_trigger: Whether to leave out the table's webhooks.
            b_c: The book's code.
            cat_code: The table's sync code, in place of its id.
            return_updated_rows: Whether the answer has the rows as they are afterwards.
            encrypted_field_passwords: Field id to password, to unlock encrypted fields.
            version: The version of the API that is asked for.
        """
        if not rows:
            raise InvalidArgument("rows is empty")
        written = Written()
        for start, part_of_rows in _in_requests(rows, self.rows_a_request):
            form = {
                "b_o": b_o or OWN,
                "catId": cat_id,
                "rows": part_of_rows,
                **_places(view_id, tab_id),
                "linkSeparator": link_separator,
                "bypassUrlTrigger": bypass_url_trigger,
                **_as_clients_send(
                    b_c, cat_code, return_updated_rows, encrypted_field_passwords, version
                ),
            }
            try:
                part = read_written(await self.write("createOrUpdateTableRows", form))
            except ServiceError as error:
                if start:
                    done = f"{start} of {counted(len(rows), 'row')} {were(start)} written"
                    error.progress = f"Only the first {done}."
                    error.advice = f"{error.progress} {error.advice}"
                raise
            written = msgspec.structs.replace(
                part,
                rows=[*written.rows, *part.rows],
                new_rows=[*written.new_rows, *part.new_rows],
                read_only=[*written.read_only, *part.read_only],
            )
        return written

    @operation("timetonic.deleteTableRow", "destructive", idempotent=True)
    async def delete_table_row(
        self,
        row_id: int | None = None,
        *,
        row_ids: list[int] | None = None,
        b_o: str | None = None,
        b_c: str | None = None,
        tab_id: int | None = None,
        version: str | None = None,
    ) -> Done:
        """Delete a row, or several rows of one table in one request.

        Not in the document but for its name; parameters as public clients send them. Several
        go by the request deleteTableRows, which is in no document at all.
        Source: seed document, index; reference page, section 5.5.

        Args:
            row_id: The row.
            row_ids: Several rows, in place of row_id.
            b_o: The owner of the table's book; the user without it.
            b_c: The book's code.
            tab_id: The tab through which they are deleted.
            version: The version of the API that is asked for.
        """
        if (row_id is None) == (not row_ids):
            raise InvalidArgument("name either row_id or row_ids")
        request, target = (
            ("deleteTableRow", {"rowId": row_id}) if row_ids is None
            else ("deleteTableRows", {"rows": row_ids})
        )  # fmt: skip
        form = {
            **target,
            "b_o": b_o or OWN,
            **_places(None, tab_id),
            **_as_clients_send(b_c, None, None, None, version),
        }
        return read(Done, await self.write(request, form))

    @operation("timetonic.rollBackBeforeChange", "write")
    async def roll_back_before_change(
        self, row_id: int, *, b_o: str | None = None, cat_id: int | None = None
    ) -> Done:
        """Put a row back to what it was before its last change.

        Source: seed document, index; reference page, section 5.5.

        Args:
            row_id: The row.
            b_o: The owner of the table's book; the user without it.
            cat_id: The table's id.
        """
        form = {"b_o": b_o or OWN, "rowId": row_id, "catId": cat_id}
        return read(Done, await self.write("rollBackBeforeChange", form))


def _in_requests(
    rows: dict[str, dict[str, Any]], size: int
) -> Iterator[tuple[int, str | dict[str, Any]]]:
    """The rows of each request as they are sent, each with how many come before it."""
    if isinstance(rows, SentRows) and len(rows) <= size:
        yield 0, rows.encoded.decode()
        return
    wire = [(wire_row_id(row_id), wire_row(values)) for row_id, values in rows.items()]
    for start in range(0, len(wire), size):
        yield start, dict(wire[start : start + size])


def _of_row(row_id: int | str, written: Written) -> Written:
    """What was written, where that is the row that was named, or the answer names none.

    Raises ProtocolViolation for another: then nobody knows what became of this one.
    """
    told = [row.id for row in (*written.rows, *written.new_rows)]
    named = whole(str(row_id))
    left_out = received(written.rows) + received(written.new_rows) > len(told)
    if named is not None and told and named not in told and not left_out:
        raise ProtocolViolation(f"the answer is about row {told[0]}, and not about row {named}")
    return written


def _places(view_id: int | None, tab_id: int | None) -> dict[str, object]:
    return {"view_id": view_id, "viewId": view_id, "tab_id": tab_id, "tabId": tab_id}


def _as_clients_send(
    b_c: str | None,
    cat_code: str | None,
    return_updated_rows: bool | None,
    passwords: dict[str, str] | None,
    version: str | None,
) -> dict[str, object]:
    """What the vendor's own clients send with a write, as far as it is given."""
    form: dict[str, object] = {
        "b_c": b_c,
        "catCode": cat_code,
        "returnUpdatedRows": return_updated_rows,
        "encryptedFieldPasswords": passwords,
    }
    # One that is not given leaves the client's own, which is for every request.
    return form if version is None else {**form, "version": version}

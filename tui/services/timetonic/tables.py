"""TimeTonic's requests that read smart tables.

Source: seed document, "Access / Change Information via POST"; reference page, section 5.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, Literal

from tui.services.arguments import one_of
from tui.services.errors import InvalidArgument
from tui.services.operation import carried_out, operation, operations_of
from tui.services.timetonic.by_column import SomeValues
from tui.services.timetonic.dialect import OWN, TimeTonicDialect, ids
from tui.services.timetonic.records import moment_of
from tui.services.timetonic.table_pages import AT_ONCE, SIZE, TablePage, pages_in_order
from tui.services.timetonic.table_reading import (
    read_book_tables,
    read_columns,
    read_page,
    read_row_list,
)
from tui.services.timetonic.table_records import (
    BookTables,
    RowList,
    TableValues,
)
from tui.services.wire import Response

PAGE = 100
"""Rows of a page where none is asked for: the document's own default."""

Filter = dict[str, Any]


class TableOperations(TimeTonicDialect):
    """Tables, fields, values."""

    @operation("timetonic.getBookTables", "read")
    async def get_book_tables(
        self,
        b_c: str,
        *,
        b_o: str | None = None,
        extern_views: bool | None = None,
        format: Literal["android"] | None = None,
        include_fields: bool | None = None,
        include_enums: bool | None = None,
        get_row_ids: bool | None = None,
    ) -> BookTables:
        """List the tables of a book, with their tabs, views and fields.

        Source: seed document, getBookTables; reference page, section 5.1.

        Args:
            b_c: The book's code.
            b_o: The book's owner; the user without it.
            extern_views: Also tabs that show tables of other books.
            format: Another form of the answer; both are read.
            include_fields: Also the fields of every table.
            include_enums: Also the choices of select fields; as the service does without it.
            get_row_ids: Also which rows each view shows; only with format android and fields.
        """
        if get_row_ids and not (format == "android" and include_fields):
            raise InvalidArgument("get_row_ids needs format android and include_fields")
        form = {
            "b_c": b_c,
            "b_o": b_o or OWN,
            "externViews": extern_views,
            "format": format,
            "includeFields": include_fields,
            "includeEnums": include_enums,
            "getRowIds": get_row_ids,
        }
        return read_book_tables(await self.call("getBookTables", form))

    @operation("timetonic.getTableValues", "read")
    async def get_table_values(
        self,
        cat_id: int,
        *,
        b_o: str | None = None,
        filter_row_ids: list[int] | Filter | None = None,
        tab_id: int | None = None,
        view_id: int | None = None,
        offset: int | None = None,
        max_rows: int | None = None,
        format: Literal["columns", "rows"] | None = None,
        max_comments: int | None = None,
        get_all_views: bool | None = None,
        get_dependencies: bool | None = None,
        from_field_id: int | None = None,
        encrypted_field_passwords: dict[str, str] | None = None,
        field_ids: list[int] | None = None,
        skip_authorization_for_files: bool | None = None,
        o_u_sesskey: str | None = None,
    ) -> TableValues:
        """Get a page of a table's rows with their values.

        Source: seed document, getTableValues; reference page, section 5.3.

        Args:
            cat_id: The table's id.
            b_o: The owner of the table's book; the user without it.
            filter_row_ids: Ids of rows, or a filter such as {"applyViewFilters": 12}.
            tab_id: The tab that shows the table.
            view_id: Only the rows of this saved view.
            offset: How many rows to leave out at the beginning.
            max_rows: How many rows at most; 100 without it.
            format: By columns, or by rows, where fields of one name cannot be told apart.
            max_comments: How many comments of a cell at most.
            get_all_views: Also all views of the table.
            get_dependencies: Also what the table's links lead to.
            from_field_id: The link field by which the table is reached.
            encrypted_field_passwords: Field id to password, to unlock encrypted fields.
            field_ids: Only these fields.
            skip_authorization_for_files: Addresses of files that need no session.
            o_u_sesskey: Another session, of the user that acts.
        """
        form = {
            "o_u_sesskey": o_u_sesskey,
            "b_o": b_o or OWN,
            "catId": cat_id,
            "filterRowIds": wire_filter(filter_row_ids),
            "tabId": tab_id,
            "viewId": view_id,
            "offset": offset,
            "maxRows": max_rows,
            "format": format,
            "maxComments": max_comments,
            "getAllViews": get_all_views,
            "getDependencies": get_dependencies,
            "fromFieldId": from_field_id,
            "encryptedFieldPasswords": encrypted_field_passwords,
            "fieldIds": field_ids,
            "skipAuthorizationForFiles": skip_authorization_for_files,
        }
        return await self._page("getTableValues", form)

    async def table_columns(
        self,
        cat_id: int,
        *,
        b_o: str | None = None,
        filter_row_ids: list[int] | Filter | None = None,
        tab_id: int | None = None,
        offset: int | None = None,
        max_rows: int | None = None,
    ) -> SomeValues:
        """As `get_table_values`, by columns where they are even and as documented: for who keeps
        many rows, and looks at few.
        """
        form = {
            "b_o": b_o or OWN,
            "catId": cat_id,
            "filterRowIds": wire_filter(filter_row_ids),
            "tabId": tab_id,
            "offset": offset,
            "maxRows": max_rows,
        }

        def take(answer: Response) -> SomeValues:
            return read_columns(lambda decode: self.accepted("getTableValues", answer, decode))

        marked = operations_of(type(self))["get_table_values"]
        return await carried_out(marked, self.ask("getTableValues", form, take))

    async def _page(self, request: str, form: dict[str, object]) -> TableValues:
        def take(answer: Response) -> TableValues:
            return read_page(lambda decode: self.accepted(request, answer, decode))

        return await self.ask(request, form, take)

    def table_pages(
        self,
        cat_id: int,
        *,
        b_o: str | None = None,
        filter_row_ids: list[int] | Filter | None = None,
        tab_id: int | None = None,
        view_id: int | None = None,
        field_ids: list[int] | None = None,
        start: int = 0,
        size: int = SIZE,
        at_once: int = AT_ONCE,
    ) -> AsyncGenerator[TablePage[TableValues], None]:
        """Every page of a table in order, several requests under way at once.

        Begins after `start` rows. Use it inside `contextlib.aclosing`: leaving that gives up what
        is still under way. A page that breaks off is asked for again, as every read is. Where
        rows are added or deleted meanwhile one may come twice or not at all: the pages' totals
        and stamps tell that something changed.
        """

        async def fetch(offset: int, count: int) -> TableValues:
            return await self.get_table_values(
                cat_id,
                b_o=b_o,
                filter_row_ids=filter_row_ids,
                tab_id=tab_id,
                view_id=view_id,
                field_ids=field_ids,
                offset=offset,
                max_rows=count,
            )

        some = filter_row_ids is not None or tab_id is not None or view_id is not None
        return pages_in_order(fetch, counted=not some, start=start, size=size, at_once=at_once)

    @operation("timetonic.getNamedTableValues", "read")
    async def get_named_table_values(
        self,
        b_c: str,
        cat_code: str,
        *,
        b_o: str | None = None,
        field_codes: list[str] | None = None,
        filter_row_ids: list[int] | Filter | None = None,
        tab_id: int | None = None,
        offset: int | None = None,
        max_rows: int | None = None,
        format: Literal["columns", "rows"] | None = None,
        max_comments: int | None = None,
        get_all_views: bool | None = None,
        get_dependencies: bool | None = None,
    ) -> TableValues:
        """Get a page of a table's rows, the table and its fields named by sync codes.

        The answer is not documented; taken to be that of getTableValues.
        Source: seed document, getNamedTableValues; reference page, section 5.4.

        Args:
            b_c: The book's code.
            cat_code: The table's sync code.
            b_o: The book's owner; the user without it.
            field_codes: Sync codes of the fields; all without it.
            filter_row_ids: Ids of rows, or a filter such as {"applyViewFilters": 12}.
            tab_id: The tab that shows the table.
            offset: How many rows to leave out at the beginning.
            max_rows: How many rows at most; 100 without it.
            format: By columns, or by rows.
            max_comments: How many comments of a cell at most.
            get_all_views: Also all views of the table.
            get_dependencies: Also what the table's links lead to.
        """
        form = {
            "b_c": b_c,
            "b_o": b_o or OWN,
            "catCode": cat_code,
            "fieldCodes": None if field_codes is None else ",".join(field_codes),
            "filterRowIds": wire_filter(filter_row_ids),
            "tabId": tab_id,
            "offset": offset,
            "maxRows": max_rows,
            "format": format,
            "maxComments": max_comments,
            "getAllViews": get_all_views,
            "getDependencies": get_dependencies,
        }
        return await self._page("getNamedTableValues", form)

    @operation("timetonic.getTableRows", "read")
    async def get_table_rows(
        self,
        cat_id: int,
        *,
        b_o: str | None = None,
        tab_id: int | None = None,
        row_ids: list[int] | None = None,
        page_size: int | None = None,
        page: int | None = None,
        get_table_info: bool | None = None,
    ) -> RowList:
        """List rows of a table in the way that is deprecated since version 6.47.

        The answer is not documented.
        Source: seed document, getTableRows.

        Args:
            cat_id: The table's id.
            b_o: The owner of the table's book; the user without it.
            tab_id: The tab that shows the table; in the document's example only.
            row_ids: Only these rows.
            page_size: How many rows a page has; 100 without it.
            page: 1 is the first page.
            get_table_info: Also the table itself.
        """
        form = {
            "b_o": b_o or OWN,
            "catId": cat_id,
            "tabId": tab_id,
            "rowIds": ids(row_ids),
            "pageSize": page_size,
            "page": page,
            "getTableInfo": get_table_info,
        }
        return read_row_list(await self.call("getTableRows", form))

    @operation("timetonic.listTableRowsById", "read")
    async def list_table_rows_by_id(
        self,
        cat_id: int,
        *,
        b_o: str | None = None,
        view_id: int | None = None,
        format: Literal["columns", "rows", "diff_ready_rows"] | None = None,
        max_rows: int | None = None,
        last_modified_after: int | None = None,
    ) -> RowList:
        """List the rows of a table by id and name; the way to learn which have changed.

        Not in the document but for its name; parameters as public clients send them.
        Source: seed document, index; reference page, sections 5.3 and 5.4.

        Args:
            cat_id: The table's id.
            b_o: The owner of the table's book; the user without it.
            view_id: Only the rows of this saved view.
            format: The form of the answer; all are read.
            max_rows: How many rows at most.
            last_modified_after: Only rows that changed after this server stamp.
        """
        if last_modified_after is not None:
            try:
                moment_of(last_modified_after)
            except (ValueError, OverflowError, OSError):
                raise InvalidArgument("last_modified_after is no server stamp") from None
        form = {
            "b_o": b_o or OWN,
            "catId": cat_id,
            "viewId": view_id,
            "format": format,
            "maxRows": max_rows,
            "lastModifiedAfter": last_modified_after,
        }
        return read_row_list(await self.call("listTableRowsById", form))


def wire_filter(value: list[int] | Filter | None) -> object:
    """`filterRowIds` has four forms: ids, {"row_ids"}, a saved view's filter, a filter's tree."""
    if isinstance(value, dict):
        for name in value:
            one_of("filter_row_ids", str(name), ("row_ids", "applyViewFilters"))
        return value
    return ids(value)

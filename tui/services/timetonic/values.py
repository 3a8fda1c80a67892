"""TimeTonic's requests for single values and for what the service works out from a table.

Source: seed document, "Access / Change Information via POST"; reference page, section 5.4.
"""

from __future__ import annotations

from tui.services.operation import operation
from tui.services.reading import read
from tui.services.timetonic.dialect import OWN, TimeTonicDialect, ids
from tui.services.timetonic.table_reading import read_references
from tui.services.timetonic.table_records import (
    Computed,
    PivotValues,
    ReferenceValues,
    Rendered,
    Subset,
)
from tui.services.timetonic.tables import Filter, wire_filter


class ValueOperations(TimeTonicDialect):
    """Subsets, references, sums, smart texts, summaries."""

    @operation("timetonic.getTableValueSubset", "read")
    async def get_table_value_subset(
        self, cat_id: int, field_ids: list[int], row_ids: list[int], *, b_o: str | None = None
    ) -> Subset:
        """Get some fields of some rows as bare texts.

        Whether the inner arrays are rows or columns is not documented.
        Source: seed document, getTableValueSubset; reference page, section 5.4.

        Args:
            cat_id: The table's id.
            field_ids: Which fields.
            row_ids: Which rows.
            b_o: The owner of the table's book; the user without it.
        """
        form = {
            "b_o": b_o or OWN,
            "catId": cat_id,
            "fieldIds": ids(field_ids),
            "rowIds": ids(row_ids),
        }
        return read(Subset, await self.call("getTableValueSubset", form))

    @operation("timetonic.getReferenceFieldValues", "read")
    async def get_reference_field_values(
        self,
        field_id: int,
        *,
        b_o: str | None = None,
        tab_id: int | None = None,
        view_id: int | None = None,
        from_field_id: int | None = None,
        offset: int | None = None,
        max_rows: int | None = None,
    ) -> ReferenceValues:
        """List what a link field may take.

        The document's form names tabId, its example viewId: either can be given. The answer
        is not documented.
        Source: seed document, getReferenceFieldValues; reference page, section 5.4.

        Args:
            field_id: The link field.
            b_o: The owner of the table's book; the user without it.
            tab_id: The tab that shows the linked table.
            view_id: The view of the linked table.
            from_field_id: The link field by which the table is reached.
            offset: How many to leave out at the beginning.
            max_rows: How many at most.
        """
        form = {
            "b_o": b_o or OWN,
            "fieldId": field_id,
            "tabId": tab_id,
            "viewId": view_id,
            "fromFieldId": from_field_id,
            "offset": offset,
            "maxRows": max_rows,
        }
        return read_references(await self.call("getReferenceFieldValues", form))

    @operation("timetonic.computeTableOperation", "read")
    async def compute_table_operation(
        self,
        cat_id: int,
        operation: str = "count",
        *,
        b_o: str | None = None,
        tab_id: int | None = None,
        field_id: int | None = None,
        filter_row_ids: list[int] | Filter | None = None,
    ) -> Computed:
        """Compute something over the rows of a table, for instance count them.

        The answer is not documented.
        Source: seed document, computeTableOperation; reference page, section 5.4.

        Args:
            cat_id: The table's id.
            operation: count; others, such as sum and average, are mentioned nowhere officially.
            b_o: The owner of the table's book; the user without it.
            tab_id: The tab that shows the table; in the document's example only.
            field_id: The field to compute over; not in the document.
            filter_row_ids: Ids of rows, or a filter.
        """
        form = {
            "b_o": b_o or OWN,
            "catId": cat_id,
            "operation": operation,
            "tabId": tab_id,
            "fieldId": field_id,
            "filterRowIds": wire_filter(filter_row_ids),
        }
        answer = await self.call("computeTableOperation", form)
        if "result" not in answer:
            value = next((answer[name] for name in (operation, "value") if name in answer), None)
            answer = {**answer, "result": value}
        return read(Computed, answer)

    @operation("timetonic.renderSmartTextField", "read")
    async def render_smart_text_field(
        self,
        cat_id: int,
        row_id: int,
        field_id: int,
        *,
        b_o: str | None = None,
        bypass_url_trigger: bool | None = None,
    ) -> Rendered:
        """Get a smart text with the row's values filled in.

        The document's form calls the table `value`, its example catId: catId is sent. The
        answer is not documented; HTML in it is text to be shown as text.
        Source: seed document, renderSmartTextField; reference page, section 5.4.

        Args:
            cat_id: The table's id.
            row_id: The row.
            field_id: The smart text field.
            b_o: The owner of the table's book; the user without it.
            bypass_url_trigger: Whether to leave out the table's webhooks.
        """
        form = {
            "b_o": b_o or OWN,
            "catId": cat_id,
            "rowId": row_id,
            "fieldId": field_id,
            "bypassUrlTrigger": bypass_url_trigger,
        }
        return read(Rendered, await self.call("renderSmartTextField", form))

    @operation("timetonic.getTablePivotValues", "read")
    async def get_table_pivot_values(
        self, cat_id: int, *, b_o: str | None = None, tab_id: int | None = None
    ) -> PivotValues:
        """Get the values of a summary table.

        Parameters and answer are not documented; the raw values are kept.
        Source: seed document, index.

        Args:
            cat_id: The summary table's id.
            b_o: The owner of the table's book; the user without it.
            tab_id: The tab that shows it.
        """
        form = {"b_o": b_o or OWN, "catId": cat_id, "tabId": tab_id}
        return read(PivotValues, await self.call("getTablePivotValues", form))

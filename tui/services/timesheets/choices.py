"""Values that the Timesheets document lists for its parameters."""

from __future__ import annotations

from typing import Literal

Sex = Literal["male", "female"]
Order = Literal["asc", "desc"]
Unit = Literal["minutes", "hours", "days", "weeks", "months", "years"]
Progress = Literal["new", "in-progress", "cancelled", "done"]
InvoiceStatus = Literal["new", "paid"]
EntryStatus = Literal["in-progress", "rejected", "approved"]
PaymentStatus = Literal["pending", "payed"]
Activity = Literal["active", "inactive"]
Integrations = Literal["qbo", "xero", "adp"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

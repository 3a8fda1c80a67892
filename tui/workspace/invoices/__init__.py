"""Invoices: clients, work, what is billed and paid (iBuildApp Timesheets)."""

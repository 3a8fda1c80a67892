"""Random invoices, their sums reckoned another way, and what is written read back."""

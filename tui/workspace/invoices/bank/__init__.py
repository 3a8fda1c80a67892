"""What a bank says came in: its files read, and held against the invoices. Pure."""

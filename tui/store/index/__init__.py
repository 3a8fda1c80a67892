"""The search index: documents of any kind, found by parts of their words; it knows no service."""

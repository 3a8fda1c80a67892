"""Books: tables, their rows and cells, and what is said in a book (TimeTonic)."""

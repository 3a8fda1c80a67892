"""What is known of the changes of TimeTonic: rows, comments, messages."""

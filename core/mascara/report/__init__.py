"""Status, summary, pictures and mail of a night, from journal and products."""

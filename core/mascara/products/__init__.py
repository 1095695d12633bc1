"""Files a night leaves behind."""

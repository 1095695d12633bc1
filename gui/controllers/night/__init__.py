"""Between the workspace of a night and its desk."""

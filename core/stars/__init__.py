"""Star catalogues and apparent places."""

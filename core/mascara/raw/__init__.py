"""Raw frames: names, headers, counts."""

"""Profile, raster and controls of the fold."""

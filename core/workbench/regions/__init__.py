"""The regions on the picture: opened, saved, measured, snapped to stars."""

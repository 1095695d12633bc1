"""Regions on the picture and in their table."""

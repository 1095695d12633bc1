"""Regions on the picture: painted, and moved by the observer's hand."""

"""Regions in the words of DS9: shapes, files, and which pixels they hold."""

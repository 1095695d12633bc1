"""Regions of a capture folded on a par file, the same live and afterwards."""

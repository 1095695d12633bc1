"""The use-cases: open, follow, play, show, calibrate, export."""

from .workbench import Workbench

__all__ = ["Workbench"]

"""The reduction of a night: units, their driver and its journal."""

"""The night at a glance: tiles of the cameras, grid of the batches, alarms and messages."""

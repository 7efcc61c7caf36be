"""The room of forums."""

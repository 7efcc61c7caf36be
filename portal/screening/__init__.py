"""The room of screening."""

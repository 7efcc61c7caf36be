"""The room of procurement."""

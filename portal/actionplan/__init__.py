"""The room of actionplan."""

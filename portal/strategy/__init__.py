"""The room of strategy."""

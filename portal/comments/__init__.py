"""The room of comments."""

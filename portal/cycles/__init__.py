"""The room of cycles."""

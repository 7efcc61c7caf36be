"""The room of rulebook."""

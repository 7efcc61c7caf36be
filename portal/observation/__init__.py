"""The room of observation."""

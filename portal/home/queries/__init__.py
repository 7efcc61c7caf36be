"""Reads of the front page: ``city`` for what goes on now, ``search`` for finding things."""

"""Reads of the dossier: ``ideas`` for one item, ``places`` for a district and a community."""

"""Reads of the dossier: ``ideas`` for one item, ``districts`` and ``communities`` for places."""

"""Reads of the dossier: ``ideas`` for one item, ``districts`` and ``communities`` for places, ``strategy`` for a line
of the strategy."""

"""Reads of the dossier: ``ideas`` for one item, ``districts`` and ``communities`` for places, ``strategy`` for a line
of the strategy."""

from portal.dossier.queries.afterwards import turns_of_items

AFTERWARDS = {"item": turns_of_items}

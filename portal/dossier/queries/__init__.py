"""Reads of the dossier: ``ideas`` for one item, ``districts`` and ``communities`` for places, ``strategy`` for a line
of the strategy."""

from portal.dossier.queries.afterwards import turns_of_issues, turns_of_items

AFTERWARDS = {"issue": turns_of_issues, "item": turns_of_items}

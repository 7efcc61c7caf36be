"""Contracting in the open: processes, their sixteen steps, the days the law asks for, documents, remarks on draft terms.

Words: a *process* buys for one or more projects; a *step* has a planned and an actual day; a *rule* warns before it is
broken and an *override* says in public why somebody went on. Looks back at action plans, comments and the rulebook;
citizen observers are the next room.
"""

"""The fiscal-year cycle of a district, and the rules everybody plays by.

Words: a *cycle* is one fiscal year (Buddhist Era) of one district; a *phase* is a window of it; the *rules* (phases,
money, criteria, deadlines) are put forward by one person as a *proposal* and become an *edition* when a second person
confirms them. An edition is never changed: it is hashed, and a change is a new edition with a reason.

Neighbours: looks back at places (districts) and accounts (who may). Forums, plans, screening and the action plan ask
``queries.require_open`` and ``queries.rules``; a phase without an edition published before it starts stays closed.
"""

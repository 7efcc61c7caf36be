"""Public forums (เวทีประชาคม): announced, held, recorded; where every idea begins.

Words: a *forum* belongs to a community or, without one, to its district; its *attendance* are figures by sex and age
band, its *attendees* a private list of names; an *issue* is what the people raised, with a hand-count of votes.

Neighbours: looks back at places, accounts (leaders), notifications (followers hear of it) and cycles (the phase of
forums). Plans pull issues and recorded forums through ``queries``.
"""

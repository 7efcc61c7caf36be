"""Reading the ledger: what was decided, by whom, when, and whether the record is whole.

Words: an *entry* is one event; the *head* is the newest entry's number and hash. Only against a head that somebody kept
outside is a change by the database's owner provable, so the head is public.

Neighbours: a reading room. It reads the ledger of the core, the names of ``accounts`` and the districts of ``places``;
nobody looks at it.
"""

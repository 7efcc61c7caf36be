"""The demonstration: a clock that can be moved, a mailbox that can be read, and the data to look at.

Words: the *demo clock* shifts :mod:`portal.core.clock` so that legal waits can be clicked through; the *mailbox* shows
the mails that would have been sent. The room is registered only when ``PORTAL_ENV=demo``. It may look at every room;
nobody looks at it.
"""

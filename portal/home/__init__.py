"""Home: the front page, the one search over everything, and the pages about the portal itself.

A reading room: it owns no table. The front page says what is going on in the city now; its figures are the same for
everybody and shared for as long as a page is kept (``portal.core.memo``). Search asks the registry of topics, so a new
room is found as soon as it registers its kind.
"""

"""Everything to take along: what data there is, in which formats, under which licence, and how to check it.

Words: a *dataset* of the catalogue has *distributions* (addresses in a format); a *download* is a file made by the worker
from all releases of a district or of the city. A reading room: it looks at all rooms and shows what everybody may see.
"""

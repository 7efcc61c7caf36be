"""Places: districts (เขต), sub-districts (แขวง) and communities (ชุมชน) of Bangkok.

The first room: everything else happens somewhere, so every later room may look here and this one looks at nobody.
Words: a *district* is an administrative area with its own office, a *sub-district* a part of it, a *community* a
registered neighbourhood with a committee. What is going on in a place is told by the rooms of reading (``dossier``).
The 50 districts and 180 sub-districts are carried in ``data/``; communities are imported (``flask places import``).
"""

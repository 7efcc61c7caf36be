"""Glossary: the official words, each paired with the one English word the code uses, and explained plainly.

The smallest room, and the one to read first: terms in a file, a pure module that reads them, one view, one page. It
asks no other room for anything; pages lead here from a dotted word (``details_term`` in ``components/ui.html``).
``terms.csv`` is the one source; ``docs/glossary.md`` is written from it (``python -m portal.glossary.terms``).
"""

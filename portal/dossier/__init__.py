"""Dossier: everything that is known of one idea, one community, one district, on one page each.

A reading room: it joins what the other rooms hold and owns no table. Every page shows the same to everybody, and only
what is public: plans that were handed in, decisions that were released, action plans from their hearing on.
Words: a *story* is the way of one item from the forum to the acceptance; its *fate* is where that way has got to.
"""

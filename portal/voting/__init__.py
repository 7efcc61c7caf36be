"""Votes on accepted items, counted so that anyone can check the result.

Words follow Pabulib and the literature: project, cost, budget, ballot, greedy, Method of Equal Shares, endowment, price,
completion (``docs/glossary.md``). ``pabulib`` reads elections, ``greedy`` and ``equal_shares`` count them exactly,
``ties`` decides between equals, ``tally`` puts a stated rule together.
"""

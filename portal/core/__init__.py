"""What every room stands on: database, clock, calendar, money, Thai text, ledger, workflow. No Flask, no domain words."""

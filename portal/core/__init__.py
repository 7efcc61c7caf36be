"""What every room stands on: no Flask, no words of a domain."""

"""What happened in each fiscal year of the demonstration; every module has ``play(stage)``."""

"""ร่วมงบ: participatory budgeting for Bangkok."""

"""The compiled loops of a week: each applies the rules of one mechanism to everybody. No rule is written here."""

"""What a facility is and what may happen to it: tables, rules, uploads, evaluation."""

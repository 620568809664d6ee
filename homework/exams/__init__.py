"""Exams on paper, oral cards, handed-in predictions, and the concept inventory."""

"""Two answers to judge: three items for each chapter, whose right verdict changes with the seed.

Each item draws one of two or three situations. Its four claims stay the same and are about
equally long; the numbers of the situation, computed, say which one is right.
"""

"""What only training needs: corpora, losses, evaluation; it imports the rest, and nothing imports it."""

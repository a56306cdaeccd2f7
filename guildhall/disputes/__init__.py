"""Cases between the two sides of a contract: offers and rulings."""

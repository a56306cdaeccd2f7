"""Pages about money: the wallet, paying in, being paid, and the practice bank's own page."""

"""Who is told what, in the hall and by e-mail."""

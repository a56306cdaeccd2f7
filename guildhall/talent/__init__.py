"""Worker profiles as offers: title, overview, skills, rate."""

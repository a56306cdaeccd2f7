"""What the hall holds on a person: asks every package through a registry."""

"""What happens to one child, family, worker or case: small pure scalar functions, one mechanism a file."""

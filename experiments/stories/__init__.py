"""Stories: one child's life and one worker's week under several regimes, in sentences drawn from the run."""

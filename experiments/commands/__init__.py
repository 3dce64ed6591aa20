"""The commands of ``ecology``, one file each. They import the model and the libraries only when they run."""

"""Commands and their options, one group a file. What a command does is imported when it runs."""
